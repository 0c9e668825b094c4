//! What a person chose to hear of.

pub(crate) mod choice;
mod get;
mod list;
mod replace_all;
mod reset;
mod set;
mod set_many;
mod topic;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::AppState;

pub(crate) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(
            list::list_preferences,
            set_many::set_preferences,
            replace_all::replace_preferences
        ))
        .routes(routes!(
            get::get_preference,
            set::set_preference,
            reset::reset_preference
        ))
}
