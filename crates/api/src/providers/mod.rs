//! Through whom messages leave: provider accounts, their secrets masked, and what can be configured.

mod alias;
mod catalog;
mod create;
mod delete;
mod get;
mod list;
mod patch;
mod references;
mod replace;
mod stored;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::AppState;

pub(crate) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(list::list_providers, create::create_provider))
        .routes(routes!(catalog::list_catalog))
        .routes(routes!(
            get::get_provider,
            replace::replace_provider,
            patch::patch_provider,
            delete::delete_provider
        ))
}
