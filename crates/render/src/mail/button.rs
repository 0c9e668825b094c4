//! Buttons that Outlook draws as buttons too: the colour is the cell's, the padding the link's.

use tidings_template::Escape;

use super::sheet::Part;
use super::style::class;
use super::vml::{self, Shape};
use super::{Align, Mail};
use crate::color::{on_dark, readable_on};

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

/// The colours of a boxed button, and the classes that change them in the dark.
struct Paint {
    accent: String,
    color: String,
    cell: String,
    link: String,
}

impl Mail {
    /// Draws an action.
    pub(crate) fn button(&mut self, button: &Button) {
        let mut href = String::new();
        Escape::Html.push(&mut href, if button.href.is_empty() { "#" } else { &button.href });
        let align = button.align.css(self.theme.start, "center");
        let content = match button.style {
            ButtonStyle::Button | ButtonStyle::Secondary => self.boxed_button(button, &href, align),
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

    fn paint(&mut self, button: &Button) -> Paint {
        let is_filled = button.style == ButtonStyle::Button;
        let own = button.background.as_deref();
        let accent = own.unwrap_or(&self.theme.look.primary).to_owned();
        let color = match button.color.as_deref() {
            Some(color) => color.to_owned(),
            None if is_filled => readable_on(&accent).to_owned(),
            None => accent.clone(),
        };
        let classes = match (self.ground.adapts(), own.is_some() || button.color.is_some(), is_filled) {
            (false, ..) => (String::new(), String::new()),
            (true, false, true) => ("t-filled".to_owned(), "t-filled-text".to_owned()),
            (true, false, false) => ("t-outlined".to_owned(), "t-outlined-text".to_owned()),
            // An author's pair of colours stays a pair; alone, the ground must stand out from the dark card.
            (true, true, true) if button.color.is_some() => (String::new(), String::new()),
            (true, true, true) => {
                let ground = on_dark(&accent, 0.06);
                let ink = self.sheet.dark(Part::Ink, readable_on(&ground).to_owned());
                let line = self.sheet.dark(Part::Line, ground.clone());
                (format!("{} {line}", self.sheet.dark(Part::Ground, ground)), ink)
            }
            (true, true, false) => (
                self.sheet.dark(Part::Line, on_dark(&accent, 0.3)),
                self.sheet.dark(Part::Ink, on_dark(&color, 0.3)),
            ),
        };
        Paint {
            accent,
            color,
            cell: classes.0,
            link: classes.1,
        }
    }

    fn boxed_button(&mut self, button: &Button, href: &str, align: &str) -> String {
        let Paint {
            accent,
            color,
            cell,
            link,
        } = self.paint(button);
        let (cell, link) = (class(&cell), class(&link));
        let is_filled = button.style == ButtonStyle::Button;
        let is_full = button.align == Align::Full;
        let radius = button.radius.as_deref().unwrap_or("8px");
        let padding = button.padding.as_deref().unwrap_or("13px 28px");
        let font_size = button.font_size.as_deref().unwrap_or("16px");
        let label = &button.label;
        let shape = vml::shape(&Shape {
            href,
            label,
            fill: if is_filled { &accent } else { self.ground.color() },
            stroke: &accent,
            color: &color,
            radius,
            padding,
            font_size,
            full: is_full,
            room: self.width,
        });
        // A filled one has a border as well, so that it is as tall as an outlined one beside it.
        let border = format!(";border:{} solid {accent}", button.border.as_deref().unwrap_or("1px"));
        let (fill, background) = if is_filled {
            (format!(" bgcolor=\"{accent}\""), format!(";background-color:{accent}"))
        } else {
            (String::new(), String::new())
        };
        let (width, display) = if is_full {
            (" width=\"100%\"", "block")
        } else {
            ("", "inline-block")
        };
        let (before, after) = match &shape {
            Some(shape) => (shape.as_str(), "<!--<![endif]-->"),
            None => ("", ""),
        };
        let fonts = self.fonts();
        format!(
            "{before}<table role=\"presentation\"{width} align=\"{align}\" cellpadding=\"0\" cellspacing=\"0\" \
             border=\"0\" style=\"border-collapse:separate\"><tr><td{cell} align=\"center\"{fill} \
             style=\"border-radius:{radius}{background}{border};mso-padding-alt:{padding}\">\
             <a{link} href=\"{href}\" target=\"_blank\" rel=\"noopener\" style=\"display:{display};\
             padding:{padding};font-family:{fonts};font-size:{font_size};line-height:1.25;font-weight:600;color:{color};\
             text-align:center;text-decoration:none;border-radius:{radius};word-break:break-word\">{label}</a>\
             </td></tr></table>{after}"
        )
    }

    fn underlined(&mut self, button: &Button, href: &str) -> String {
        let color = button.color.as_deref().or(button.background.as_deref());
        let (name, css) = self.link_in(color);
        let class = class(&name);
        let font_size = button.font_size.as_deref().unwrap_or("16px");
        let weight = if button.style == ButtonStyle::Tertiary {
            "600"
        } else {
            "400"
        };
        format!(
            "<a{class} href=\"{href}\" target=\"_blank\" rel=\"noopener\" style=\"font-family:{};\
             font-size:{font_size};line-height:1.6;font-weight:{weight};{css}\">{}</a>",
            self.fonts(),
            button.label,
        )
    }
}
