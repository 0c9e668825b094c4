//! Paragraphs, headings and quotes.

use super::sheet::Part;
use super::style::class as class_attribute;
use super::{Align, Css, Ground, Mail, color};
use crate::color::ink_on_dark;

/// What a text is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TextStyle {
    Text,
    H1,
    H2,
    H3,
    Subtext,
}

impl TextStyle {
    /// Names in content.
    pub(crate) const NAMES: &[(&str, Self)] = &[
        ("text", Self::Text),
        ("h1", Self::H1),
        ("h2", Self::H2),
        ("h3", Self::H3),
        ("subtext", Self::Subtext),
    ];

    /// Whether it is a heading.
    pub(crate) const fn is_heading(self) -> bool {
        matches!(self, Self::H1 | Self::H2 | Self::H3)
    }

    pub(super) const fn tag(self) -> &'static str {
        match self {
            Self::Text | Self::Subtext => "p",
            Self::H1 => "h1",
            Self::H2 => "h2",
            Self::H3 => "h3",
        }
    }

    const fn class(self) -> &'static str {
        match self {
            Self::Text => "c--text-text",
            Self::H1 => "c--text-h1",
            Self::H2 => "c--text-h2",
            Self::H3 => "c--text-h3",
            Self::Subtext => "c--text-subtext",
        }
    }

    /// Font size, line height and weight.
    const fn type_css(self) -> &'static str {
        match self {
            Self::Text => "font-size:16px;line-height:1.6;font-weight:400",
            Self::H1 => "font-size:26px;line-height:1.3;font-weight:700;letter-spacing:-0.01em",
            Self::H2 => "font-size:21px;line-height:1.35;font-weight:700",
            Self::H3 => "font-size:17px;line-height:1.4;font-weight:600",
            Self::Subtext => "font-size:14px;line-height:1.55;font-weight:400",
        }
    }

    /// The space below.
    const fn padding(self) -> &'static str {
        match self {
            Self::H1 => "0 0 12px",
            Self::H2 => "12px 0 8px",
            Self::H3 => "8px 0 6px",
            Self::Text | Self::Subtext => "0 0 16px",
        }
    }
}

/// A text, filled in.
pub(crate) struct Paragraph<'a> {
    pub(crate) style: TextStyle,
    pub(crate) align: Align,
    /// The space around it; inside the box where it has one.
    pub(crate) padding: Option<&'a str>,
    /// Ground and border of the box.
    pub(crate) cell: &'a Css,
    /// What is added to the letters.
    pub(crate) letters: &'a Css,
    /// What it says.
    pub(crate) html: &'a str,
}

impl Mail {
    /// Draws a paragraph or heading.
    pub(crate) fn text(&mut self, text: &Paragraph<'_>) {
        let class = self.box_class(text.cell);
        let mut letters = self.letters(text);
        let align = text.align.css(self.theme.start, self.theme.start);
        let mut outer = text.style.padding();
        if text.cell.is_empty() {
            outer = text.padding.unwrap_or(outer);
        } else {
            // A box with a ground or border of its own needs room around its letters.
            let inner = format!("padding:{};text-align:{align}", text.padding.unwrap_or("12px 16px"));
            letters = boxed(&class, align, &joined(&inner, text.cell), &letters);
        }
        let css = format!("padding:{outer};text-align:{align}");
        self.row("c--block-text", &css, &format!(" align=\"{align}\""), &letters);
    }

    /// Draws a quote: a bar beside its text.
    pub(crate) fn quote(&mut self, text: &Paragraph<'_>, bar: Option<&str>) {
        let class = format!("{} {}", self.line_class(bar), self.box_class(text.cell));
        let bar = bar.unwrap_or(color::LINE);
        let letters = self.letters(text);
        let (start, align) = (self.theme.start, text.align.css(self.theme.start, self.theme.start));
        let padding = text.padding.unwrap_or("8px 16px");
        let inner = format!("padding:{padding};text-align:{align};border-{start}:4px solid {bar}");
        let table = boxed(&class, align, &joined(&inner, text.cell), &letters);
        self.row("c--block-quote", "padding:0 0 16px", "", &table);
    }

    fn letters(&mut self, text: &Paragraph<'_>) -> String {
        let (style, align) = (text.style, text.align.css(self.theme.start, self.theme.start));
        let (tag, class) = (style.tag(), style.class());
        let own = text
            .cell
            .get("background-color")
            .map(|background| self.ground_of(background));
        let (adapting, type_css) = self.type_css(style, own.as_ref(), text.letters.get("color"));
        let css = joined(&type_css, text.letters);
        let html = text.html;
        format!("<{tag} class=\"{class}{adapting}\" style=\"margin:0;{css};text-align:{align}\">{html}</{tag}>")
    }

    /// The class and the styles of letters on a ground, perhaps in an author's colour.
    pub(super) fn type_css(
        &mut self,
        style: TextStyle,
        ground: Option<&Ground>,
        color: Option<&str>,
    ) -> (String, String) {
        let ground = ground.unwrap_or(&self.ground);
        let is_muted = style == TextStyle::Subtext && ground.adapts();
        let ink = if is_muted { color::MUTED } else { ground.ink() };
        let class = match (ground.adapts(), color) {
            (false, _) => String::new(),
            (true, Some(color)) => format!(" {}", self.sheet.dark(Part::Ink, ink_on_dark(color))),
            (true, None) if is_muted => " t-muted".to_owned(),
            (true, None) => " t-ink".to_owned(),
        };
        let mut css = format!("font-family:{};color:{ink};{}", self.fonts(), style.type_css());
        if style == TextStyle::Text {
            let page = [
                ("font-size", &self.page.font_size),
                ("line-height", &self.page.line_height),
            ];
            for (name, value) in page
                .into_iter()
                .filter_map(|(name, value)| Some((name, value.as_ref()?)))
            {
                css.extend([";", name, ":", value]);
            }
        }
        (class, css)
    }
}

/// A table of one cell: the only box whose padding and border every mail program draws.
pub(super) fn boxed(class: &str, align: &str, css: &str, content: &str) -> String {
    let class = class_attribute(class);
    format!(
        "<table role=\"presentation\" width=\"100%\" cellpadding=\"0\" cellspacing=\"0\" border=\"0\" \
         style=\"border-collapse:separate\"><tr>\
         <td{class} align=\"{align}\" style=\"{css}\">{content}</td></tr></table>"
    )
}

pub(super) fn joined(base: &str, more: &Css) -> String {
    if more.is_empty() {
        base.to_owned()
    } else {
        format!("{base};{more}")
    }
}
