//! JSON of an author's own with variables in its texts: read as JSON first, so that a value is never more than a text.

use serde_json::Value;
use tidings_template::Template;

use crate::RenderError;
use crate::scene::Scene;

/// JSON ready to be filled in.
#[derive(Clone, Debug)]
pub(crate) enum Json {
    /// As it stands.
    Fixed(Value),
    /// A text with variables.
    Text(Template),
    /// A list.
    Array(Vec<Json>),
    /// An object, its members in order.
    Object(Vec<(String, Json)>),
}

impl Json {
    /// Reads JSON; `template` reads a text, and gives none for one that is wrong.
    pub(crate) fn read(value: &Value, template: &mut dyn FnMut(&str) -> Option<Template>) -> Option<Self> {
        Some(match value {
            Value::String(text) => Self::Text(template(text)?),
            Value::Array(items) => Self::Array(
                items
                    .iter()
                    .map(|item| Self::read(item, template))
                    .collect::<Option<_>>()?,
            ),
            Value::Object(object) => Self::Object(
                object
                    .iter()
                    .map(|(name, value)| Some((name.clone(), Self::read(value, template)?)))
                    .collect::<Option<_>>()?,
            ),
            other => Self::Fixed(other.clone()),
        })
    }

    /// Fills in the values.
    pub(crate) fn fill(&self, scene: &mut Scene<'_>) -> Result<Value, RenderError> {
        Ok(match self {
            Self::Fixed(value) => value.clone(),
            Self::Text(text) => Value::String(scene.text(text)?),
            Self::Array(items) => Value::Array(items.iter().map(|item| item.fill(scene)).collect::<Result<_, _>>()?),
            Self::Object(members) => Value::Object(
                members
                    .iter()
                    .map(|(name, member)| Ok((name.clone(), member.fill(scene)?)))
                    .collect::<Result<_, RenderError>>()?,
            ),
        })
    }
}
