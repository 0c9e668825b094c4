//! `GET /users/{user_id}/tenants`: the tenants of a person.

use axum::Json;
use axum::extract::State;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use tidings_types::UserId;
use tidings_wire::error::ErrorBody;
use tidings_wire::paging::LinkedList;
use tidings_wire::tenant::Membership;

use crate::AppState;
use crate::auth::ApiCaller;
use crate::error::ApiResult;
use crate::paging::linked;
use crate::path::Path;
use crate::query::Query;
use crate::tenants::{MAX_PAGE, PAGE, member};

/// List the tenants a person belongs to, by their ids.
#[utoipa::path(
    get, path = "/users/{user_id}/tenants", tag = "tenants",
    params(("user_id" = String, Path), ("limit" = Option<u32>, Query), ("cursor" = Option<String>, Query)),
    responses((status = 200, body = LinkedList<Membership>), (status = 400, body = ErrorBody)),
)]
pub(super) async fn list_user_tenants(
    caller: ApiCaller,
    State(state): State<AppState>,
    Path(user): Path<UserId>,
    query: Query,
) -> ApiResult<Json<LinkedList<Membership>>> {
    let request = query.page(PAGE, MAX_PAGE)?;
    let store = &state.services().store;
    let page = store.memberships(caller.environment, &user, request.clone()).await?;
    let path = format!(
        "/users/{}/tenants",
        utf8_percent_encode(user.as_str(), NON_ALPHANUMERIC)
    );
    Ok(Json(linked(page.map(member), &path, &request)))
}
