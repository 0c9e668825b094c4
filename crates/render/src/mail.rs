//! The HTML of a mail: one column of tables that every mail program can draw.
//!
//! Styles stand in the elements themselves, since many programs drop a style sheet; the sheet only adds what a small
//! screen and a dark one need. Tables and the conditional comments are for Outlook on Windows, which draws mail with
//! Word's engine. Class names beginning with `c--` are stable, for brands' own style sheets; those with `t-` are ours.

mod button;
mod direction;
mod document;
mod picture;
mod style;
mod text;
mod theme;

pub(crate) use self::button::{Button, ButtonStyle};
pub(crate) use self::picture::Picture;
pub(crate) use self::style::{Align, Css};
pub(crate) use self::text::TextStyle;
pub(crate) use self::theme::{Theme, footer_source};
use crate::css::is_dark;

/// Colours of a page in a light room. The dark ones are in the document's style sheet.
mod color {
    pub(super) const PAGE: &str = "#f3f4f6";
    pub(super) const CARD: &str = "#ffffff";
    pub(super) const INK: &str = "#1f2937";
    pub(super) const MUTED: &str = "#6b7280";
    pub(super) const LINE: &str = "#e5e7eb";
    pub(super) const PAPER: &str = "#ffffff";
}

/// Fonts that are already on the reader's machine.
const FONTS: &str = "-apple-system,BlinkMacSystemFont,'Segoe UI',Roboto,Helvetica,Arial,sans-serif";

/// What a `channel` element sets for the whole page.
#[derive(Debug, Default)]
pub(crate) struct Page {
    pub(crate) background: Option<String>,
    pub(crate) card: Option<String>,
    pub(crate) fonts: Option<String>,
    pub(crate) font_size: Option<String>,
    pub(crate) line_height: Option<String>,
    pub(crate) padding: Option<String>,
}

/// A mail being drawn: rows of the card, one below the other.
#[derive(Debug)]
pub(crate) struct Mail {
    theme: Theme,
    page: Page,
    rows: String,
    /// A background that an author set, on which colours do not change in the dark.
    surface: Option<String>,
}

impl Mail {
    pub(crate) fn new(theme: Theme) -> Self {
        Self {
            theme,
            page: Page::default(),
            rows: String::with_capacity(8 * 1024),
            surface: None,
        }
    }

    /// Sets the look of the page.
    pub(crate) fn set_page(&mut self, page: Page) {
        // On a page whose colour stays, a card that darkens would stand out.
        self.surface = page
            .card
            .clone()
            .or_else(|| page.background.as_ref().map(|_| color::CARD.to_owned()));
        self.page = page;
    }

    /// Draws the author's own HTML.
    pub(crate) fn html(&mut self, html: &str) {
        let class = if self.surface.is_some() {
            "c--block-html"
        } else {
            "c--block-html t-ink"
        };
        let css = format!(
            "padding:0 0 16px;font-family:{};font-size:16px;line-height:1.6;color:{}",
            self.fonts(),
            self.ink(None)
        );
        self.row(class, &css, "", html);
    }

    /// Draws a thin line.
    pub(crate) fn divider(&mut self, color: Option<String>, width: Option<String>, padding: Option<String>) {
        let class = if color.is_some() || self.surface.is_some() {
            ""
        } else {
            " class=\"t-line\""
        };
        let color = color.unwrap_or_else(|| color::LINE.to_owned());
        let width = width.unwrap_or_else(|| "1px".to_owned());
        let padding = padding.unwrap_or_else(|| "8px 0 24px".to_owned());
        let line = format!(
            "<table role=\"presentation\" width=\"100%\" cellpadding=\"0\" cellspacing=\"0\" border=\"0\"><tr>\
             <td{class} style=\"border-top:{width} solid {color};font-size:1px;line-height:1px\">&nbsp;</td></tr></table>"
        );
        self.row("c--block-divider", &format!("padding:{padding}"), "", &line);
    }

    /// Begins elements that share a background; what was there before must go back to [`Self::close_group`].
    pub(crate) fn open_group(&mut self, css: &Css) -> Option<Outer> {
        if css.is_empty() {
            return None;
        }
        let surface = css
            .get("background-color")
            .map(str::to_owned)
            .or_else(|| self.surface.clone());
        Some(Outer {
            rows: std::mem::take(&mut self.rows),
            surface: std::mem::replace(&mut self.surface, surface),
            css: css.to_string(),
        })
    }

    /// Ends a group.
    pub(crate) fn close_group(&mut self, outer: Option<Outer>) {
        let Some(outer) = outer else { return };
        let inner = std::mem::replace(&mut self.rows, outer.rows);
        self.surface = outer.surface;
        let table = format!(
            "<table role=\"presentation\" width=\"100%\" cellpadding=\"0\" cellspacing=\"0\" border=\"0\" \
             style=\"table-layout:fixed\">{inner}</table>"
        );
        let boxed = text::boxed("", self.theme.start, &outer.css, &table);
        self.row("c--block-group", "padding:0 0 16px", "", &boxed);
    }

    /// One row of the card.
    fn row(&mut self, class: &str, style: &str, attributes: &str, content: &str) {
        self.rows.extend([
            "<tr><td class=\"c--block ",
            class,
            "\" style=\"",
            style,
            "\"",
            attributes,
            ">",
            content,
            "</td></tr>\n",
        ]);
    }

    /// The style of a link inside a text of a colour.
    pub(crate) fn link_css(&self, color: Option<&str>) -> String {
        let color = match color {
            Some(color) => color,
            None if self.surface.as_deref().is_some_and(is_dark) => color::PAPER,
            None => &self.theme.primary,
        };
        format!("color:{color};text-decoration:underline")
    }

    /// The class of a link inside a text of a colour: one that changes in the dark, unless the author set colours.
    pub(crate) fn link_class(&self, color: Option<&str>) -> &'static str {
        if color.is_some() || self.surface.is_some() {
            ""
        } else {
            "t-link"
        }
    }

    /// The colour of text on a surface.
    fn ink(&self, surface: Option<&str>) -> &'static str {
        if surface.or(self.surface.as_deref()).is_some_and(is_dark) {
            color::PAPER
        } else {
            color::INK
        }
    }

    fn fonts(&self) -> &str {
        self.page.fonts.as_deref().unwrap_or(FONTS)
    }
}

/// What a group stands in.
#[derive(Debug)]
pub(crate) struct Outer {
    rows: String,
    surface: Option<String>,
    css: String,
}
