//! The keys that an element of a template may have. Any other is a mistake that would otherwise be found out in the
//! mail of a reader: `colour` for `color`.

use tidings_types::{Error, Object, Result};

/// What every element may have.
const COMMON: [&str; 8] = ["type", "id", "channels", "ref", "if", "loop", "data", "locales"];

/// How an element looks. Editors write these on every kind, so they are told apart by none.
const LOOKS: [&str; 22] = [
    "align",
    "background_color",
    "bold",
    "border",
    "border_color",
    "borderColor",
    "border_radius",
    "border_size",
    "border_width",
    "color",
    "font_family",
    "font_size",
    "highlight",
    "italic",
    "line_height",
    "padding",
    "strikethrough",
    "style",
    "text_style",
    "underline",
    "vertical_align",
    "width",
];

/// Refuses keys that elements of this kind do not have. Unknown kinds are told elsewhere.
///
/// # Errors
/// `Invalid`, naming the key and the element, which stands at `field`.
pub(super) fn check(field: &str, element: &Object) -> Result<()> {
    let kind = element.get("type").and_then(|kind| kind.as_str()).unwrap_or_default();
    let Some(own) = own_keys(kind) else { return Ok(()) };
    let known = |key: &str| COMMON.contains(&key) || LOOKS.contains(&key) || own.contains(&key);
    match element.keys().find(|key| !known(key.as_str())) {
        None => Ok(()),
        Some(key) => Err(Error::invalid(format!("{field}: Unrecognized key: \"{key}\""))),
    }
}

/// What one kind has beside that.
fn own_keys(kind: &str) -> Option<&'static [&'static str]> {
    Some(match kind {
        "meta" => &["title"],
        "text" => &["content", "elements", "format"],
        "action" => &["content", "href", "action_id", "disable_tracking"],
        "image" => &["src", "href", "alt_text", "altText", "image_natural_width"],
        "divider" => &[],
        "quote" => &["content", "format"],
        "html" | "jsonnet" | "string" => &["content"],
        "group" | "column" => &["elements"],
        "columns" => &["elements", "gap"],
        "list" => &["elements", "list_type", "imgSrc", "imgHref"],
        "list-item" => &["elements", "content"],
        "channel" => &["channel", "elements", "raw", "content_body_color"],
        "comment" => &["comment", "content"],
        "link" => &["content", "href", "disable_tracking"],
        "img" => &["src", "href", "alt_text", "disable_tracking"],
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn other_keys_are_named() {
        let told = |element: serde_json::Value| check("elements.0", element.as_object().unwrap());
        assert!(told(json!({"type": "text", "content": "a", "color": "red", "if": "x"})).is_ok());
        assert!(told(json!({"type": "of-tomorrow", "content": "a"})).is_ok());
        assert_eq!(
            told(json!({"type": "text", "content": "a", "href": "https://b.example"}))
                .unwrap_err()
                .message(),
            "elements.0: Unrecognized key: \"href\""
        );
    }
}
