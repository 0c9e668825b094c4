//! Requests: one API call with all its messages.

mod cancel;
mod counts;
mod get;

pub(crate) use counts::Counts;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::AppState;

pub(crate) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(get::get_request))
        .routes(routes!(cancel::cancel_request))
}
