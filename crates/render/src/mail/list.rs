//! Lists: `<ul>` and `<ol>`, so that they are read out as lists; with pictures for bullets, a table.

use super::inline::icon;
use super::picture::linked;
use super::{Css, Mail, TextStyle, text};

/// How a list looks, filled in.
#[derive(Debug)]
pub(crate) struct ListLook {
    pub(crate) ordered: bool,
    pub(crate) padding: Option<String>,
    pub(crate) font_size: Option<String>,
    pub(crate) line_height: Option<String>,
}

/// A picture in place of a bullet: a safe link, and where it leads.
#[derive(Clone, Debug)]
pub(crate) struct Bullet {
    pub(crate) src: String,
    pub(crate) href: Option<String>,
}

/// Width of a bullet, in pixels.
const BULLET: &str = "20px";

impl Mail {
    /// Begins a list: what is drawn until [`Self::close_list`] stands one level deeper.
    pub(crate) fn open_list(&mut self, bullet: Option<Bullet>) {
        self.lists.push(bullet);
    }

    /// Ends a list made of these items, each as [`Self::list_item`] made it.
    pub(crate) fn close_list(&mut self, look: &ListLook, items: &str) {
        let depth = self.lists.len();
        let bullet = self.lists.pop().flatten();
        if items.is_empty() {
            return;
        }
        let (class, type_css) = self.type_css(TextStyle::Text, None, None);
        let mut own = Css::default();
        own.set("font-size", look.font_size.clone());
        own.set("line-height", look.line_height.clone());
        let css = if depth > 1 {
            own.to_string()
        } else {
            text::joined(&type_css, &own)
        };
        let above = if depth > 1 { "6px" } else { "0" };
        let list = if bullet.is_some() {
            format!(
                "<table role=\"presentation\" width=\"100%\" cellpadding=\"0\" cellspacing=\"0\" border=\"0\" \
                 class=\"c--list{class}\" style=\"margin:{above} 0 0;{css}\">{items}</table>"
            )
        } else {
            let tag = if look.ordered { "ol" } else { "ul" };
            let kind = marker(look.ordered, depth);
            // Outlook on Windows knows a list's margin, and not its padding.
            let margin = if self.theme.start == "right" {
                format!("{above} 24px 0 0")
            } else {
                format!("{above} 0 0 24px")
            };
            format!(
                "<{tag} class=\"c--list{class}\" style=\"margin:{margin};padding:0;list-style-type:{kind};{css}\">\
                 {items}</{tag}>"
            )
        };
        if depth > 1 {
            self.rows.push_str(&list);
        } else {
            let padding = look.padding.as_deref().unwrap_or("0 0 16px");
            self.row("c--block-list", &format!("padding:{padding}"), "", &list);
        }
    }

    /// Draws an item of a list.
    pub(crate) fn list_item(&mut self, background: Option<&str>, html: &str) {
        let bullet = self.lists.last().cloned().flatten();
        let class = background.map(|color| self.ground_class(color)).unwrap_or_default();
        let class = super::style::class(&class);
        let ground = background
            .map(|color| format!(";background-color:{color};padding:4px 8px;border-radius:4px"))
            .unwrap_or_default();
        match bullet {
            None => {
                let item = format!("<li{class} style=\"margin:0 0 6px{ground}\">{html}</li>");
                self.rows.push_str(&item);
            }
            Some(bullet) => {
                let image = linked(bullet.href.as_deref(), &icon(&bullet.src, "", Some(BULLET), 40));
                let (start, end) = (self.theme.start, super::style::opposite(self.theme.start));
                let row = format!(
                    "<tr><td width=\"32\" valign=\"top\" align=\"{start}\" style=\"padding:2px 0 6px;padding-{end}:12px;\
                     width:20px\">{image}</td><td{class} valign=\"top\" align=\"{start}\" \
                     style=\"padding:0 0 6px{ground}\">{html}</td></tr>"
                );
                self.rows.push_str(&row);
            }
        }
    }
}

/// The bullets and numbers of each level.
const fn marker(ordered: bool, depth: usize) -> &'static str {
    match (ordered, depth) {
        (true, 2) => "lower-alpha",
        (true, 3) => "lower-roman",
        // The first level, and all beyond the third.
        (true, _) => "decimal",
        (false, 0 | 1) => "disc",
        (false, 2) => "circle",
        (false, _) => "square",
    }
}
