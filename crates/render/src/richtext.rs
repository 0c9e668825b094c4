//! Text with emphasis and links, ready for HTML or for plain words.

mod markdown;

use tidings_template::{Escape, Template};

use crate::RenderError;
use crate::scene::Scene;

/// A run of inline pieces.
#[derive(Debug, Default)]
pub(crate) struct RichText(Vec<Inline>);

/// A piece of text.
#[derive(Debug)]
pub(crate) enum Inline {
    Text(Template),
    Code(Template),
    Break,
    Styled(Style, RichText),
    Link { href: Template, label: RichText },
}

/// Kinds of emphasis.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Style {
    Bold,
    Italic,
    Strike,
}

impl Style {
    const fn tag(self) -> &'static str {
        match self {
            Self::Bold => "strong",
            Self::Italic => "em",
            Self::Strike => "s",
        }
    }
}

impl RichText {
    /// Reads the inline part of markdown. Variables are set aside, so that their values are never markup.
    pub(crate) fn markdown(template: &Template) -> Self {
        markdown::parse(template)
    }

    /// Text whose line breaks are its only markup.
    pub(crate) fn plain(template: &Template) -> Self {
        let masked = template.masked();
        let mut pieces = Vec::new();
        for (index, line) in masked.lines().enumerate() {
            if index > 0 {
                pieces.push(Inline::Break);
            }
            pieces.push(Inline::Text(template.unmask(line)));
        }
        Self(pieces)
    }

    /// Appends it as HTML. `link` is the style of links, and `class` their class.
    pub(crate) fn html(
        &self,
        out: &mut String,
        link: &str,
        class: &str,
        scene: &mut Scene<'_>,
    ) -> Result<(), RenderError> {
        for piece in &self.0 {
            match piece {
                Inline::Text(text) => out.push_str(&scene.text_html(text)?),
                Inline::Code(text) => {
                    out.push_str("<code style=\"font-family:Menlo,Consolas,monospace;font-size:0.95em\">");
                    out.push_str(&scene.text_html(text)?);
                    out.push_str("</code>");
                }
                Inline::Break => out.push_str("<br>"),
                Inline::Styled(style, inner) => {
                    let tag = style.tag();
                    out.extend(["<", tag, ">"]);
                    inner.html(out, link, class, scene)?;
                    out.extend(["</", tag, ">"]);
                }
                Inline::Link { href, label } => {
                    out.extend(["<a class=\"", class, "\" href=\""]);
                    Escape::Html.push(out, &scene.link(href, "text")?);
                    out.extend(["\" style=\"", link, "\">"]);
                    label.html(out, link, class, scene)?;
                    out.push_str("</a>");
                }
            }
        }
        Ok(())
    }

    /// Appends it as plain words: links as `label (url)`, or once where label and URL are the same.
    pub(crate) fn words(&self, out: &mut String, scene: &mut Scene<'_>) -> Result<(), RenderError> {
        for piece in &self.0 {
            match piece {
                Inline::Text(text) | Inline::Code(text) => out.push_str(&scene.text(text)?),
                Inline::Break => out.push('\n'),
                Inline::Styled(_, inner) => inner.words(out, scene)?,
                Inline::Link { href, label } => {
                    let mut words = String::new();
                    label.words(&mut words, scene)?;
                    let href = scene.link(href, "text")?;
                    out.push_str(&labelled(&words, &href));
                }
            }
        }
        Ok(())
    }
}

/// A link in plain words.
fn labelled(label: &str, href: &str) -> String {
    let bare = href
        .strip_prefix("mailto:")
        .or_else(|| href.strip_prefix("tel:"))
        .unwrap_or(href);
    if matches!(href, "" | "#") || label == href || label == bare {
        label.to_owned()
    } else if label.trim().is_empty() {
        href.to_owned()
    } else {
        format!("{label} ({href})")
    }
}
