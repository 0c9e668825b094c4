//! Templates as single tenants have them: their own content in place of the workspace's template of the same id.

mod delete;
mod get;
mod get_version;
mod list;
mod publish;
mod put;
mod stored;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::AppState;

pub(crate) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(list::list_tenant_templates))
        .routes(routes!(
            get::get_tenant_template,
            put::put_tenant_template,
            delete::delete_tenant_template
        ))
        .routes(routes!(get_version::get_tenant_template_version))
        .routes(routes!(publish::publish_tenant_template))
}
