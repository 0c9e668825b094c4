//! What is known of a person: addresses, names, anything templates read.

mod delete;
mod get;
mod identify;
mod merge;
mod patch;
mod replace;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::AppState;

pub(crate) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(
            get::get_profile,
            merge::merge_profile,
            replace::replace_profile,
            patch::patch_profile,
            delete::delete_profile
        ))
        .routes(routes!(identify::identify))
}
