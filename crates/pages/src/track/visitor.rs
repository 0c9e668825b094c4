//! Who asks, as far as a request tells.

use axum::http::{HeaderMap, Method};
use tidings_pipeline::tracking::Visitor;

/// The headers in which fetching ahead is told.
const PURPOSES: [&str; 4] = ["sec-purpose", "purpose", "x-purpose", "x-moz"];

pub(super) fn visitor<'a>(method: &Method, headers: &'a HeaderMap) -> Visitor<'a> {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    Visitor {
        head_only: *method == Method::HEAD,
        agent: text("user-agent").unwrap_or_default(),
        purpose: PURPOSES.into_iter().find_map(text).unwrap_or_default(),
    }
}
