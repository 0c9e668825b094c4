//! `GET /bulk/{job_id}/users`: the people of a bulk job.

use axum::Json;
use axum::extract::State;
use serde_json::Value;
use tidings_types::{MessageId, Object};
use tidings_wire::bulk::BulkUser;
use tidings_wire::error::ErrorBody;
use tidings_wire::paging::Items;

use super::not_found;
use crate::AppState;
use crate::auth::ApiCaller;
use crate::error::ApiResult;
use crate::paging::items;
use crate::path::Path;
use crate::query::{DEFAULT_PAGE, Query};

/// List the people of a bulk job in the order in which they were handed in, and where they stand.
#[utoipa::path(
    get, path = "/bulk/{job_id}/users", tag = "bulk",
    params(("job_id" = String, Path), ("cursor" = Option<String>, Query)),
    responses((status = 200, body = Items<BulkUser>), (status = 404, body = ErrorBody)),
)]
pub(super) async fn list_bulk_users(
    caller: ApiCaller,
    State(state): State<AppState>,
    Path(id): Path<String>,
    query: Query,
) -> ApiResult<Json<Items<Object>>> {
    let store = &state.services().store;
    let environment = caller.environment;
    if store.bulk_job(environment, &id).await?.is_none() {
        return Err(not_found(&id).into());
    }
    let page = query.page(DEFAULT_PAGE, DEFAULT_PAGE)?;
    let found = store.bulk_users(environment, &id, page).await?;
    Ok(Json(items(found.map(|one| {
        let mut user: Object = one.body.as_object().cloned().unwrap_or_default();
        let standing = BulkUser {
            status: one.status.as_str().to_owned(),
            message_id: one.message_id.map(MessageId::into_string),
            error: one.error,
            recipient: one.recipient,
        };
        if let Ok(Value::Object(standing)) = serde_json::to_value(standing) {
            user.extend(standing);
        }
        user
    }))))
}
