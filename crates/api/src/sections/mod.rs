//! Preference sections: what the preference page is made of.

mod create;
mod delete;
mod get;
mod list;
mod replace;
mod stored;

pub(crate) use stored::new_id;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::AppState;

pub(crate) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(list::list_sections, create::create_section))
        .routes(routes!(
            get::get_section,
            replace::replace_section,
            delete::delete_section
        ))
}
