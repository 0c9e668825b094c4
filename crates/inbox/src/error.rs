//! Failures as the published clients read them: an HTTP status and `{message, type}`.
//!
//! The web client takes any 2xx for success and does not look at GraphQL's own `errors`: a change that was refused would
//! stay on the screen. So whatever is refused is refused by status.

use axum::Json;
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use serde_json::json;
use tidings_types::{Error, ErrorKind};

/// A failure on its way to a client.
#[derive(Debug)]
pub struct Refusal(pub Error);

impl From<Error> for Refusal {
    fn from(error: Error) -> Self {
        Self(error)
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let Self(error) = self;
        let (status, kind) = on_the_wire(error.kind());
        if let Some(cause) = error.internal_message() {
            tracing::error!(cause, "a client's call failed");
        }
        // Also in the form of GraphQL, which the older web client reads.
        let body = json!({
            "type": kind,
            "message": error.message(),
            "data": null,
            "errors": [{ "message": error.message() }],
        });
        (status, Json(body)).into_response()
    }
}

const fn on_the_wire(kind: ErrorKind) -> (StatusCode, &'static str) {
    const REQUEST: &str = "invalid_request_error";
    match kind {
        ErrorKind::Invalid => (StatusCode::BAD_REQUEST, REQUEST),
        ErrorKind::Unauthenticated => (StatusCode::UNAUTHORIZED, "authentication_error"),
        ErrorKind::Forbidden => (StatusCode::FORBIDDEN, "authorization_error"),
        ErrorKind::NotFound => (StatusCode::NOT_FOUND, REQUEST),
        ErrorKind::MethodNotAllowed => (StatusCode::METHOD_NOT_ALLOWED, REQUEST),
        ErrorKind::Conflict | ErrorKind::Busy => (StatusCode::CONFLICT, REQUEST),
        ErrorKind::TooLarge => (StatusCode::PAYLOAD_TOO_LARGE, REQUEST),
        ErrorKind::Unprocessable => (StatusCode::UNPROCESSABLE_ENTITY, REQUEST),
        ErrorKind::TooMany => (StatusCode::TOO_MANY_REQUESTS, "rate_limit_exceeded"),
        ErrorKind::Unavailable => (StatusCode::SERVICE_UNAVAILABLE, "service_unavailable"),
        ErrorKind::Internal => (StatusCode::INTERNAL_SERVER_ERROR, "internal_server_error"),
    }
}
