//! Errors as the data endpoints tell them: JSON with `type` and `message`, in the API's own words.

use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::json;
use tidings_types::{Error, ErrorKind};

/// An error on its way to a caller of a data endpoint.
#[derive(Debug)]
pub(crate) struct Problem(Error);

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        Self(error)
    }
}

impl From<QueryRejection> for Problem {
    fn from(rejection: QueryRejection) -> Self {
        Self(Error::invalid(rejection.body_text()))
    }
}

/// The HTTP status of a kind of failure, and its `type`.
pub(crate) fn status_of(kind: ErrorKind) -> (StatusCode, &'static str) {
    match kind {
        ErrorKind::Invalid => (StatusCode::BAD_REQUEST, "invalid_request_error"),
        ErrorKind::Unauthenticated => (StatusCode::UNAUTHORIZED, "authentication_error"),
        ErrorKind::Forbidden => (StatusCode::FORBIDDEN, "authorization_error"),
        ErrorKind::NotFound => (StatusCode::NOT_FOUND, "invalid_request_error"),
        ErrorKind::MethodNotAllowed => (StatusCode::METHOD_NOT_ALLOWED, "invalid_request_error"),
        ErrorKind::Conflict | ErrorKind::Busy => (StatusCode::CONFLICT, "invalid_request_error"),
        ErrorKind::TooLarge => (StatusCode::PAYLOAD_TOO_LARGE, "invalid_request_error"),
        ErrorKind::Unprocessable => (StatusCode::UNPROCESSABLE_ENTITY, "invalid_request_error"),
        ErrorKind::TooMany => (StatusCode::TOO_MANY_REQUESTS, "rate_limit_exceeded"),
        ErrorKind::Unavailable => (StatusCode::SERVICE_UNAVAILABLE, "service_unavailable"),
        ErrorKind::Internal => (StatusCode::INTERNAL_SERVER_ERROR, "internal_error"),
    }
}

/// Tells the log what only the log may know.
pub(crate) fn note(error: &Error) {
    if let Some(cause) = error.internal_message() {
        tracing::error!(cause, "a page could not be served");
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        note(&self.0);
        let (status, kind) = status_of(self.0.kind());
        let body = Json(json!({ "type": self.0.code().unwrap_or(kind), "message": self.0.message() }));
        let mut response = (status, body).into_response();
        if status == StatusCode::SERVICE_UNAVAILABLE {
            response
                .headers_mut()
                .insert(header::RETRY_AFTER, HeaderValue::from_static("1"));
        }
        response
    }
}
