//! Tenants: organisations and workspaces of the calling application.

mod delete;
mod get;
mod hierarchy;
mod list;
mod members;
mod preference_delete;
mod preference_put;
mod put;
mod stored;

pub(crate) use members::on_the_wire as member;
pub(crate) use stored::{check_id, make};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::AppState;

/// How many entries a page of the older form has, and at most.
pub(crate) const PAGE: u32 = 20;
pub(crate) const MAX_PAGE: u32 = 100;

pub(crate) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(list::list_tenants))
        .routes(routes!(get::get_tenant, put::put_tenant, delete::delete_tenant))
        .routes(routes!(members::list_members))
        .routes(routes!(
            preference_put::put_default_preference,
            preference_delete::delete_default_preference
        ))
}
