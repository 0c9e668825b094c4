//! What an HTTP status means when a provider's own codes say nothing more.

use http::StatusCode;
use tidings_types::Outcome;

use crate::Response;

/// The general reading of a failure, with the provider's words if it gave any.
pub(crate) fn by_status(response: &Response, words: Option<String>) -> Outcome {
    let error = error(response, words);
    match response.status {
        StatusCode::REQUEST_TIMEOUT | StatusCode::TOO_MANY_REQUESTS => Outcome::Retry {
            after_ms: response.retry_after_ms(),
            error,
        },
        StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => Outcome::ProviderDown { permanent: true, error },
        status if status.is_server_error() => Outcome::ProviderDown {
            permanent: false,
            error,
        },
        _ => Outcome::Refused { error },
    }
}

/// `HTTP 400 Bad Request: words`.
pub(crate) fn error(response: &Response, words: Option<String>) -> String {
    match words.filter(|words| !words.trim().is_empty()) {
        Some(words) => format!("HTTP {}: {words}", response.status),
        None if response.status.is_redirection() => format!("HTTP {}: redirect not followed", response.status),
        None => format!("HTTP {}", response.status),
    }
}
