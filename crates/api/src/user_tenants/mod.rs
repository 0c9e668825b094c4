//! The tenants a person belongs to.

mod add;
mod add_many;
mod get;
mod list;
mod remove;
mod remove_all;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::AppState;

pub(crate) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(
            list::list_user_tenants,
            add_many::add_user_tenants,
            remove_all::remove_user_tenants
        ))
        .routes(routes!(
            get::get_user_tenant,
            add::add_user_tenant,
            remove::remove_user_tenant
        ))
}
