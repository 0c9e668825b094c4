//! Buttons that Outlook draws as buttons too: the colour is the cell's, the padding the link's.

use tidings_template::Escape;

use super::{Align, Mail};
use crate::css::readable_on;

/// How an action looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ButtonStyle {
    /// Filled.
    Button,
    /// Outlined.
    Secondary,
    /// Underlined.
    Tertiary,
    /// A link in the text.
    Link,
}

impl ButtonStyle {
    /// Names in content.
    pub(crate) const NAMES: &[(&str, Self)] = &[
        ("button", Self::Button),
        ("secondary", Self::Secondary),
        ("tertiary", Self::Tertiary),
        ("link", Self::Link),
    ];

    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Button => "button",
            Self::Secondary => "secondary",
            Self::Tertiary => "tertiary",
            Self::Link => "link",
        }
    }
}

/// An action, filled in.
#[derive(Debug)]
pub(crate) struct Button {
    /// HTML.
    pub(crate) label: String,
    /// A safe link.
    pub(crate) href: String,
    pub(crate) style: ButtonStyle,
    pub(crate) align: Align,
    pub(crate) background: Option<String>,
    pub(crate) color: Option<String>,
    pub(crate) radius: Option<String>,
    pub(crate) border: Option<String>,
    pub(crate) padding: Option<String>,
    pub(crate) font_size: Option<String>,
}

impl Mail {
    /// Draws an action.
    pub(crate) fn button(&mut self, button: &Button) {
        let mut href = String::new();
        Escape::Html.push(&mut href, if button.href.is_empty() { "#" } else { &button.href });
        let align = button.align.css("center");
        let content = match button.style {
            ButtonStyle::Button | ButtonStyle::Secondary => self.boxed(button, &href, align),
            ButtonStyle::Tertiary | ButtonStyle::Link => self.underlined(button, &href),
        };
        let padding = match button.style {
            ButtonStyle::Button | ButtonStyle::Secondary => "8px 0 24px",
            ButtonStyle::Tertiary | ButtonStyle::Link => "0 0 16px",
        };
        self.row(
            "c--block-action",
            &format!("padding:{padding};text-align:{align}"),
            &format!(" align=\"{align}\""),
            &content,
        );
    }

    fn boxed(&self, button: &Button, href: &str, align: &str) -> String {
        let is_filled = button.style == ButtonStyle::Button;
        let own = button.background.as_deref();
        let adapts = own.is_none() && button.color.is_none() && self.surface.is_none();
        let accent = own.unwrap_or(&self.theme.primary);
        let color = match button.color.as_deref() {
            Some(color) => color,
            None if is_filled => readable_on(accent),
            None => accent,
        };
        let (cell, link) = match (adapts, is_filled) {
            (false, _) => ("", ""),
            (true, true) => ("t-filled", "t-filled-text"),
            (true, false) => ("t-outlined", "t-outlined-text"),
        };
        let radius = button.radius.as_deref().unwrap_or("8px");
        let padding = button.padding.as_deref().unwrap_or("13px 28px");
        let font_size = button.font_size.as_deref().unwrap_or("16px");
        let border = match (is_filled, button.border.as_deref()) {
            (true, None) => String::new(),
            (_, size) => format!(";border:{} solid {accent}", size.unwrap_or("1px")),
        };
        let fill = if is_filled {
            format!(" bgcolor=\"{accent}\"")
        } else {
            String::new()
        };
        let background = if is_filled {
            format!(";background-color:{accent}")
        } else {
            String::new()
        };
        let (width, display) = if button.align == Align::Full {
            (" width=\"100%\"", "block")
        } else {
            ("", "inline-block")
        };
        let fonts = self.fonts();
        let label = &button.label;
        format!(
            "<table role=\"presentation\"{width} align=\"{align}\" cellpadding=\"0\" cellspacing=\"0\" border=\"0\" \
             style=\"border-collapse:separate\"><tr><td class=\"{cell}\" align=\"center\"{fill} \
             style=\"border-radius:{radius}{background}{border};mso-padding-alt:{padding}\">\
             <a class=\"{link}\" href=\"{href}\" target=\"_blank\" rel=\"noopener\" style=\"display:{display};\
             padding:{padding};font-family:{fonts};font-size:{font_size};line-height:1.25;font-weight:600;color:{color};\
             text-align:center;text-decoration:none;border-radius:{radius};word-break:break-word\">{label}</a>\
             </td></tr></table>"
        )
    }

    fn underlined(&self, button: &Button, href: &str) -> String {
        let color = button.color.as_deref().or(button.background.as_deref());
        let class = if color.is_some() || self.surface.is_some() {
            ""
        } else {
            "t-link"
        };
        let css = self.link_css(color);
        let font_size = button.font_size.as_deref().unwrap_or("16px");
        let weight = if button.style == ButtonStyle::Tertiary {
            "600"
        } else {
            "400"
        };
        format!(
            "<a class=\"{class}\" href=\"{href}\" target=\"_blank\" rel=\"noopener\" style=\"font-family:{};\
             font-size:{font_size};line-height:1.6;font-weight:{weight};{css}\">{}</a>",
            self.fonts(),
            button.label,
        )
    }
}
