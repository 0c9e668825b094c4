//! Style values that content may set. What cannot be read as one never reaches the page.

/// What kind of style value is expected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// `#rgb`, `#rrggbb`, a name, `rgb(..)` and its like.
    Color,
    /// One to four lengths: `16px`, `10px 20px`, `50%`; a bare number is in pixels.
    Lengths,
    /// A bare factor or a length: `1.5`, `24px`.
    LineHeight,
    /// A list of font names.
    Fonts,
}

impl Kind {
    /// The value as it may be written, or `None` if it is no such value.
    pub(crate) fn read(self, text: &str) -> Option<String> {
        let text = text.trim();
        if text.is_empty() || text.len() > 120 {
            return None;
        }
        match self {
            Self::Color => color(text),
            Self::Lengths => lengths(text),
            Self::LineHeight => text
                .parse::<f32>()
                .map_or_else(|_| length(text), |_| Some(text.to_owned())),
            Self::Fonts => fonts(text),
        }
    }

    /// What it should have been, as a clause.
    pub(crate) const fn expected(self) -> &'static str {
        match self {
            Self::Color => "must be a colour, such as #2a5bd7",
            Self::Lengths => "must be a length, such as 16px",
            Self::LineHeight => "must be a number or a length, such as 1.5 or 24px",
            Self::Fonts => "must be a list of font names",
        }
    }
}

fn color(text: &str) -> Option<String> {
    let valid = if let Some(digits) = text.strip_prefix('#') {
        matches!(digits.len(), 3 | 4 | 6 | 8) && digits.chars().all(|c| c.is_ascii_hexdigit())
    } else if let Some((name, arguments)) = text.split_once('(') {
        matches!(name, "rgb" | "rgba" | "hsl" | "hsla")
            && arguments.strip_suffix(')').is_some_and(|arguments| {
                arguments
                    .chars()
                    .all(|c| c.is_ascii_digit() || matches!(c, '.' | ',' | '%' | ' ' | '/'))
            })
    } else {
        text.chars().all(|c| c.is_ascii_alphabetic())
    };
    valid.then(|| text.to_owned())
}

fn lengths(text: &str) -> Option<String> {
    let parts: Vec<String> = text.split_whitespace().map(length).collect::<Option<_>>()?;
    (1..=4).contains(&parts.len()).then(|| parts.join(" "))
}

fn length(text: &str) -> Option<String> {
    const UNITS: &[&str] = &["px", "em", "rem", "%", "pt"];
    if text == "auto" {
        return Some(text.to_owned());
    }
    let end = text
        .find(|c: char| !(c.is_ascii_digit() || c == '.'))
        .unwrap_or(text.len());
    let (number, unit) = text.split_at(end);
    number.parse::<f32>().ok()?;
    match unit {
        "" => Some(format!("{number}px")),
        unit => UNITS.contains(&unit).then(|| text.to_owned()),
    }
}

fn fonts(text: &str) -> Option<String> {
    let valid = text
        .chars()
        .all(|c| c.is_alphanumeric() || matches!(c, ' ' | ',' | '-' | '_' | '\'' | '"'));
    // Styles stand in double-quoted attributes.
    valid.then(|| text.replace('"', "'"))
}

/// Near-black or white, whichever reads better on a background; white when the colour cannot be told.
pub(crate) fn readable_on(background: &str) -> &'static str {
    match rgb(background).map(luminance) {
        // Where both contrasts, (1.05 / (l + 0.05)) and ((l + 0.05) / 0.059), are the same.
        Some(luminance) if luminance > 0.2 => "#111827",
        _ => "#ffffff",
    }
}

/// Whether a colour is known to be so dark that letters on it must be light.
pub(crate) fn is_dark(background: &str) -> bool {
    rgb(background).is_some_and(|rgb| luminance(rgb) < 0.18)
}

/// A colour as it can be seen on a dark page: mixed with white until it has at least this luminance.
pub(crate) fn on_dark(color: &str, least: f64) -> String {
    let Some(mut rgb) = rgb(color) else {
        return color.to_owned();
    };
    // Each round goes an eighth of the way to white, so few are needed.
    for _ in 0..16 {
        if luminance(rgb) >= least {
            break;
        }
        rgb = rgb.map(|channel| channel.saturating_add((u8::MAX - channel) / 8).saturating_add(1));
    }
    let [red, green, blue] = rgb;
    format!("#{red:02x}{green:02x}{blue:02x}")
}

/// Relative luminance after WCAG 2.2: 0 for black, 1 for white.
fn luminance([red, green, blue]: [u8; 3]) -> f64 {
    0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue)
}

fn linear(channel: u8) -> f64 {
    let share = f64::from(channel) / 255.0;
    if share <= 0.040_45 {
        share / 12.92
    } else {
        ((share + 0.055) / 1.055).powf(2.4)
    }
}

fn rgb(color: &str) -> Option<[u8; 3]> {
    let digits: Vec<u8> = color
        .strip_prefix('#')?
        .chars()
        .map(|c| c.to_digit(16).and_then(|digit| u8::try_from(digit).ok()))
        .collect::<Option<_>>()?;
    match digits.as_slice() {
        [r, g, b] | [r, g, b, _] => Some([r * 17, g * 17, b * 17]),
        [r1, r0, g1, g0, b1, b0, ..] => Some([r1 * 16 + r0, g1 * 16 + g0, b1 * 16 + b0]),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_pass_and_attacks_do_not() {
        assert_eq!(Kind::Color.read("#2a5bd7").as_deref(), Some("#2a5bd7"));
        assert_eq!(
            Kind::Color.read("rgba(1, 2, 3, .5)").as_deref(),
            Some("rgba(1, 2, 3, .5)")
        );
        assert_eq!(Kind::Lengths.read("10 20px").as_deref(), Some("10px 20px"));
        assert_eq!(Kind::LineHeight.read("1.5").as_deref(), Some("1.5"));
        for (kind, text) in [
            (Kind::Color, "red;background:url(x)"),
            (Kind::Color, "expression(alert(1))"),
            (Kind::Color, "#12"),
            (Kind::Lengths, "1px;x"),
            (Kind::Lengths, "calc(1px)"),
            (Kind::Fonts, "a;b"),
        ] {
            assert_eq!(kind.read(text), None, "{text}");
        }
    }

    #[test]
    fn text_on_a_colour_is_readable() {
        assert_eq!(readable_on("#ffffff"), "#111827");
        assert_eq!(readable_on("#fff"), "#111827");
        assert_eq!(readable_on("#1d4ed8"), "#ffffff");
        assert_eq!(readable_on("tomato"), "#ffffff");
        assert!(is_dark("#111827") && !is_dark("#ffffff") && !is_dark("tomato"));
        assert_eq!(on_dark("#ffffff", 0.3), "#ffffff");
        assert!(
            rgb(&on_dark("#000000", 0.3))
                .map(luminance)
                .is_some_and(|light| light >= 0.3)
        );
    }
}
