//! Browsers may ask from any page: what they may do is decided by their token, never by a cookie.

use std::time::Duration;

use http::Method;
use tower_http::cors::{AllowHeaders, Any, CorsLayer};

/// How long a browser may remember the answer to its preliminary question: the clients ask a lot.
const REMEMBERED: Duration = Duration::from_hours(2);

pub(crate) fn layer() -> CorsLayer {
    CorsLayer::new()
        .allow_origin(Any)
        .allow_methods([Method::GET, Method::POST, Method::PUT, Method::DELETE])
        // The published clients send a changing set of headers; one of them names a response header in a request.
        .allow_headers(AllowHeaders::mirror_request())
        .max_age(REMEMBERED)
}
