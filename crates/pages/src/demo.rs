//! `/demo/inbox`: an in-app inbox to try, in development. It runs the published components where somebody has built them
//! (`make demo`), and a small one of our own that speaks the same protocol where nobody has: this program carries no code
//! of others for browsers, and fetches none.

mod bundle;
mod inbox;

use std::sync::Arc;

use axum::Router;
use axum::routing::get;

use crate::Pages;

pub(crate) fn router() -> Router<Arc<Pages>> {
    Router::new()
        .route("/demo/inbox", get(inbox::page))
        .route("/demo/inbox/published.js", get(bundle::script))
}
