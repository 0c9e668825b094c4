//! Telling someone something.

mod body;
mod form;
#[expect(clippy::module_inception, reason = "every operation has a file of its own name")]
mod send;
mod send_list;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::AppState;

pub(crate) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(send::send))
        .routes(routes!(send_list::send_list))
}
