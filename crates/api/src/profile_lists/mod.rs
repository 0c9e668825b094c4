//! The lists a person is on.

mod add;
mod list;
mod remove_all;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::AppState;

pub(crate) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(
        list::list_profile_lists,
        add::add_profile_lists,
        remove_all::remove_profile_lists
    ))
}
