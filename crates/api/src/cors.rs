//! Browsers may call from any page: what they may do is decided by the key or token, never by a cookie.

use std::time::Duration;

use http::{Method, header};
use tower_http::cors::{AllowHeaders, Any, CorsLayer};

use crate::error::X_SHOULD_RETRY;
use crate::idempotency::REPLAYED;

/// How long a browser may remember the answer to its preliminary question.
const REMEMBERED: Duration = Duration::from_mins(10);

pub(crate) fn layer() -> CorsLayer {
    CorsLayer::new()
        .allow_origin(Any)
        .allow_methods([Method::GET, Method::POST, Method::PUT, Method::PATCH, Method::DELETE])
        // The published browser clients send a changing set of `x-...` headers besides the documented ones.
        .allow_headers(AllowHeaders::mirror_request())
        .expose_headers([header::RETRY_AFTER, X_SHOULD_RETRY, REPLAYED])
        .max_age(REMEMBERED)
}
