//! Changing one element or one language of what a template says.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use tidings_types::Object;
use utoipa::ToSchema;

use crate::optional::null_default;

/// What `PUT /notifications/{id}/elements/{element_id}` takes: the whole element but its id.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ElementPut {
    /// Its kind.
    #[serde(rename = "type")]
    #[schema(examples("text"))]
    pub kind: String,
    /// Its own fields, such as `content`.
    #[serde(default, deserialize_with = "null_default")]
    #[schema(value_type = Object)]
    pub data: Object,
    /// The channels it is for.
    #[serde(default)]
    pub channels: Option<Vec<String>>,
    /// When it is shown: an expression, or groups of conditions.
    #[serde(default, rename = "if")]
    #[schema(value_type = Option<String>)]
    pub condition: Option<Value>,
    /// The list it is repeated for.
    #[serde(default, rename = "loop")]
    pub repeat: Option<String>,
    /// The name later elements know it by.
    #[serde(default, rename = "ref")]
    pub reference: Option<String>,
    /// `DRAFT` (the default) or `PUBLISHED`, in any case.
    #[serde(default)]
    pub state: Option<String>,
}

/// What `PUT /notifications/{id}/locales/{locale_id}` takes: texts of one language.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LocalePut {
    /// Elements by `id`, each with the fields that are different in this language. Null takes a field away.
    #[schema(value_type = Vec<Object>)]
    pub elements: Vec<Object>,
    /// `DRAFT` (the default) or `PUBLISHED`, in any case.
    #[serde(default)]
    pub state: Option<String>,
}

/// One language of a template, as older clients write it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct BlockLocale {
    /// Elements, by id.
    #[serde(default, deserialize_with = "null_default")]
    pub blocks: Vec<BlockContent>,
    /// Channel elements, by id.
    #[serde(default, deserialize_with = "null_default")]
    pub channels: Vec<ChannelContent>,
}

/// Several languages of a template, as older clients write them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct BlockLocales {
    /// Elements, by id.
    #[serde(default, deserialize_with = "null_default")]
    pub blocks: Vec<BlockContents>,
    /// Channel elements, by id.
    #[serde(default, deserialize_with = "null_default")]
    pub channels: Vec<ChannelContents>,
}

/// The text of an element in one language.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct BlockContent {
    /// The element.
    pub id: String,
    /// Its text.
    pub content: String,
}

/// The texts of an element by language.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct BlockContents {
    /// The element.
    pub id: String,
    /// Its text by language.
    pub locales: BTreeMap<String, String>,
}

/// The subject or title of a channel in one language.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ChannelContent {
    /// The channel element.
    pub id: String,
    /// Its subject or title.
    pub content: ChannelLocale,
}

/// The subjects or titles of a channel by language.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ChannelContents {
    /// The channel element.
    pub id: String,
    /// Its subject or title by language.
    pub locales: ChannelLocales,
}

/// Subjects or titles by language.
pub type ChannelLocales = BTreeMap<String, ChannelLocale>;

/// A subject or title in one language.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(untagged)]
pub enum ChannelLocale {
    /// The text itself.
    Text(String),
    /// By name.
    Named {
        /// A mail's subject.
        #[serde(default)]
        subject: Option<String>,
        /// Any other channel's title.
        #[serde(default)]
        title: Option<String>,
    },
}

impl ChannelLocale {
    /// The text, if there is one.
    pub fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            Self::Named { subject, title } => subject.as_deref().or(title.as_deref()),
        }
    }
}
