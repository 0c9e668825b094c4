//! The body of a send, in any of its spellings.

use axum::extract::{FromRequest, Request};
use http::header;
use serde_json::Value;
use tidings_types::{Error, Result};

use super::form;
use crate::body::{parse, read};
use crate::error::ApiError;

/// Which of the two forms a body has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// `{"message": {...}}`.
    Message,
    /// The older one: `{"event": ..., "recipient": ..., ...}`.
    Event,
}

/// The body of a send.
pub(super) struct SendBody {
    pub(super) form: Form,
    pub(super) value: Value,
}

impl<S: Send + Sync> FromRequest<S> for SendBody {
    type Rejection = ApiError;

    async fn from_request(request: Request, _state: &S) -> Result<Self, ApiError> {
        let content_type = request
            .headers()
            .get(header::CONTENT_TYPE)
            .and_then(|value| value.to_str().ok());
        let is_form = content_type.is_some_and(|text| text.starts_with("application/x-www-form-urlencoded"));
        let bytes = read(request.into_body()).await?;
        Ok(Self::from_bytes(&bytes, is_form)?)
    }
}

impl SendBody {
    /// Reads JSON, or the bracket form where it is announced or what is announced as JSON is plainly that: documented
    /// examples send it so.
    fn from_bytes(bytes: &[u8], is_form: bool) -> Result<Self> {
        // curl announces a form whatever it is given, so an object is read as one.
        let is_object = bytes.trim_ascii_start().first() == Some(&b'{');
        let value = if is_form && !is_object {
            form::parse(bytes)?
        } else {
            Self::json_or_form(bytes)?
        };
        let Value::Object(fields) = &value else {
            let told = format!("Expected object, received {}", tidings_types::routing::kind_of(&value));
            return Err(Error::invalid(told));
        };
        let older =
            !fields.contains_key("message") && (fields.contains_key("event") || fields.contains_key("recipient"));
        Ok(Self {
            form: if older { Form::Event } else { Form::Message },
            value,
        })
    }

    fn json_or_form(bytes: &[u8]) -> Result<Value> {
        match parse(bytes) {
            Err(_) if form::looks_like(bytes) => form::parse(bytes),
            parsed => parsed,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_are_told_apart_by_their_fields() {
        let form = |text: &str| SendBody::from_bytes(text.as_bytes(), false).map(|body| body.form);
        assert_eq!(form("{\"message\":{}}").unwrap(), Form::Message);
        assert_eq!(form("{\"event\":\"e\",\"recipient\":\"r\"}").unwrap(), Form::Event);
        assert_eq!(form("{\"message\":{},\"event\":\"e\"}").unwrap(), Form::Message);
        assert_eq!(form("").unwrap(), Form::Message);
        assert_eq!(form("message[to][email]=a@b.c").unwrap(), Form::Message);
        assert!(form("[]").is_err());
        assert!(form("{").is_err());
        let announced = SendBody::from_bytes(b" {\"message\":{}}", true).map(|body| body.form);
        assert_eq!(announced.unwrap(), Form::Message);
    }
}
