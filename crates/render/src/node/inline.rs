//! `string`, `link` and `img`: pieces of a text or of an item of a list.

use tidings_template::Template;

use super::Node;
use crate::RenderError;
use crate::compile::{Fields, Style};
use crate::css::Kind;
use crate::mail::TextStyle;
use crate::mail::{Mail, Span};
use crate::richtext;
use crate::scene::Scene;
use crate::telling::{self, Telling, Words, leads};

/// How a piece looks.
#[derive(Debug)]
struct Looks {
    color: Option<Style>,
    highlight: Option<Style>,
    font_size: Option<Style>,
    bold: bool,
    italic: bool,
    strike: bool,
    underline: bool,
}

impl Looks {
    fn read(fields: &mut Fields<'_>) -> Self {
        Self {
            color: fields.style(&["color"], Kind::Color),
            highlight: fields.style(&["highlight"], Kind::Color),
            font_size: fields.style(&["font_size"], Kind::Length),
            bold: fields.flag("bold"),
            italic: fields.flag("italic"),
            strike: fields.flag("strikethrough"),
            underline: fields.flag("underline"),
        }
    }

    fn span(&self, scene: &mut Scene<'_>) -> Result<Span, RenderError> {
        Ok(Span {
            color: scene.style(self.color.as_ref())?,
            highlight: scene.style(self.highlight.as_ref())?,
            font_size: scene.style(self.font_size.as_ref())?,
            bold: self.bold,
            italic: self.italic,
            strike: self.strike,
            underline: self.underline,
        })
    }

    fn tell(&self, words: Words) -> Words {
        words
            .styled(richtext::Style::Strike, self.strike)
            .styled(richtext::Style::Italic, self.italic)
            .styled(richtext::Style::Bold, self.bold)
    }
}

#[derive(Debug)]
struct Plain {
    content: Template,
    looks: Looks,
}

/// Reads a `string`.
pub(super) fn string(fields: &mut Fields<'_>) -> Option<Box<dyn Node>> {
    let looks = Looks::read(fields);
    Some(Box::new(Plain {
        content: fields.required("content")?,
        looks,
    }))
}

impl Node for Plain {
    fn draw(&self, mail: &mut Mail, scene: &mut Scene<'_>) -> Result<(), RenderError> {
        let span = self.looks.span(scene)?;
        let html = scene.text_html(&self.content)?;
        mail.words(&span, &html);
        Ok(())
    }

    fn tell(&self, telling: &mut Telling, scene: &mut Scene<'_>) -> Result<(), RenderError> {
        let words = Words(vec![telling::Span::Text(scene.text(&self.content)?)]);
        telling.text(TextStyle::Text, self.looks.tell(words));
        Ok(())
    }
}

#[derive(Debug)]
struct Link {
    content: Template,
    href: Template,
    looks: Looks,
    untracked: bool,
}

/// Reads a `link`.
pub(super) fn link(fields: &mut Fields<'_>) -> Option<Box<dyn Node>> {
    let looks = Looks::read(fields);
    let untracked = fields.flag("disable_tracking");
    let (content, href) = (fields.required("content"), fields.required("href"));
    Some(Box::new(Link {
        content: content?,
        href: href?,
        looks,
        untracked,
    }))
}

impl Node for Link {
    fn draw(&self, mail: &mut Mail, scene: &mut Scene<'_>) -> Result<(), RenderError> {
        let span = self.looks.span(scene)?;
        let html = scene.text_html(&self.content)?;
        let href = scene.shown_link(&self.href, "text", self.untracked)?;
        mail.linked_words(&span, &href, &html);
        Ok(())
    }

    fn tell(&self, telling: &mut Telling, scene: &mut Scene<'_>) -> Result<(), RenderError> {
        let label = Words(vec![telling::Span::Text(scene.text(&self.content)?)]);
        let href = scene.told_link(&self.href, "text", self.untracked)?;
        let words = Words(vec![telling::Span::Link { href, label }]);
        telling.text(TextStyle::Text, self.looks.tell(words));
        Ok(())
    }
}

#[derive(Debug)]
struct Img {
    src: Template,
    href: Option<Template>,
    alt: Option<Template>,
    width: Option<Style>,
    untracked: bool,
}

/// Reads an `img`.
pub(super) fn img(fields: &mut Fields<'_>) -> Option<Box<dyn Node>> {
    let untracked = fields.flag("disable_tracking");
    let href = fields.template("href").filter(|href| !href.is_empty());
    let alt = fields.either("alt_text", "altText");
    let width = fields.style(&["width"], Kind::Length);
    Some(Box::new(Img {
        src: fields.required("src")?,
        href,
        alt,
        width,
        untracked,
    }))
}

impl Img {
    fn alt(&self, scene: &mut Scene<'_>) -> Result<String, RenderError> {
        self.alt.as_ref().map_or(Ok(String::new()), |alt| scene.text(alt))
    }
}

impl Node for Img {
    fn draw(&self, mail: &mut Mail, scene: &mut Scene<'_>) -> Result<(), RenderError> {
        let src = scene.link(&self.src, "image")?;
        let href = self
            .href
            .as_ref()
            .map(|href| scene.shown_link(href, "image", self.untracked))
            .transpose()?;
        let (alt, width) = (self.alt(scene)?, scene.style(self.width.as_ref())?);
        if leads(&src) {
            mail.small_picture(&src, href.as_deref(), &alt, width.as_deref());
        }
        Ok(())
    }

    fn tell(&self, telling: &mut Telling, scene: &mut Scene<'_>) -> Result<(), RenderError> {
        let alt = self.alt(scene)?;
        let href = self.href.as_ref().map(|href| scene.link(href, "image")).transpose()?;
        let text = telling::Span::Text(alt);
        let span = match href.filter(|href| leads(href)) {
            Some(href) => telling::Span::Link {
                href,
                label: Words(vec![text]),
            },
            None => text,
        };
        telling.text(TextStyle::Text, Words(vec![span]));
        Ok(())
    }
}
