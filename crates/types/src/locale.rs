//! Language tags such as `es-MX`: what may be one, and what stands in for one.

use crate::{Error, Result};

/// The longest tag accepted, in characters. RFC 5646 advises implementations to take at least 35.
const MAX_CHARS: usize = 64;

/// Refuses what cannot be a language tag: letters, digits, `-` and `_` are what tags of any spelling are made of.
///
/// # Errors
/// `Invalid`, naming the field.
pub fn check(field: &str, locale: &str) -> Result<()> {
    let sound = |one: char| one.is_ascii_alphanumeric() || matches!(one, '-' | '_');
    if locale.is_empty() || locale.chars().count() > MAX_CHARS || !locale.chars().all(sound) {
        return Err(Error::invalid(format!(
            "{field}: Expected a language tag such as en or es-MX"
        )));
    }
    Ok(())
}

/// A tag and what stands in for it, nearest first: `zh-Hant-TW`, `zh-Hant`, `zh`.
///
/// The lookup of RFC 4647, section 3.4: the last part goes, and with it a part of one character before it.
pub fn lookup(locale: &str) -> Vec<&str> {
    let mut found = vec![locale];
    let mut rest = locale;
    while let Some(cut) = rest.rfind(['-', '_']) {
        rest = rest.get(..cut).unwrap_or_default();
        let last = rest.rfind(['-', '_']).map_or(0, |before| before + 1);
        if rest.len() - last <= 1 && last > 0 {
            continue;
        }
        if rest.is_empty() {
            break;
        }
        found.push(rest);
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_grow_shorter_from_the_end() {
        assert_eq!(lookup("es-MX"), ["es-MX", "es"]);
        assert_eq!(lookup("es_MX"), ["es_MX", "es"]);
        assert_eq!(lookup("zh-Hant-TW"), ["zh-Hant-TW", "zh-Hant", "zh"]);
        assert_eq!(lookup("en-a-bbb-x-a"), ["en-a-bbb-x-a", "en-a-bbb", "en"]);
        assert_eq!(lookup("de"), ["de"]);
        assert_eq!(lookup("-x"), ["-x"]);
        assert_eq!(lookup(""), [""]);
    }

    #[test]
    fn a_tag_is_letters_and_digits() {
        assert!(check("locale", "zh-Hant-TW").is_ok() && check("locale", "es_MX").is_ok());
        for wrong in ["", "a b", "../de", "dé", &"a".repeat(65)] {
            assert!(check("locale", wrong).unwrap_err().message().starts_with("locale: "));
        }
    }
}
