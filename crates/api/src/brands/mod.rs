//! Brands: how mail looks.

mod create;
mod delete;
mod get;
mod list;
mod replace;
mod stored;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::AppState;

pub(crate) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(list::list_brands, create::create_brand))
        .routes(routes!(get::get_brand, replace::replace_brand, delete::delete_brand))
}
