//! What a language may say differently.

use tidings_types::{Error, Object, Result};

/// The fields of each kind of element that can differ by language.
fn fields(kind: &str) -> &'static [&'static str] {
    match kind {
        "text" | "list-item" => &["content", "elements"],
        "action" => &["content", "href"],
        "quote" | "html" => &["content"],
        "meta" => &["title"],
        "image" => &["href", "src", "alt_text"],
        "channel" => &["elements", "raw"],
        "group" | "column" | "columns" | "list" => &["elements"],
        _ => &[],
    }
}

/// Takes away what reads add and what design tools keep for themselves.
pub(super) fn clean(texts: &mut Object) {
    texts.retain(|key, _| key != "checksum" && !key.starts_with('_'));
}

/// Refuses fields that cannot differ by language.
///
/// # Errors
/// `Invalid`, naming the field beneath `field`.
pub(super) fn check(field: &str, kind: &str, texts: &Object) -> Result<()> {
    let known = fields(kind);
    match texts.keys().find(|key| !known.contains(&key.as_str())) {
        None => Ok(()),
        Some(key) => Err(Error::invalid(format!("{field}: Unrecognized key: \"{key}\""))),
    }
}
