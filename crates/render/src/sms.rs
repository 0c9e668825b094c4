//! How many segments a text message takes, which is what carriers bill.
//!
//! Alphabets and lengths are those of 3GPP TS 23.038 (GSM 7 bit default alphabet, clause 6.2.1, and its extension
//! table) and TS 23.040 (concatenation).

mod finish;

pub(crate) use self::finish::finish;

/// The GSM 7 bit default alphabet, without the escape character.
const BASIC: &str = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà";
/// Its extension table: each takes two places, since an escape character goes before it.
const EXTENSION: &str = "\u{c}^{}\\[~]|€";

/// How a text message is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SmsEncoding {
    /// 7 bits a character: 160 in a single message, 153 in each part of a longer one.
    Gsm7,
    /// 16 bits a character: 70 in a single message, 67 in each part of a longer one.
    Ucs2,
}

impl SmsEncoding {
    /// The name people know it by.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Gsm7 => "GSM-7",
            Self::Ucs2 => "UCS-2",
        }
    }

    /// Places in a message that stands alone, and in each part of a longer one.
    const fn places(self) -> (usize, usize) {
        match self {
            Self::Gsm7 => (160, 153),
            Self::Ucs2 => (70, 67),
        }
    }

    /// The places a character takes.
    fn width(self, c: char) -> usize {
        match self {
            Self::Gsm7 => 1 + usize::from(EXTENSION.contains(c)),
            Self::Ucs2 => c.len_utf16(),
        }
    }
}

/// What a text message takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SmsSegments {
    /// How it is written.
    pub encoding: SmsEncoding,
    /// Places taken in that encoding: septets, or UTF-16 units.
    pub characters: usize,
    /// Messages needed; 0 for an empty text.
    pub segments: usize,
}

/// Counts the segments of a text. A character that takes two places is never split over two segments.
pub fn segments(text: &str) -> SmsSegments {
    let is_gsm = text.chars().all(|c| BASIC.contains(c) || EXTENSION.contains(c));
    let encoding = if is_gsm { SmsEncoding::Gsm7 } else { SmsEncoding::Ucs2 };
    let (alone, each) = encoding.places();
    let characters: usize = text.chars().map(|c| encoding.width(c)).sum();
    let segments = match characters {
        0 => 0,
        characters if characters <= alone => 1,
        _ => parts(text, encoding, each),
    };
    SmsSegments {
        encoding,
        characters,
        segments,
    }
}

fn parts(text: &str, encoding: SmsEncoding, each: usize) -> usize {
    let mut parts = 1;
    let mut used = 0;
    for c in text.chars() {
        let width = encoding.width(c);
        if used + width > each {
            parts += 1;
            used = 0;
        }
        used += width;
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    fn count(text: &str) -> (SmsEncoding, usize, usize) {
        let SmsSegments {
            encoding,
            characters,
            segments,
        } = segments(text);
        (encoding, characters, segments)
    }

    #[test]
    fn the_alphabet_has_127_characters() {
        assert_eq!(BASIC.chars().count(), 127);
        assert_eq!(EXTENSION.chars().count(), 10);
    }

    #[test]
    fn limits_are_those_of_the_standard() {
        use SmsEncoding::{Gsm7, Ucs2};
        assert_eq!(count(""), (Gsm7, 0, 0));
        assert_eq!(count(&"a".repeat(160)), (Gsm7, 160, 1));
        assert_eq!(count(&"a".repeat(161)), (Gsm7, 161, 2));
        assert_eq!(count(&"a".repeat(306)), (Gsm7, 306, 2));
        assert_eq!(count(&"a".repeat(307)), (Gsm7, 307, 3));
        assert_eq!(count(&"я".repeat(70)), (Ucs2, 70, 1));
        assert_eq!(count(&"я".repeat(71)), (Ucs2, 71, 2));
        assert_eq!(count("€"), (Gsm7, 2, 1));
        assert_eq!(count("🙂"), (Ucs2, 2, 1));
    }

    #[test]
    fn a_wide_character_is_not_split() {
        assert_eq!(count(&("a".repeat(152) + "€" + &"a".repeat(151))).2, 2);
        assert_eq!(count(&("a".repeat(152) + "€" + &"a".repeat(152))).2, 3);
    }
}
