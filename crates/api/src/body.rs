//! Reading request bodies: bounded, and with errors that name the field.

mod limit;

use axum::body::HttpBody as _;
use axum::body::{Body, Bytes};
use axum::extract::{FromRequest, Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use http_body_util::BodyExt as _;
use serde::de::DeserializeOwned;
use serde_json::Value;
use tidings_types::{Error, Object, Result};

use crate::error::ApiError;
use crate::{AppState, auth, validation};

pub(crate) use limit::{BODY_LIMIT, LARGE_AT_ONCE};

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
///
/// Only a caller who is known is heard beyond [`BODY_LIMIT`], and only so many at once.
pub(crate) async fn layer(State(state): State<AppState>, request: Request, next: Next) -> Response {
    if request.body().is_end_stream() {
        return next.run(request).await;
    }
    let (mut parts, mut body) = request.into_parts();
    let mut taken = Taken::default();
    if taken.take_in(&mut body, BODY_LIMIT).await.is_err() {
        return ApiError::from(cut_off()).into_response();
    }
    let mut limit = BODY_LIMIT;
    let mut place = None;
    if taken.seen > BODY_LIMIT {
        limit = limit::of(&parts.method, &parts.uri);
        if limit > BODY_LIMIT {
            if let Err(error) = auth::authenticate(&mut parts, &state).await {
                taken.drain(&mut body, limit).await;
                return ApiError::from(error).into_response();
            }
            place = state.large_bodies().acquire().await.ok();
        }
        if taken.take_in(&mut body, limit).await.is_err() {
            return ApiError::from(cut_off()).into_response();
        }
    }
    if taken.seen > limit {
        taken.drain(&mut body, limit).await;
        let told = format!("The request body is too large. Max is {limit} bytes");
        return ApiError::from(Error::too_large(told)).into_response();
    }
    let response = next.run(Request::from_parts(parts, Body::from(taken.bytes))).await;
    // Others may send theirs once this one is answered.
    drop(place);
    response
}

/// What was taken in of a body.
#[derive(Default)]
struct Taken {
    bytes: Vec<u8>,
    /// How much was seen, in bytes.
    seen: usize,
}

impl Taken {
    /// Takes in what there is, until it is more than `limit`.
    async fn take_in(&mut self, body: &mut Body, limit: usize) -> Result<(), axum::Error> {
        while self.seen <= limit {
            let Some(frame) = body.frame().await else { return Ok(()) };
            let Ok(data) = frame?.into_data() else { continue };
            self.seen = self.seen.saturating_add(data.len());
            self.bytes.extend_from_slice(&data);
        }
        Ok(())
    }

    /// Lets a client that has too much to say finish, within reason.
    async fn drain(&mut self, body: &mut Body, limit: usize) {
        self.bytes = Vec::new();
        while self.seen <= limit.saturating_add(DRAIN_LIMIT) {
            let Some(Ok(frame)) = body.frame().await else { return };
            self.seen = self.seen.saturating_add(frame.data_ref().map_or(0, Bytes::len));
        }
    }
}

fn cut_off() -> Error {
    Error::invalid("The request body ended early")
}

/// Reads a whole body, which [`layer`] has bounded.
///
/// # Errors
/// `Invalid` when the client stopped midway.
pub(crate) async fn read(body: Body) -> Result<Bytes> {
    let whole = body.collect().await.map_err(|_| cut_off())?;
    Ok(whole.to_bytes())
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
}
