//! Routing strategies: which channels, in which order, shared by many templates.

mod archive;
mod create;
mod get;
mod list;
mod list_notifications;
mod replace;
mod stored;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::AppState;

pub(crate) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(list::list_strategies, create::create_strategy))
        .routes(routes!(
            get::get_strategy,
            replace::replace_strategy,
            archive::archive_strategy
        ))
        .routes(routes!(list_notifications::list_strategy_notifications))
}
