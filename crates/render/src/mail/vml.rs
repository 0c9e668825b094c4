//! Buttons for Outlook on Windows: drawn in VML, since Word's engine knows neither rounded corners nor a link's padding.
//!
//! A VML shape has the size it is told, so the label's width is guessed, generously.

use crate::css::{pixels, sides};

/// A button, as VML draws it.
pub(super) struct Shape<'a> {
    /// Escaped.
    pub(super) href: &'a str,
    /// HTML.
    pub(super) label: &'a str,
    pub(super) fill: &'a str,
    pub(super) stroke: &'a str,
    pub(super) color: &'a str,
    pub(super) radius: &'a str,
    pub(super) padding: &'a str,
    pub(super) font_size: &'a str,
    /// Over all of this width.
    pub(super) full: bool,
    /// The room there is, in pixels.
    pub(super) room: u32,
}

/// The shape in its conditional comment; `None` where its size cannot be told, or the label would have to wrap.
pub(super) fn shape(shape: &Shape<'_>) -> Option<String> {
    let size = pixels(shape.font_size)?;
    let radius = pixels(shape.radius)?;
    let vertical = shape.padding.split_whitespace().next().and_then(pixels)?;
    let height = size * 5 / 4 + 2 * vertical + 2;
    let wanted = label_width(shape.label, size) + sides(shape.padding).max(2 * vertical);
    if wanted > shape.room {
        return None;
    }
    let width = if shape.full { shape.room } else { wanted };
    let arc = (radius * 100 / height.max(1)).min(50);
    let Shape {
        href,
        label,
        fill,
        stroke,
        color,
        ..
    } = shape;
    Some(format!(
        "<!--[if mso]><v:roundrect xmlns:w=\"urn:schemas-microsoft-com:office:word\" href=\"{href}\" \
         style=\"height:{height}px;width:{width}px;v-text-anchor:middle\" arcsize=\"{arc}%\" strokecolor=\"{stroke}\" \
         fillcolor=\"{fill}\"><w:anchorlock/><center style=\"color:{color};font-family:Arial,sans-serif;\
         font-size:{size}px;font-weight:600\">{label}</center></v:roundrect><![endif]--><!--[if !mso]><!-->"
    ))
}

/// How wide a label is in a semi-bold sans-serif, in pixels: rather too much than too little.
fn label_width(label: &str, size: u32) -> u32 {
    let mut hundredths = 0_u32;
    let mut in_entity = false;
    for c in label.chars() {
        if in_entity {
            in_entity = c != ';';
            continue;
        }
        in_entity = c == '&';
        let width = match c {
            'i' | 'j' | 'l' | 'I' | '.' | ',' | ':' | ';' | '\'' | '!' | '|' | ' ' => 32,
            'f' | 't' | 'r' | '(' | ')' | '-' => 42,
            'm' | 'w' | 'M' | 'W' | '@' | '%' | '&' => 95,
            'A'..='Z' => 76,
            '\0'..='\u{24F}' => 62,
            _ => 100,
        };
        hundredths = hundredths.saturating_add(width);
    }
    hundredths.saturating_mul(size).div_ceil(100)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shape_is_as_wide_as_its_label_needs_and_no_wider_than_there_is_room() {
        let mut one = Shape {
            href: "https://a.example",
            label: "Choose a new password",
            fill: "#2456d6",
            stroke: "#2456d6",
            color: "#ffffff",
            radius: "8px",
            padding: "13px 28px",
            font_size: "16px",
            full: false,
            room: 520,
        };
        let drawn = shape(&one).unwrap();
        assert!(
            drawn.contains("height:48px;width:2") && drawn.contains("arcsize=\"16%\""),
            "{drawn}"
        );
        one.full = true;
        assert!(shape(&one).unwrap().contains("width:520px"));
        one.room = 100;
        assert_eq!(shape(&one), None);
        one.room = 520;
        one.padding = "1em";
        assert_eq!(shape(&one), None);
    }
}
