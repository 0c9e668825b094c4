//! `ref`: what later elements may ask about an earlier one, as `refs.<name>`.

use serde_json::Value;
use tidings_template::{Scope, Template};
use tidings_types::Object;

use crate::RenderError;
use crate::scene::Scene;

/// Fields that say how an element is put together, and are no property of it.
const NO_PROPERTIES: &[&str] = &["elements", "locales", "if", "loop", "ref", "channels", "raw", "data"];

/// An element's name, and its properties as written.
#[derive(Debug)]
pub(crate) struct Reference {
    name: String,
    properties: Vec<(String, Property)>,
}

#[derive(Debug)]
enum Property {
    Text(Template),
    Other(Value),
}

impl Reference {
    pub(crate) fn new(name: &str, object: &Object, scope: Scope) -> Self {
        let properties = object.iter().filter(|(key, _)| !NO_PROPERTIES.contains(&key.as_str()));
        let properties = properties.map(|(key, value)| {
            let property = match value {
                Value::String(text) => {
                    Property::Text(Template::parse_in(text, scope).unwrap_or_else(|_| Template::literal(text)))
                }
                other => Property::Other(other.clone()),
            };
            (key.clone(), property)
        });
        Self {
            name: name.to_owned(),
            properties: properties.collect(),
        }
    }

    /// The element shows: later ones see `visible` and its properties, filled in.
    pub(crate) fn shown(&self, scene: &mut Scene<'_>) -> Result<(), RenderError> {
        let mut properties = Object::new();
        for (key, property) in &self.properties {
            let value = match property {
                Property::Text(template) => Value::String(scene.text(template)?),
                Property::Other(value) => value.clone(),
            };
            properties.insert(key.clone(), value);
        }
        properties.insert("visible".to_owned(), Value::Bool(true));
        scene.env().set_ref(&self.name, properties);
        Ok(())
    }

    /// The element does not show.
    pub(crate) fn hidden(&self, scene: &mut Scene<'_>) {
        let mut properties = Object::new();
        properties.insert("visible".to_owned(), Value::Bool(false));
        scene.env().set_ref(&self.name, properties);
    }
}
