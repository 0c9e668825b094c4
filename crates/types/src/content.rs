//! What can be rendered: a template version's content and a brand, as stored.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::Object;

/// The content of one template version, or of an inline send.
///
/// Either form may be present, or both: sugar is `title` and `body`, Elemental is `elements`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct TemplateContent {
    /// Elemental's version, such as `2022-01-01`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// Elemental nodes, outermost first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub elements: Option<Vec<Value>>,
    /// Sugar: the subject or heading.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// Sugar: the text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body: Option<String>,
    /// `strict` demands full paths in variables; anything else also reads `data` directly.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scope: Option<String>,
}

/// The id that stands for no brand at all, wherever a brand is named.
pub const NO_BRAND: &str = "none";

/// A brand as rendering needs it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Brand {
    /// The brand's id.
    pub id: String,
    /// The brand's name.
    pub name: String,
    /// Colours, logo, header, footer: the stored `settings` object.
    #[serde(default)]
    pub settings: Object,
    /// Texts that templates use by name.
    #[serde(default)]
    pub snippets: Vec<Snippet>,
}

/// A text that templates use by name.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Snippet {
    /// Its name.
    pub name: String,
    /// The text, with variables.
    pub value: String,
}
