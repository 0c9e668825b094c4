//! Pages for the people messages are sent to: preferences and unsubscribe. They need no script.
//!
//! Who holds a signed link may act for that person on that page. Opening a link changes nothing, since mail scanners
//! open links; only sending a form does.

mod changes;
mod everything;
mod form;
mod look;
mod preferences;
mod row;
mod sheet;
mod shell;
#[cfg(test)]
mod tests;
mod unsubscribe;
mod visit;
mod words;

use std::sync::Arc;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::get;

use crate::Pages;

/// No form here is larger, in bytes.
const FORM_LIMIT: usize = 256 * 1024;

pub(crate) fn router() -> Router<Arc<Pages>> {
    Router::new()
        .route("/u/{token}", get(unsubscribe::ask).post(unsubscribe::act))
        .route("/p/{token}", get(preferences::show).post(preferences::save))
        .layer(DefaultBodyLimit::max(FORM_LIMIT))
}
