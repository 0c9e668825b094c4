//! Languages: the page's `lang` and which way it is written.

/// Languages written from right to left, by their ISO 639 codes.
const RIGHT_TO_LEFT: &[&str] = &[
    "ar", "arc", "ckb", "dv", "fa", "he", "iw", "ks", "ps", "sd", "syr", "ug", "ur", "yi",
];

/// A locale as a language tag for HTML; English where there is none, or none that can be one.
pub(super) fn language(locale: Option<&str>) -> String {
    let tag = locale.unwrap_or_default().trim().replace('_', "-");
    let is_tag = !tag.is_empty()
        && tag.len() <= 35
        && tag
            .split('-')
            .all(|part| !part.is_empty() && part.chars().all(|c| c.is_ascii_alphanumeric()));
    if is_tag { tag } else { "en".to_owned() }
}

/// Whether a language tag's language is written from right to left.
pub(super) fn is_right_to_left(language: &str) -> bool {
    let mut parts = language.split('-');
    let primary = parts.next().unwrap_or_default().to_ascii_lowercase();
    match parts.next().filter(|script| script.len() == 4) {
        Some(script) => ["Arab", "Hebr", "Syrc", "Thaa"]
            .iter()
            .any(|one| one.eq_ignore_ascii_case(script)),
        None => RIGHT_TO_LEFT.contains(&primary.as_str()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn direction_follows_language_and_script() {
        for tag in ["ar", "he-IL", "AR", "pa-Arab-PK", "fa"] {
            assert!(is_right_to_left(tag), "{tag}");
        }
        for tag in ["en", "de-DE", "az-Latn", "ar-Latn", ""] {
            assert!(!is_right_to_left(tag), "{tag}");
        }
    }

    #[test]
    fn what_is_no_tag_is_english() {
        assert_eq!(language(Some("es_MX")), "es-MX");
        for wrong in [None, Some(""), Some("\"><script>"), Some("a--b")] {
            assert_eq!(language(wrong), "en");
        }
    }
}
