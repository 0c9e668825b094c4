//! Paragraphs, headings and quotes.

use super::{Align, Css, Mail, color};

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

    const fn tag(self) -> &'static str {
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
            Self::H1 | Self::H2 | Self::H3 => "0 0 12px",
            Self::Text | Self::Subtext => "0 0 16px",
        }
    }
}

impl Mail {
    /// Draws a paragraph or heading. `cell` and `text` add to the styles of the box and of the letters.
    pub(crate) fn text(
        &mut self,
        style: TextStyle,
        align: Align,
        padding: Option<&str>,
        cell: &Css,
        text: &Css,
        html: &str,
    ) {
        let mut letters = self.letters(style, align, cell.get("background-color"), text, html);
        let align = align.css(self.theme.start);
        let mut outer = style.padding();
        if cell.is_empty() {
            outer = padding.unwrap_or(outer);
        } else {
            // A box with a ground or border of its own needs room around its letters.
            let inner = format!("padding:{};text-align:{align}", padding.unwrap_or("12px 16px"));
            letters = boxed("", align, &joined(&inner, cell), &letters);
        }
        let css = format!("padding:{outer};text-align:{align}");
        self.row("c--block-text", &css, &format!(" align=\"{align}\""), &letters);
    }

    /// Draws a quote: a bar beside its text.
    pub(crate) fn quote(
        &mut self,
        style: TextStyle,
        align: Align,
        bar: Option<String>,
        cell: &Css,
        text: &Css,
        html: &str,
    ) {
        let bar_class = if bar.is_some() || self.surface.is_some() {
            ""
        } else {
            "t-line"
        };
        let bar = bar.unwrap_or_else(|| color::LINE.to_owned());
        let letters = self.letters(style, align, cell.get("background-color"), text, html);
        let (start, align) = (self.theme.start, align.css(self.theme.start));
        let inner = format!("padding:8px 16px;text-align:{align};border-{start}:4px solid {bar}");
        let table = boxed(bar_class, align, &joined(&inner, cell), &letters);
        self.row("c--block-quote", "padding:0 0 16px", "", &table);
    }

    fn letters(&self, style: TextStyle, align: Align, background: Option<&str>, text: &Css, html: &str) -> String {
        let (tag, class) = (style.tag(), style.class());
        let is_fixed = text.get("color").is_some() || background.is_some() || self.surface.is_some();
        let is_muted = style == TextStyle::Subtext;
        let adapting = match (is_fixed, is_muted) {
            (true, _) => "",
            (false, true) => " t-muted",
            (false, false) => " t-ink",
        };
        let ink = if is_muted && !is_fixed {
            color::MUTED
        } else {
            self.ink(background)
        };
        let mut type_css = format!("margin:0;font-family:{};color:{ink};{}", self.fonts(), style.type_css());
        if style == TextStyle::Text {
            let page = [
                ("font-size", &self.page.font_size),
                ("line-height", &self.page.line_height),
            ];
            for (name, value) in page
                .into_iter()
                .filter_map(|(name, value)| Some((name, value.as_ref()?)))
            {
                type_css.extend([";", name, ":", value]);
            }
        }
        let align = align.css(self.theme.start);
        let css = joined(&type_css, text);
        format!("<{tag} class=\"{class}{adapting}\" style=\"{css};text-align:{align}\">{html}</{tag}>")
    }
}

/// A table of one cell: the only box whose padding and border every mail program draws.
pub(super) fn boxed(class: &str, align: &str, css: &str, content: &str) -> String {
    format!(
        "<table role=\"presentation\" width=\"100%\" cellpadding=\"0\" cellspacing=\"0\" border=\"0\"><tr>\
         <td class=\"{class}\" align=\"{align}\" style=\"{css}\">{content}</td></tr></table>"
    )
}

fn joined(base: &str, more: &Css) -> String {
    if more.is_empty() {
        base.to_owned()
    } else {
        format!("{base};{more}")
    }
}
