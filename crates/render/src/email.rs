//! Putting a mail together: subject, page and text part.

use tidings_types::rendered::Email;

use crate::brand::{Look, Piece, look_of};
use crate::mail::{Filled, Mail, Parts, Theme};
use crate::node::Element;
use crate::note::Note;
use crate::plain::Plain;
use crate::scene::Scene;
use crate::telling::Telling;
use crate::{RenderError, link};

/// The subject of a mail that has none.
pub(crate) const NO_SUBJECT: &str = "(no subject)";

/// The mail that elements make.
pub(crate) fn email(
    elements: &[&Element],
    telling: &Telling,
    mut plain: Plain,
    scene: &mut Scene<'_>,
) -> Result<Email, RenderError> {
    let request = *scene.request();
    let subject = telling.title.clone().filter(|title| !title.trim().is_empty());
    let subject = subject.unwrap_or_else(|| NO_SUBJECT.to_owned());
    let preview = telling.opening().unwrap_or_else(|| plain.opening().to_owned());
    let look = look_of(request.brand);
    for note in request.brand.into_iter().flat_map(crate::PreparedBrand::notes) {
        scene.note(note.clone());
    }
    let (parts, words) = parts(&look, scene);
    let frame = parts.frame.is_some();
    let theme = Theme::new(look, parts, request.meta.locale.as_deref());
    // The same elements once more: they may not see what came after them the first time.
    scene.env().restart();
    let mut mail = Mail::new(theme);
    for element in elements {
        element.draw(&mut mail, scene)?;
    }
    if let Some(words) = words.filter(|_| !mail.is_own_document()) {
        plain.line(format!("---\n{words}"));
    }
    let html = if frame {
        mail.finish_in_frame(&subject, &preview)
    } else {
        mail.finish(&subject, &preview)
    };
    Ok(Email {
        subject,
        html,
        text: plain.body(),
        ..Email::default()
    })
}

/// The brand's parts with the values filled in, and the footer in plain words.
fn parts(look: &Look, scene: &mut Scene<'_>) -> (Parts, Option<String>) {
    let html = |scene: &mut Scene<'_>, part: &'static str, template: Option<&tidings_template::Template>| {
        let template = template?;
        let filled = scene.html(template);
        kept(scene, part, filled)
    };
    let logo = look.logo.as_ref().and_then(|(image, href)| {
        let image = to(image, "email.header.logo.image", scene)?;
        let href = href.as_ref().and_then(|href| to(href, "email.header.logo.href", scene));
        Some((image, href))
    });
    let mut parts = Parts {
        head: html(scene, "email.head", look.head.as_ref()),
        logo,
        header: html(scene, "email.templateOverride.header", look.header.as_ref()),
        own_footer: html(scene, "email.templateOverride.footer", look.own_footer.as_ref()),
        ..Parts::default()
    };
    let mut words = None;
    if let Some(footer) = &look.footer {
        let mut html = String::new();
        let filled = footer.html(&mut html, "color:inherit;text-decoration:underline", "", scene);
        parts.footer = kept(scene, "email.footer.markdown", filled).map(|()| html);
        let filled = footer.fill(scene);
        words = kept(scene, "email.footer.markdown", filled).map(|words| words.plain());
    }
    for (name, href) in &look.social {
        parts
            .social
            .extend(to(href, "email.footer.social", scene).map(|href| (*name, href)));
    }
    if let Some(frame) = &look.frame {
        let filled: Result<Vec<Filled>, RenderError> = frame
            .0
            .iter()
            .map(|piece| match piece {
                Piece::Html(template) => Ok(Filled::Html(scene.html(template)?)),
                Piece::Slot(slot) => Ok(Filled::Slot(*slot)),
            })
            .collect();
        parts.frame = kept(scene, "email.templateOverride.mjml", filled);
    }
    (parts, words)
}

/// A part of the brand, or a note that it had to be left out: a brand costs its part, never the mail.
fn kept<T>(scene: &mut Scene<'_>, part: &'static str, filled: Result<T, RenderError>) -> Option<T> {
    match filled {
        Ok(filled) => Some(filled),
        Err(error) => {
            scene.note(Note::Brand {
                part: part.to_owned(),
                reason: error.to_string(),
            });
            None
        }
    }
}

/// A link of the brand that leads somewhere.
fn to(template: &tidings_template::Template, part: &'static str, scene: &mut Scene<'_>) -> Option<String> {
    let filled = scene.text(template);
    let text = kept(scene, part, filled)?;
    link::safe(&text, tidings_types::Channel::Email).filter(|link| !link.is_empty())
}
