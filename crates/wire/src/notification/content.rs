//! What a template says.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use super::NotificationState;

/// Content as it is written.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ContentWrite {
    /// The version of the form, `2022-01-01` when absent.
    #[serde(default)]
    pub version: Option<String>,
    /// Elements, outermost first.
    #[schema(value_type = Vec<Object>)]
    pub elements: Vec<Value>,
    /// `strict` demands full paths in variables.
    #[serde(default)]
    pub scope: Option<String>,
}

/// What `PUT /notifications/{id}/content` takes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ContentPut {
    /// The content.
    pub content: ContentWrite,
    /// `DRAFT` (the default) or `PUBLISHED`, in any case.
    #[serde(default)]
    pub state: Option<String>,
}

/// What `GET /notifications/{id}/content` answers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Content {
    /// The version of the form.
    pub version: String,
    /// Elements, outermost first, each with its `checksum`.
    #[schema(value_type = Vec<Object>)]
    pub elements: Vec<Value>,
}

/// What writing content answers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Mutation {
    /// The notification.
    pub id: String,
    /// The version of the form.
    pub version: String,
    /// All elements, each before those inside it.
    pub elements: Vec<ElementChecksum>,
    /// Whether what was written is published.
    pub state: NotificationState,
}

/// An element's fingerprint: it changes when the element, or one inside it, does.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ElementChecksum {
    /// The element.
    pub id: String,
    /// Its fingerprint.
    pub checksum: String,
}
