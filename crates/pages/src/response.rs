//! Pages on their way out, with the headers that keep them safe.

use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use maud::Markup;

/// Only what this server serves; no frame around it, no form that leaves.
const POLICY: &str = "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; \
                      form-action 'self'; frame-ancestors 'none'";

/// What one page may load beside what this server serves.
#[derive(Debug, Default)]
pub(crate) struct Extra {
    /// The hash of a style sheet within the page.
    pub(crate) style: Option<String>,
    /// The origin of a picture.
    pub(crate) image: Option<String>,
}

/// A page that may load more than others.
pub(crate) fn page_with(status: StatusCode, markup: Markup, extra: &Extra) -> Response {
    let mut response = page(status, markup);
    let style = extra.style.as_deref().map(|hash| format!("; style-src 'self' {hash}"));
    let mut policy = POLICY.to_owned();
    if let Some(origin) = &extra.image {
        policy = policy.replace("img-src 'self' data:", &format!("img-src 'self' data: {origin}"));
    }
    policy.push_str(&style.unwrap_or_default());
    // An origin is plain ASCII, and so is a hash.
    if let Ok(policy) = HeaderValue::from_str(&policy) {
        response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    response
}

/// A page. Never stored by caches, never indexed, and its address is told to nobody: it may hold a person's link.
pub(crate) fn page(status: StatusCode, markup: Markup) -> Response {
    page_under(status, POLICY, markup)
}

/// The same under a policy of its own.
pub(crate) fn page_under(status: StatusCode, policy: &'static str, markup: Markup) -> Response {
    let headers = [
        (header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(policy)),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
        (header::REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
        (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
        (
            HeaderName::from_static("x-robots-tag"),
            HeaderValue::from_static("noindex"),
        ),
        (
            header::CONTENT_TYPE,
            HeaderValue::from_static("text/html; charset=utf-8"),
        ),
    ];
    (status, headers, markup.into_string()).into_response()
}
