//! Colours: how light they are, what can be read on them, and what becomes of them on a dark screen.

/// Letters on a dark screen, where the author set no colour.
pub(crate) const DARK_INK: &str = "#e6e9ee";
/// Quiet letters on a dark screen.
pub(crate) const DARK_MUTED: &str = "#9aa3b0";
/// The page on a dark screen.
pub(crate) const DARK_PAGE: &str = "#0d1117";
/// The card on a dark screen.
pub(crate) const DARK_CARD: &str = "#171b22";
/// Thin lines on a dark screen.
pub(crate) const DARK_LINE: &str = "#333b47";

/// Colours by name that people write in content; others are taken for unknown.
const NAMES: &[(&str, [u8; 3])] = &[
    ("black", [0, 0, 0]),
    ("white", [255, 255, 255]),
    ("red", [255, 0, 0]),
    ("green", [0, 128, 0]),
    ("blue", [0, 0, 255]),
    ("navy", [0, 0, 128]),
    ("gray", [128, 128, 128]),
    ("grey", [128, 128, 128]),
    ("silver", [192, 192, 192]),
    ("orange", [255, 165, 0]),
    ("yellow", [255, 255, 0]),
    ("purple", [128, 0, 128]),
    ("teal", [0, 128, 128]),
    ("whitesmoke", [245, 245, 245]),
    ("lightgray", [211, 211, 211]),
    ("lightgrey", [211, 211, 211]),
    ("darkgray", [169, 169, 169]),
    ("darkgrey", [169, 169, 169]),
];

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

/// A colour as letters can be read on a dark ground: mixed with white until it has at least this luminance.
pub(crate) fn on_dark(color: &str, least: f64) -> String {
    let Some(mut rgb) = rgb(color) else {
        return color.to_owned();
    };
    // Each round goes an eighth of the way to white, so few are needed.
    for _ in 0..24 {
        if luminance(rgb) >= least {
            break;
        }
        rgb = rgb.map(|channel| channel.saturating_add((u8::MAX - channel) / 8).saturating_add(1));
    }
    hex(rgb)
}

/// Letters in a colour, as they are read on a dark ground: near-black turns into near-white, a hue stays itself.
pub(crate) fn ink_on_dark(color: &str) -> String {
    match rgb(color) {
        Some(rgb) if luminance(rgb) < 0.08 && spread(rgb) < 48 => DARK_INK.to_owned(),
        _ => on_dark(color, 0.3),
    }
}

/// A thin line in a colour, on a dark ground.
pub(crate) fn line_on_dark(color: &str) -> String {
    match rgb(color) {
        Some(rgb) if luminance(rgb) > 0.5 => DARK_LINE.to_owned(),
        _ => on_dark(color, 0.08),
    }
}

/// What a light ground becomes on a dark screen: the same hint of a hue, dark. `None` for a ground that stays as it is:
/// one that is not light, or whose colour cannot be told.
pub(crate) fn ground_on_dark(color: &str) -> Option<String> {
    let rgb = rgb(color).filter(|rgb| luminance(*rgb) > 0.6)?;
    if rgb == [255; 3] {
        return Some(DARK_CARD.to_owned());
    }
    let least = rgb.iter().copied().min().unwrap_or_default();
    let [red, green, blue] = rgb.map(|channel| ((channel - least) / 2 * 3).min(38));
    // A little lighter than the card, so that a box is still a box.
    Some(hex([
        red.saturating_add(0x20),
        green.saturating_add(0x25),
        blue.saturating_add(0x2e),
    ]))
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

/// How far the channels lie apart: none for a grey.
fn spread(rgb: [u8; 3]) -> u8 {
    let most = rgb.iter().copied().max().unwrap_or_default();
    let least = rgb.iter().copied().min().unwrap_or_default();
    most - least
}

fn hex([red, green, blue]: [u8; 3]) -> String {
    format!("#{red:02x}{green:02x}{blue:02x}")
}

/// Red, green and blue of a colour written as `#rgb`, `#rrggbb`, `rgb(..)` or by a common name.
fn rgb(color: &str) -> Option<[u8; 3]> {
    if let Some(digits) = color.strip_prefix('#') {
        return from_hex(digits);
    }
    if let Some(inside) = color.strip_prefix("rgb(").and_then(|rest| rest.strip_suffix(')')) {
        let mut parts = inside.split([',', ' ']).filter(|part| !part.is_empty());
        let mut next = || parts.next()?.parse::<u8>().ok();
        return Some([next()?, next()?, next()?]);
    }
    let named = NAMES.iter().find(|(name, _)| name.eq_ignore_ascii_case(color));
    named.map(|(_, rgb)| *rgb)
}

fn from_hex(digits: &str) -> Option<[u8; 3]> {
    let digits: Vec<u8> = digits
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

    fn light(color: &str) -> f64 {
        luminance(rgb(color).unwrap())
    }

    #[test]
    fn text_on_a_colour_is_readable() {
        assert_eq!(readable_on("#ffffff"), "#111827");
        assert_eq!(readable_on("#fff"), "#111827");
        assert_eq!(readable_on("#1d4ed8"), "#ffffff");
        assert_eq!(readable_on("chucknorris"), "#ffffff");
        assert!(is_dark("#111827") && is_dark("rgb(0, 0, 40)") && !is_dark("white") && !is_dark("tomato"));
    }

    #[test]
    fn in_the_dark_letters_are_light_and_grounds_are_dark() {
        for color in ["#000000", "#333", "#0f766e", "#b91c1c", "navy", "#6b7280"] {
            assert!(light(&ink_on_dark(color)) >= 0.29, "{color}: {}", ink_on_dark(color));
        }
        for ground in ["#fff", "#f8fafc", "#fef2f2", "#fde68a", "#ecfdf5", "whitesmoke"] {
            let dark = ground_on_dark(ground).unwrap();
            let contrast = (light(DARK_INK) + 0.05) / (light(&dark) + 0.05);
            assert!(contrast >= 7.0, "{ground}: {dark} {contrast}");
        }
        assert_eq!(ground_on_dark("#0f766e"), None);
        assert_eq!(ground_on_dark("transparent"), None);
        assert_eq!(on_dark("#ffffff", 0.3), "#ffffff");
    }
}
