//! Single lines: subjects, header values and titles, where a line break is a fault or an attack.

use std::borrow::Cow;

/// Whether a character would end a line, or is another control character.
///
/// Beside the C0 and C1 controls (which include CR, LF and NEL) these are Unicode's line and paragraph separators.
pub fn is_break(c: char) -> bool {
    c.is_control() || matches!(c, '\u{2028}' | '\u{2029}')
}

/// Whether a text holds more than one line, or control characters.
pub fn has_break(text: &str) -> bool {
    text.chars().any(is_break)
}

/// Whether a character is a control character and no white space.
fn is_control(c: char) -> bool {
    c.is_control() && !matches!(c, '\t' | '\n' | '\r' | '\u{85}')
}

/// Whether a text holds control characters that are no white space: they have no place in any text.
pub fn has_control(text: &str) -> bool {
    text.chars().any(is_control)
}

/// The text without control characters that are no white space. Borrowed, unchanged, when it holds none.
pub fn without_control(text: &str) -> Cow<'_, str> {
    if has_control(text) {
        Cow::Owned(text.chars().filter(|c| !is_control(*c)).collect())
    } else {
        Cow::Borrowed(text)
    }
}

/// Makes one line of a text: every run of line breaks and control characters becomes a space, none at the ends.
///
/// The text is borrowed, unchanged, when there was nothing to fold.
pub fn fold(text: &str) -> Cow<'_, str> {
    if !has_break(text) {
        return Cow::Borrowed(text);
    }
    let parts: Vec<&str> = text
        .split(is_break)
        .map(str::trim)
        .filter(|part| !part.is_empty())
        .collect();
    Cow::Owned(parts.join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn white_space_is_no_control_character() {
        assert!(!has_control("a\tb\r\nc\u{85}d\u{2028}e"));
        for text in ["\0", "\u{1b}[31m", "\u{7f}", "\u{9b}"] {
            assert!(has_control(text), "{text:?}");
        }
        assert_eq!(without_control("a\u{1b}[31m\tb\nc\0"), "a[31m\tb\nc");
    }

    #[test]
    fn every_kind_of_break_becomes_one_space() {
        assert_eq!(fold("a\r\nb\u{2028}c\u{2029}d\u{85}e\u{0}f\n"), "a b c d e f");
        assert!(matches!(fold("plain text"), Cow::Borrowed("plain text")));
    }
}
