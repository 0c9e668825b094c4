//! Bulk jobs: people handed in piece by piece, and sent to when the caller says so.

mod add_users;
mod create;
mod get;
mod run;
mod users;

use tidings_types::Error;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::AppState;

pub(crate) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(create::create_bulk_job))
        .routes(routes!(get::get_bulk_job, add_users::add_bulk_users))
        .routes(routes!(run::run_bulk_job))
        .routes(routes!(users::list_bulk_users))
}

fn not_found(id: &str) -> Error {
    Error::not_found(format!("Bulk job {id} not found"))
}
