//! Reading an override's fields. Null counts as absent.

use serde_json::Value;
use tidings_types::Object;
use tidings_types::routing::kind_of;

use crate::RenderError;

pub(super) struct Fields<'a>(&'a Object);

/// A field that is wrong.
pub(super) fn wrong(field: &str, reason: &str) -> RenderError {
    RenderError::Override {
        field: field.to_owned(),
        reason: reason.to_owned(),
    }
}

impl<'a> Fields<'a> {
    pub(super) fn new(object: &'a Object) -> Self {
        Self(object)
    }

    /// The first of several names that is there.
    pub(super) fn first(&self, names: &[&'static str]) -> Option<(&'static str, &'a Value)> {
        names
            .iter()
            .find_map(|name| Some((*name, self.0.get(*name).filter(|value| !value.is_null())?)))
    }

    fn string(&self, names: &[&'static str]) -> Result<Option<String>, RenderError> {
        match self.first(names) {
            None => Ok(None),
            Some((_, Value::String(text))) => Ok(Some(text.clone())),
            Some((name, other)) => Err(wrong(name, &format!("must be a string, not {}", kind_of(other)))),
        }
    }

    /// Replaces a text.
    pub(super) fn text(&self, names: &[&'static str], to: &mut String) -> Result<(), RenderError> {
        if let Some(text) = self.string(names)? {
            *to = text;
        }
        Ok(())
    }

    /// Replaces a text that may be absent.
    pub(super) fn optional(&self, names: &[&'static str], to: &mut Option<String>) -> Result<(), RenderError> {
        if let Some(text) = self.string(names)? {
            *to = Some(text);
        }
        Ok(())
    }

    /// An array.
    pub(super) fn list(&self, name: &'static str) -> Result<Option<&'a Vec<Value>>, RenderError> {
        match self.first(&[name]) {
            None => Ok(None),
            Some((_, Value::Array(items))) => Ok(Some(items)),
            Some((_, other)) => Err(wrong(name, &format!("must be an array, not {}", kind_of(other)))),
        }
    }

    /// An object.
    pub(super) fn object(&self, name: &'static str) -> Result<Option<&'a Object>, RenderError> {
        match self.first(&[name]) {
            None => Ok(None),
            Some((_, Value::Object(object))) => Ok(Some(object)),
            Some((_, other)) => Err(wrong(name, &format!("must be an object, not {}", kind_of(other)))),
        }
    }

    /// Puts an object's members over those that are there.
    pub(super) fn merge(&self, name: &'static str, to: &mut Object) -> Result<(), RenderError> {
        if let Some(object) = self.object(name)? {
            to.extend(object.iter().map(|(key, value)| (key.clone(), value.clone())));
        }
        Ok(())
    }
}
