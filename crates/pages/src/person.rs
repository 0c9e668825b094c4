//! Pages for the people messages are sent to: preferences and unsubscribe. They need no script.
//!
//! Who holds a signed link may act for that person on that page. Opening a link changes nothing, since mail scanners
//! open links; only sending a form does.

mod changes;
mod confirm;
mod everything;
mod form;
mod look;
mod preferences;
mod row;
mod sheet;
mod shell;
mod shown;
#[cfg(test)]
mod tests;
mod unsubscribe;
mod visit;
mod words;

use std::sync::Arc;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::HeaderMap;
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use tower_http::compression::CompressionLayer;

use crate::Pages;

/// No form here is larger, in bytes.
const FORM_LIMIT: usize = 256 * 1024;

/// What stands where a link of ours leads nowhere, in the language of whoever followed it.
pub(crate) fn lost(headers: &HeaderMap) -> Response {
    visit::Asking::new(None, headers).lost().into_response()
}

async fn nowhere(headers: HeaderMap) -> Response {
    lost(&headers)
}

pub(crate) fn router() -> Router<Arc<Pages>> {
    Router::new()
        .route("/u/{token}", get(unsubscribe::ask).post(unsubscribe::act))
        .route("/c/{token}", get(confirm::ask).post(confirm::confirm))
        .route("/p/{token}", get(preferences::show).post(preferences::save))
        // Programs that find links in text take what follows them along, or leave the end off.
        .route("/u/{token}/", get(unsubscribe::ask).post(unsubscribe::act))
        .route("/p/{token}/", get(preferences::show).post(preferences::save))
        .route("/u", get(nowhere))
        .route("/u/", get(nowhere))
        .route("/p", get(nowhere))
        .route("/p/", get(nowhere))
        .layer(DefaultBodyLimit::max(FORM_LIMIT))
        .layer(CompressionLayer::new())
}
