//! Settings of a whole environment, section by section. A new section is a type and one line in [`sections`].

mod get;
mod put;
mod sections;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::AppState;

pub(crate) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(get::get_settings, put::put_settings))
}
