//! The HTML of a mail: one column of tables that every mail program can draw.
//!
//! Styles stand in the elements themselves, since many programs drop a style sheet; the sheets only add what small, wide
//! and dark screens need. Tables, conditional comments and VML are for Outlook on Windows, which draws mail with Word's
//! engine. Class names beginning with `c--` are stable, for brands' own style sheets; those with `t-` are ours.

mod button;
mod columns;
mod direction;
mod document;
mod framed;
mod ground;
mod inline;
mod list;
mod picture;
mod sheet;
mod style;
mod text;
mod theme;
mod vml;

pub(crate) use self::button::{Button, ButtonStyle};
use self::columns::Cells;
pub(crate) use self::columns::{ColumnLook, ColumnsLook};
pub(crate) use self::framed::Filled;
use self::ground::Ground;
pub(crate) use self::inline::Span;
pub(crate) use self::list::{Bullet, ListLook};
pub(crate) use self::picture::Picture;
use self::sheet::{Part, Sheet};
pub(crate) use self::style::{Align, Css, VerticalAlign};
pub(crate) use self::text::{Paragraph, TextStyle};
pub(crate) use self::theme::{Parts, Theme};
use crate::color::{ink_on_dark, is_dark, line_on_dark};
use crate::css::sides;

/// Colours of a page in a light room. The dark ones are in the style sheets.
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
/// The room between the card's edges and its content.
const CARD_PADDING: &str = "40px 40px 24px";

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
    /// What the next element stands on.
    ground: Ground,
    /// The room that the next element has, in pixels, on a wide screen.
    width: u32,
    sheet: Sheet,
    /// Columns that stand beside the next one.
    cells: Cells,
    /// The lists that are open, each with its bullet.
    lists: Vec<Option<Bullet>>,
    /// The colour of the text whose pieces are being drawn.
    ink: Option<String>,
    /// The author's own document, in place of everything.
    own: Option<String>,
}

impl Mail {
    pub(crate) fn new(theme: Theme) -> Self {
        let mut mail = Self {
            theme,
            page: Page::default(),
            rows: String::with_capacity(8 * 1024),
            ground: Ground::new(color::CARD),
            width: 0,
            sheet: Sheet::default(),
            cells: Cells::default(),
            lists: Vec::new(),
            ink: None,
            own: None,
        };
        mail.set_page(Page::default());
        mail
    }

    /// Sets the look of the page; what the brand says of it holds where the content says nothing.
    pub(crate) fn set_page(&mut self, page: Page) {
        let look = &self.theme.look;
        let card = page.card.as_deref().or(look.card.as_deref()).unwrap_or(color::CARD);
        // On a brand's own document nothing is known of the dark.
        self.ground = if self.theme.parts.frame.is_some() {
            Ground::fixed(card)
        } else {
            Ground::new(card)
        };
        let padding = page.padding.as_deref().unwrap_or(CARD_PADDING);
        self.width = look.width.saturating_sub(sides(padding)).max(100);
        self.page = page;
    }

    /// Draws the author's own HTML.
    pub(crate) fn html(&mut self, html: &str) {
        let ink_class = if self.ground.adapts() { " t-ink" } else { "" };
        let css = format!(
            "padding:0 0 16px;font-family:{};font-size:16px;line-height:1.6;color:{}",
            self.fonts(),
            self.ground.ink()
        );
        self.row(&format!("c--block-html{ink_class}"), &css, "", html);
    }

    /// Draws a thin line.
    pub(crate) fn divider(&mut self, color: Option<&str>, width: Option<&str>, padding: Option<&str>) {
        let class = self.line_class(color);
        let color = color.unwrap_or(color::LINE);
        let width = width.unwrap_or("1px");
        let padding = padding.unwrap_or("8px 0 24px");
        let line = format!(
            "<table role=\"presentation\" width=\"100%\" cellpadding=\"0\" cellspacing=\"0\" border=\"0\"><tr>\
             <td class=\"{class}\" style=\"border-top:{width} solid {color};font-size:1px;line-height:1px\">&nbsp;</td>\
             </tr></table>"
        );
        self.row("c--block-divider", &format!("padding:{padding}"), "", &line);
    }

    /// Begins a box of elements that share a background, a border or a padding; what it gives back must go to
    /// [`Self::close_group`].
    pub(crate) fn open_group(&mut self, css: &Css) -> Option<Outer> {
        if css.is_empty() {
            return None;
        }
        let class = self.box_class(css);
        let outer = Outer {
            rows: std::mem::take(&mut self.rows),
            ground: self.ground.clone(),
            width: self.width,
            css: css.to_string(),
            class,
        };
        self.enter(css);
        Some(outer)
    }

    /// Ends a group.
    pub(crate) fn close_group(&mut self, outer: Option<Outer>) {
        let Some(outer) = outer else { return };
        let inner = std::mem::replace(&mut self.rows, outer.rows);
        self.ground = outer.ground;
        self.width = outer.width;
        if inner.is_empty() {
            return;
        }
        let boxed = text::boxed(&outer.class, self.theme.start, &outer.css, &stacked(&inner));
        self.row("c--block-group", "padding:0 0 16px", "", &boxed);
    }

    /// Makes the ground and the room of a box those of what is drawn next.
    fn enter(&mut self, css: &Css) {
        if let Some(background) = css.get("background-color") {
            self.ground = self.ground_of(background);
        }
        let taken = css.get("padding").map_or(0, sides);
        self.width = self.width.saturating_sub(taken).max(40);
    }

    /// An author's background, on this page.
    fn ground_of(&self, background: &str) -> Ground {
        if self.theme.parts.frame.is_some() {
            Ground::fixed(background)
        } else {
            Ground::new(background)
        }
    }

    /// The classes of a box, for the dark: of its ground, and of its border.
    fn box_class(&mut self, css: &Css) -> String {
        let mut class = String::new();
        if let Some(background) = css.get("background-color") {
            class.push_str(&self.ground_class(background));
        }
        if let Some(line) = css.get("border").and_then(|border| border.rsplit(' ').next()) {
            let line = self.line_class(Some(line));
            class.extend([" ", &line]);
        }
        class
    }

    /// The class that darkens an author's background.
    fn ground_class(&mut self, background: &str) -> String {
        let ground = self.ground_of(background);
        ground
            .dark()
            .map(|dark| self.sheet.dark(Part::Ground, dark.to_owned()))
            .unwrap_or_default()
    }

    /// The class of a line that changes in the dark, in an author's colour or in ours.
    fn line_class(&mut self, color: Option<&str>) -> String {
        match color {
            _ if !self.ground.adapts() => String::new(),
            None => "t-line".to_owned(),
            Some(color) => self.sheet.dark(Part::Line, line_on_dark(color)),
        }
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

    /// Takes the author's own document in place of everything.
    pub(crate) fn set_document(&mut self, html: String) {
        self.own = Some(html);
    }

    /// Whether it is the author's own document.
    pub(crate) fn is_own_document(&self) -> bool {
        self.own.is_some()
    }

    /// The class and the style of a link in the text that is being drawn.
    pub(crate) fn link(&mut self) -> (String, String) {
        let ink = self.ink.clone();
        self.link_in(ink.as_deref())
    }

    /// The class and the style of a link inside a text of a colour.
    fn link_in(&mut self, color: Option<&str>) -> (String, String) {
        let adapts = self.ground.adapts();
        let (class, color) = match color {
            Some(color) if adapts => (self.sheet.dark(Part::Ink, ink_on_dark(color)), color.to_owned()),
            Some(color) => (String::new(), color.to_owned()),
            None if adapts => ("t-link".to_owned(), self.theme.look.primary.clone()),
            None if is_dark(self.ground.color()) => (String::new(), color::PAPER.to_owned()),
            None => (String::new(), self.theme.look.primary.clone()),
        };
        (class, format!("color:{color};text-decoration:underline"))
    }

    fn fonts(&self) -> &str {
        self.page.fonts.as_deref().unwrap_or(FONTS)
    }
}

/// Rows, as a table of their own.
fn stacked(rows: &str) -> String {
    format!(
        "<table role=\"presentation\" width=\"100%\" cellpadding=\"0\" cellspacing=\"0\" border=\"0\" \
         style=\"table-layout:fixed\">{rows}</table>"
    )
}

/// What a group stands in.
#[derive(Debug)]
pub(crate) struct Outer {
    rows: String,
    ground: Ground,
    width: u32,
    css: String,
    class: String,
}
