//! `GET /tenants/{tenant_id}/users`: the people of a tenant.

use axum::Json;
use axum::extract::State;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use tidings_store::DocumentKind;
use tidings_wire::error::ErrorBody;
use tidings_wire::paging::LinkedList;
use tidings_wire::tenant::Membership;

use super::{MAX_PAGE, PAGE};
use crate::auth::ApiCaller;
use crate::error::ApiResult;
use crate::paging::linked;
use crate::path::Path;
use crate::query::Query;
use crate::{AppState, document};

/// List the people of a tenant, by their ids.
#[utoipa::path(
    get, path = "/tenants/{tenant_id}/users", tag = "tenants",
    params(("tenant_id" = String, Path), ("limit" = Option<u32>, Query), ("cursor" = Option<String>, Query)),
    responses((status = 200, body = LinkedList<Membership>), (status = 404, body = ErrorBody)),
)]
pub(super) async fn list_members(
    caller: ApiCaller,
    State(state): State<AppState>,
    Path(id): Path<String>,
    query: Query,
) -> ApiResult<Json<LinkedList<Membership>>> {
    let (services, environment) = (state.services(), caller.environment);
    document::find(services, environment, DocumentKind::Tenant, &id).await?;
    let request = query.page(PAGE, MAX_PAGE)?;
    let page = services.store.members(environment, &id, request.clone()).await?;
    let path = format!("/tenants/{}/users", utf8_percent_encode(&id, NON_ALPHANUMERIC));
    Ok(Json(linked(page.map(on_the_wire), &path, &request)))
}

/// A membership as reads show it.
pub(crate) fn on_the_wire(stored: tidings_store::Membership) -> Membership {
    Membership {
        user_id: stored.user_id.into_string(),
        tenant_id: stored.tenant_id,
        kind: "user".to_owned(),
        profile: stored.profile,
    }
}
