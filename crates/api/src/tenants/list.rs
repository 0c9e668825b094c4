//! `GET /tenants`: all tenants.

use axum::Json;
use axum::extract::State;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use tidings_store::{DocumentKind, Page};
use tidings_types::Result;
use tidings_wire::error::ErrorBody;
use tidings_wire::paging::LinkedList;
use tidings_wire::tenant::Tenant;

use super::stored::on_the_wire;
use super::{MAX_PAGE, PAGE};
use crate::AppState;
use crate::auth::ApiCaller;
use crate::error::ApiResult;
use crate::paging::linked;
use crate::query::Query;

/// List tenants, oldest first.
#[utoipa::path(
    get, path = "/tenants", tag = "tenants",
    params(
        ("parent_tenant_id" = Option<String>, Query, description = "Only those directly beneath this one."),
        ("limit" = Option<u32>, Query), ("cursor" = Option<String>, Query),
    ),
    responses((status = 200, body = LinkedList<Tenant>), (status = 400, body = ErrorBody)),
)]
pub(super) async fn list_tenants(
    caller: ApiCaller,
    State(state): State<AppState>,
    query: Query,
) -> ApiResult<Json<LinkedList<Tenant>>> {
    let request = query.page(PAGE, MAX_PAGE)?;
    let parent = query.text("parent_tenant_id");
    let found = state
        .services()
        .store
        .documents(caller.environment, DocumentKind::Tenant, parent, request.clone())
        .await?;
    let items = found.items.into_iter().map(on_the_wire).collect::<Result<_>>()?;
    let page = Page {
        items,
        next: found.next,
    };
    let path = parent.map_or("/tenants".to_owned(), |parent| {
        format!(
            "/tenants?parent_tenant_id={}",
            utf8_percent_encode(parent, NON_ALPHANUMERIC)
        )
    });
    Ok(Json(linked(page, &path, &request)))
}
