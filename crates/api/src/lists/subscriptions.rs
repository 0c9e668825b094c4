//! `GET /lists/{list_id}/subscriptions`: who is on a list.

use axum::Json;
use axum::extract::State;
use tidings_wire::error::ErrorBody;
use tidings_wire::list::Subscription;
use tidings_wire::paging::Items;

use super::stored::find;
use crate::AppState;
use crate::auth::ApiCaller;
use crate::error::ApiResult;
use crate::paging::items;
use crate::path::Path;
use crate::query::{DEFAULT_PAGE, Query};

/// List who is on a list, by their ids.
#[utoipa::path(
    get, path = "/lists/{list_id}/subscriptions", tag = "lists",
    params(("list_id" = String, Path), ("cursor" = Option<String>, Query)),
    responses((status = 200, body = Items<Subscription>), (status = 404, body = ErrorBody)),
)]
pub(super) async fn list_subscriptions(
    caller: ApiCaller,
    State(state): State<AppState>,
    Path(id): Path<String>,
    query: Query,
) -> ApiResult<Json<Items<Subscription>>> {
    let services = state.services();
    find(services, caller.environment, &id).await?;
    let page = query.page(DEFAULT_PAGE, DEFAULT_PAGE)?;
    let found = services.store.subscriptions(caller.environment, &id, page).await?;
    Ok(Json(items(found.map(|one| Subscription {
        recipient_id: one.user_id.into_string(),
        created: one.created.to_rfc3339(),
        preferences: one.preferences,
    }))))
}
