//! Tracked links, the pixel in mails, and where apps and providers report to. They need no session: what they know is signed.

mod click;
mod device;
mod open;
mod receipts;
#[cfg(test)]
mod tests;
mod visitor;

use std::sync::Arc;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::{get, post};

use crate::Pages;

/// Providers report in batches of up to this size, in bytes.
const RECEIPTS_LIMIT: usize = 2 * 1024 * 1024;
/// No report is larger, in bytes.
const REPORT_LIMIT: usize = 16 * 1024;

pub(crate) fn router() -> Router<Arc<Pages>> {
    Router::new()
        .route("/r/{token}", get(click::lead_on))
        .route("/o/{token}", get(open::pixel))
        .route("/e/{token}", post(device::report_event).options(device::may_report))
        .layer(DefaultBodyLimit::max(REPORT_LIMIT))
        .merge(
            Router::new()
                .route("/inbound/providers/{account}", post(receipts::receive))
                .layer(DefaultBodyLimit::max(RECEIPTS_LIMIT)),
        )
}
