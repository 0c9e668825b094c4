//! Pieces of a line: words, links and small pictures with looks of their own.

use tidings_template::Escape;

use super::sheet::Part;
use super::style::class as class_attribute;
use super::{Css, FONTS, Mail};
use crate::color::{ink_on_dark, readable_on};
use crate::css::pixels;

/// How a piece looks, filled in.
#[derive(Debug, Default)]
pub(crate) struct Span {
    pub(crate) color: Option<String>,
    /// The ground behind the letters.
    pub(crate) highlight: Option<String>,
    pub(crate) font_size: Option<String>,
    pub(crate) bold: bool,
    pub(crate) italic: bool,
    pub(crate) strike: bool,
    pub(crate) underline: bool,
}

impl Mail {
    /// Draws pieces aside, on a ground and in a colour of their own, and gives back what was drawn.
    pub(crate) fn aside<E>(
        &mut self,
        background: Option<&str>,
        color: Option<&str>,
        draw: impl FnOnce(&mut Self) -> Result<(), E>,
    ) -> Result<String, E> {
        let ground = background.map_or_else(|| self.ground.clone(), |background| self.ground_of(background));
        let rows = std::mem::take(&mut self.rows);
        let ground = std::mem::replace(&mut self.ground, ground);
        let ink = std::mem::replace(&mut self.ink, color.map(str::to_owned));
        let drawn = draw(self);
        self.ink = ink;
        self.ground = ground;
        let inside = std::mem::replace(&mut self.rows, rows);
        drawn.map(|()| inside)
    }

    /// Draws what is HTML already.
    pub(crate) fn push(&mut self, html: &str) {
        self.rows.push_str(html);
    }

    /// Draws words.
    pub(crate) fn words(&mut self, span: &Span, html: &str) {
        let (class, css) = self.span_css(span);
        let (before, after) = tags(span);
        let html = format!("{before}{html}{after}");
        if css.is_empty() {
            self.rows.push_str(&html);
        } else {
            let class = class_attribute(&class);
            let span = format!("<span{class} style=\"{css}\">{html}</span>");
            self.rows.push_str(&span);
        }
    }

    /// Draws a link.
    pub(crate) fn linked_words(&mut self, span: &Span, href: &str, html: &str) {
        let (class, css) = if span.color.is_some() || span.highlight.is_some() {
            let (class, css) = self.span_css(span);
            (class, format!("{css};text-decoration:underline"))
        } else {
            let (class, link) = self.link();
            let (_, css) = self.span_css(span);
            let between = if css.is_empty() { "" } else { ";" };
            (class, format!("{link}{between}{css}"))
        };
        let (before, after) = tags(span);
        let class = class_attribute(&class);
        let mut escaped = String::new();
        Escape::Html.push(&mut escaped, href);
        let link = format!(
            "<a{class} href=\"{escaped}\" target=\"_blank\" rel=\"noopener\" \
             style=\"{css}\">{before}{html}{after}</a>"
        );
        self.rows.push_str(&link);
    }

    /// Draws a picture in the line.
    pub(crate) fn small_picture(&mut self, src: &str, href: Option<&str>, alt: &str, width: Option<&str>) {
        let image = icon(src, alt, width, self.width);
        let image = super::picture::linked(href, &image);
        self.rows.push_str(&image);
    }

    /// The class and the styles of a piece.
    fn span_css(&mut self, span: &Span) -> (String, Css) {
        let mut css = Css::default();
        let mut class = String::new();
        match (&span.highlight, &span.color) {
            // On a ground of its own, the letters' colour must stay with it.
            (Some(highlight), color) => {
                let color = color.clone().unwrap_or_else(|| readable_on(highlight).to_owned());
                css.set("background-color", Some(highlight.clone()));
                css.set("color", Some(color));
                css.set("padding", Some("1px 5px".to_owned()));
                css.set("border-radius", Some("4px".to_owned()));
            }
            (None, Some(color)) => {
                if self.ground.adapts() {
                    class = self.sheet.dark(Part::Ink, ink_on_dark(color));
                }
                css.set("color", Some(color.clone()));
            }
            (None, None) => {}
        }
        css.set("font-size", span.font_size.clone());
        (class, css)
    }
}

fn tags(span: &Span) -> (String, String) {
    let tags = [
        (span.bold, "strong"),
        (span.italic, "em"),
        (span.underline, "u"),
        (span.strike, "s"),
    ];
    let wanted: Vec<&str> = tags.iter().filter_map(|(wanted, tag)| wanted.then_some(*tag)).collect();
    let before = wanted.iter().flat_map(|tag| ["<", tag, ">"]).collect();
    let after = wanted.iter().rev().flat_map(|tag| ["</", tag, ">"]).collect();
    (before, after)
}

/// A small picture, with its width where Outlook looks for it.
pub(super) fn icon(src: &str, alt: &str, width: Option<&str>, room: u32) -> String {
    let shown = width.and_then(pixels).map(|pixels| pixels.min(room));
    let mut out = String::from("<img src=\"");
    Escape::Html.push(&mut out, src);
    out.push_str("\" alt=\"");
    Escape::Html.push(&mut out, alt);
    out.push('"');
    let css = match shown {
        Some(pixels) => {
            out.extend([" width=\"", &pixels.to_string(), "\""]);
            format!("width:{pixels}px")
        }
        None => format!("width:{}", width.unwrap_or("auto")),
    };
    out.extend([
        " style=\"display:inline-block;",
        &css,
        ";max-width:100%;height:auto;border:0;vertical-align:middle;font-family:",
        FONTS,
        ";font-size:14px\">",
    ]);
    out
}
