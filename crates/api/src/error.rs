//! The domain error on the wire: the only place where an [`ErrorKind`] becomes an HTTP status.

use axum::Json;
use axum::response::{IntoResponse, Response};
use http::{HeaderName, HeaderValue, StatusCode, header};
use tidings_types::{Error, ErrorKind};
use tidings_wire::error::ErrorBody;

/// Tells clients whether to try again, whatever the status.
///
/// The published clients retry every 409 unless this says `false`.
pub(crate) const X_SHOULD_RETRY: HeaderName = HeaderName::from_static("x-should-retry");

/// A failure on its way to the client.
#[derive(Debug)]
pub struct ApiError(Error);

/// What a handler answers.
pub type ApiResult<T> = Result<T, ApiError>;

impl From<Error> for ApiError {
    fn from(error: Error) -> Self {
        Self(error)
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let Self(error) = self;
        let kind = error.kind();
        let (status, code) = on_the_wire(kind);
        if let Some(cause) = error.internal_message() {
            if kind == ErrorKind::Internal {
                tracing::error!(cause, "a request failed");
            } else {
                tracing::warn!(cause, "a request was refused");
            }
        }
        let body = ErrorBody {
            kind: error.code().unwrap_or(code).to_owned(),
            message: error.message().to_owned(),
        };
        let mut response = (status, Json(body)).into_response();
        let headers = response.headers_mut();
        match kind {
            ErrorKind::TooMany => {
                headers.insert(header::RETRY_AFTER, HeaderValue::from_static("60"));
            }
            ErrorKind::Busy | ErrorKind::Unavailable => {
                headers.insert(X_SHOULD_RETRY, HeaderValue::from_static("true"));
                headers.insert(header::RETRY_AFTER, HeaderValue::from_static("1"));
            }
            ErrorKind::Conflict | ErrorKind::Unprocessable => {
                headers.insert(X_SHOULD_RETRY, HeaderValue::from_static("false"));
            }
            ErrorKind::Unauthenticated => {
                headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
            }
            _ => {}
        }
        response.extensions_mut().insert(kind);
        response
    }
}

/// The HTTP status of a kind, and its `type` in the body.
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_final_conflict_says_so_and_a_passing_one_invites_back() {
        let last = ApiError::from(Error::conflict("taken")).into_response();
        assert_eq!(last.status(), StatusCode::CONFLICT);
        assert_eq!(last.headers()[X_SHOULD_RETRY], "false");
        let passing = ApiError::from(Error::busy("under way")).into_response();
        assert_eq!(passing.status(), StatusCode::CONFLICT);
        assert_eq!(passing.headers()[X_SHOULD_RETRY], "true");
        assert_eq!(passing.headers()[header::RETRY_AFTER], "1");
    }

    #[tokio::test]
    async fn what_only_the_log_may_read_is_not_told() {
        let response = ApiError::from(Error::internal("disk /dev/sda1 is full")).into_response();
        assert_eq!(response.status(), StatusCode::INTERNAL_SERVER_ERROR);
        let body = axum::body::to_bytes(response.into_body(), 1000).await.unwrap();
        let body: ErrorBody = serde_json::from_slice(&body).unwrap();
        assert_eq!(body.kind, "internal_server_error");
        assert!(!body.message.contains("disk"));
    }
}
