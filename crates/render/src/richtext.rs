//! Text with emphasis and links, ready for HTML or for plain words.

mod markdown;

use tidings_template::{Escape, Template};

use crate::RenderError;
use crate::scene::Scene;
use crate::telling::{Span, Words};

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

    /// Fills in the values.
    pub(crate) fn fill(&self, scene: &mut Scene<'_>) -> Result<Words, RenderError> {
        let mut spans = Vec::with_capacity(self.0.len());
        for piece in &self.0 {
            spans.push(match piece {
                Inline::Text(text) => Span::Text(scene.text(text)?),
                Inline::Code(text) => Span::Code(scene.text(text)?),
                Inline::Break => Span::Break,
                Inline::Styled(style, inner) => Span::Styled(*style, inner.fill(scene)?),
                Inline::Link { href, label } => {
                    let label = label.fill(scene)?;
                    Span::Link {
                        href: scene.link(href, "text")?,
                        label,
                    }
                }
            });
        }
        Ok(Words(spans))
    }
}
