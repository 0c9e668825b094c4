//! The fonts that an editor offers: those that computers and phones have. Nothing is loaded from elsewhere.

use async_graphql::SimpleObject;

/// A font, and what stands in for it where it is missing.
const FONTS: [(&str, &str); 8] = [
    ("Arial", "Arial, Helvetica, sans-serif"),
    ("Courier New", "'Courier New', Courier, monospace"),
    ("Georgia", "Georgia, 'Times New Roman', serif"),
    ("Helvetica", "Helvetica, Arial, sans-serif"),
    ("Tahoma", "Tahoma, Verdana, sans-serif"),
    ("Times New Roman", "'Times New Roman', Times, serif"),
    ("Trebuchet MS", "'Trebuchet MS', Helvetica, sans-serif"),
    ("Verdana", "Verdana, Geneva, sans-serif"),
];

/// A font.
#[derive(SimpleObject)]
pub(super) struct FontEntry {
    name: &'static str,
    /// In CSS.
    font_family: &'static str,
    /// `system`: it is there already.
    source_type: &'static str,
    /// Where it would be loaded from.
    font_url: Option<String>,
    /// A picture of it.
    preview_url: Option<String>,
}

pub(super) fn catalog() -> Vec<FontEntry> {
    FONTS
        .into_iter()
        .map(|(name, font_family)| FontEntry {
            name,
            font_family,
            source_type: "system",
            font_url: None,
            preview_url: None,
        })
        .collect()
}
