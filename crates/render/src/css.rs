//! Style values that content may set. What cannot be read as one never reaches the page.

/// What kind of style value is expected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// `#rgb`, `#rrggbb`, a name, `rgb(..)` and its like.
    Color,
    /// One to four lengths: `16px`, `10px 20px`, `50%`; a bare number is in pixels.
    Lengths,
    /// One length.
    Length,
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
            Self::Length => length(text),
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
            Self::Lengths | Self::Length => "must be a length, such as 16px",
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

/// A length's pixels; `None` if it is in another unit.
pub(crate) fn pixels(length: &str) -> Option<u32> {
    let digits = length.strip_suffix("px")?;
    let whole = digits.split_once('.').map_or(digits, |(whole, _)| whole);
    whole.parse().ok().filter(|pixels| *pixels <= 10_000)
}

/// The pixels that a padding takes at its left and right together; what is no pixel counts as none.
pub(crate) fn sides(padding: &str) -> u32 {
    let parts: Vec<u32> = padding
        .split_whitespace()
        .map(|part| pixels(part).unwrap_or(0))
        .collect();
    match parts.as_slice() {
        [all] => all * 2,
        [_, sides] | [_, sides, _] => sides * 2,
        [_, right, _, left] => right + left,
        _ => 0,
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
            (Kind::Length, "1px 2px"),
            (Kind::Fonts, "a;b"),
        ] {
            assert_eq!(kind.read(text), None, "{text}");
        }
    }

    #[test]
    fn a_padding_takes_room_at_its_sides() {
        for (padding, taken) in [
            ("10px", 20),
            ("1px 8px", 16),
            ("1px 8px 2px", 16),
            ("1px 2px 3px 4px", 6),
            ("5%", 0),
        ] {
            assert_eq!(sides(padding), taken, "{padding}");
        }
        assert_eq!(
            (pixels("320px"), pixels("12.5px"), pixels("2em")),
            (Some(320), Some(12), None)
        );
    }
}
