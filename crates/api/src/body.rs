//! Reading request bodies: bounded, and with errors that name the field.

use axum::body::Body;
use axum::body::HttpBody as _;
use axum::extract::{FromRequest, Request};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use http_body_util::BodyExt as _;
use serde::de::DeserializeOwned;
use serde_json::Value;
use tidings_types::{Error, Object, Result};

use crate::error::ApiError;
use crate::validation;

/// The largest body that is read, in bytes.
pub(crate) const BODY_LIMIT: usize = 1024 * 1024;

/// How much of a body that is too large is still taken in before it is refused, in bytes.
const DRAIN_LIMIT: usize = 16 * BODY_LIMIT;

/// A JSON body. No body at all counts as `{}`: some clients announce JSON and send nothing.
#[derive(Debug)]
pub struct JsonBody<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for JsonBody<T> {
    type Rejection = ApiError;

    async fn from_request(request: Request, _state: &S) -> Result<Self, ApiError> {
        let value = parse(&read(request.into_body()).await?)?;
        if !value.is_object() {
            // serde would take an array for the fields in order.
            let told = format!("Expected object, received {}", tidings_types::routing::kind_of(&value));
            return Err(Error::invalid(told).into());
        }
        Ok(Self(validation::decode(&value)?))
    }
}

/// A JSON body of any shape. No body at all counts as `{}`.
#[derive(Debug)]
pub struct JsonValue(pub Value);

impl<S: Send + Sync> FromRequest<S> for JsonValue {
    type Rejection = ApiError;

    async fn from_request(request: Request, _state: &S) -> Result<Self, ApiError> {
        Ok(Self(parse(&read(request.into_body()).await?)?))
    }
}

/// Takes every body in before anything else looks at the request. A refusal that came earlier, such as for a missing key,
/// would cut off a client that is still writing, which then sees a broken connection instead of the answer.
pub(crate) async fn layer(request: Request, next: Next) -> Response {
    if request.body().is_end_stream() {
        return next.run(request).await;
    }
    let (parts, body) = request.into_parts();
    match read(body).await {
        Ok(bytes) => next.run(Request::from_parts(parts, Body::from(bytes))).await,
        Err(error) => ApiError::from(error).into_response(),
    }
}

/// Reads a whole body.
///
/// # Errors
/// `TooLarge` beyond [`BODY_LIMIT`]; `Invalid` when the client stopped midway.
pub(crate) async fn read(mut body: Body) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let mut seen = 0_usize;
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|_| Error::invalid("The request body ended early"))?;
        let Some(data) = frame.data_ref() else { continue };
        seen = seen.saturating_add(data.len());
        if seen <= BODY_LIMIT {
            bytes.extend_from_slice(data);
        } else if seen > DRAIN_LIMIT {
            break;
        }
    }
    if seen > BODY_LIMIT {
        return Err(Error::too_large(format!(
            "The request body is too large. Max is {BODY_LIMIT} bytes"
        )));
    }
    Ok(bytes)
}

/// Reads JSON; nothing at all counts as `{}`.
///
/// # Errors
/// `Invalid` with the place where it stops being JSON.
pub(crate) fn parse(bytes: &[u8]) -> Result<Value> {
    if bytes.trim_ascii().is_empty() {
        return Ok(Value::Object(Object::new()));
    }
    serde_json::from_slice(bytes).map_err(|error| Error::invalid(format!("Invalid JSON in the request body: {error}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_an_empty_object_and_nonsense_is_refused() {
        assert_eq!(parse(b" \n").unwrap(), serde_json::json!({}));
        assert!(parse(b"{\"a\":").unwrap_err().message().starts_with("Invalid JSON"));
    }

    #[tokio::test]
    async fn what_is_too_large_is_refused() {
        let body = Body::from(vec![b' '; BODY_LIMIT + 1]);
        assert_eq!(read(body).await.unwrap_err().kind(), tidings_types::ErrorKind::TooLarge);
        assert_eq!(
            read(Body::from(vec![b' '; BODY_LIMIT])).await.unwrap().len(),
            BODY_LIMIT
        );
    }
}
