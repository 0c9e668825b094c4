//! Text with emphasis and links, ready for HTML or for plain words.

mod blocks;
mod flow;
mod markdown;

use tidings_template::{Escape, Piece, Template};

pub(crate) use self::blocks::{TextBlock, blocks};

use self::flow::Flow;
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
    Link {
        href: Template,
        label: RichText,
    },
    /// A block of the template language.
    Flow(Flow),
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

impl Inline {
    /// A stretch of text, its blocks apart; `read` reads their branches.
    fn texts(template: Template, read: fn(&Template) -> RichText) -> impl Iterator<Item = Self> {
        template.into_pieces().into_iter().map(move |piece| match piece {
            Piece::Text(text) => Self::Text(text),
            Piece::Block(block) => Self::Flow(Flow::new(block, read)),
        })
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
        Self::lines(template, masked.lines())
    }

    /// The same for a branch of a block, whose last line end counts.
    fn plain_branch(template: &Template) -> Self {
        let masked = template.masked();
        Self::lines(
            template,
            masked.split('\n').map(|line| line.strip_suffix('\r').unwrap_or(line)),
        )
    }

    fn lines<'s>(template: &Template, lines: impl Iterator<Item = &'s str>) -> Self {
        let mut pieces = Vec::new();
        for (index, line) in lines.enumerate() {
            if index > 0 {
                pieces.push(Inline::Break);
            }
            pieces.extend(Inline::texts(template.unmask(line), Self::plain_branch));
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
        let start = out.len();
        self.push_html(out, link, class, scene)?;
        while self.ends_in_flow() && out.get(start..).is_some_and(|html| html.ends_with("<br>")) {
            out.truncate(out.len() - "<br>".len());
        }
        Ok(())
    }

    /// How many steps it counts to print it once more, in a block: its pieces, by how much markup they write.
    fn weight(&self) -> u32 {
        let weigh = |piece: &Inline| match piece {
            // A block counts each of its turns itself.
            Inline::Text(_) | Inline::Break | Inline::Flow(_) => 1,
            Inline::Code(_) => 5,
            Inline::Styled(_, inner) => inner.weight().saturating_add(2),
            Inline::Link { label, .. } => label.weight().saturating_add(20),
        };
        self.0.iter().map(weigh).fold(1, u32::saturating_add)
    }

    /// Whether a block comes last: the line end of its last turn is one too many.
    fn ends_in_flow(&self) -> bool {
        matches!(self.0.last(), Some(Inline::Flow(_)))
    }

    fn push_html(&self, out: &mut String, link: &str, class: &str, scene: &mut Scene<'_>) -> Result<(), RenderError> {
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
                    inner.push_html(out, link, class, scene)?;
                    out.extend(["</", tag, ">"]);
                }
                Inline::Link { href, label } => {
                    let href = scene.shown_link(href, "text", false)?;
                    // Where there is nowhere to go, as for the preferences of somebody unknown, the words stand alone.
                    if href.is_empty() {
                        label.push_html(out, link, class, scene)?;
                        continue;
                    }
                    out.extend(["<a class=\"", class, "\" href=\""]);
                    Escape::Html.push(out, &href);
                    out.extend(["\" style=\"", link, "\">"]);
                    label.push_html(out, link, class, scene)?;
                    out.push_str("</a>");
                }
                Inline::Flow(flow) => flow.run(scene, &mut |text, scene| text.push_html(out, link, class, scene))?,
            }
        }
        Ok(())
    }

    /// Fills in the values.
    pub(crate) fn fill(&self, scene: &mut Scene<'_>) -> Result<Words, RenderError> {
        let mut spans = Vec::with_capacity(self.0.len());
        self.push_spans(&mut spans, scene)?;
        while self.ends_in_flow() && spans.last() == Some(&Span::Break) {
            spans.pop();
        }
        Ok(Words(spans))
    }

    fn push_spans(&self, spans: &mut Vec<Span>, scene: &mut Scene<'_>) -> Result<(), RenderError> {
        for piece in &self.0 {
            spans.push(match piece {
                Inline::Text(text) => Span::Text(scene.text(text)?),
                Inline::Code(text) => Span::Code(scene.text(text)?),
                Inline::Break => Span::Break,
                Inline::Styled(style, inner) => Span::Styled(*style, inner.inside(scene)?),
                Inline::Link { href, label } => {
                    let label = label.inside(scene)?;
                    let href = scene.told_link(href, "text", false)?;
                    if href.is_empty() {
                        spans.extend(label.0);
                        continue;
                    }
                    Span::Link { href, label }
                }
                Inline::Flow(flow) => {
                    flow.run(scene, &mut |text, scene| text.push_spans(spans, scene))?;
                    continue;
                }
            });
        }
        Ok(())
    }

    /// Fills in the values of what stands inside something else.
    fn inside(&self, scene: &mut Scene<'_>) -> Result<Words, RenderError> {
        let mut spans = Vec::with_capacity(self.0.len());
        self.push_spans(&mut spans, scene)?;
        Ok(Words(spans))
    }
}
