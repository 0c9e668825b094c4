//! `POST /profiles/{user_id}/lists`: put a person on lists.

use axum::Json;
use axum::extract::State;
use tidings_store::lists::By;
use tidings_types::{Error, UserId};
use tidings_wire::error::ErrorBody;
use tidings_wire::list::ProfileListsWrite;
use tidings_wire::profile::StatusResponse;

use crate::AppState;
use crate::auth::ApiCaller;
use crate::body::JsonBody;
use crate::error::ApiResult;
use crate::lists::{check_id, said};
use crate::path::Path;

/// How many lists one call may name.
const MAX_LISTS: usize = 1000;

/// Put a person on lists, all or none, making them if need be.
#[utoipa::path(
    post, path = "/profiles/{user_id}/lists", tag = "lists",
    params(("user_id" = String, Path)),
    request_body = ProfileListsWrite,
    responses((status = 200, body = StatusResponse), (status = 400, body = ErrorBody)),
)]
pub(super) async fn add_profile_lists(
    caller: ApiCaller,
    State(state): State<AppState>,
    Path(user): Path<UserId>,
    JsonBody(request): JsonBody<ProfileListsWrite>,
) -> ApiResult<Json<StatusResponse>> {
    let count = request.lists.len();
    if count > MAX_LISTS {
        return Err(Error::invalid(format!("lists: {count} lists. Max is {MAX_LISTS}")).into());
    }
    let mut lists = Vec::with_capacity(count);
    for (index, one) in request.lists.into_iter().enumerate() {
        check_id(&format!("lists.{index}.listId"), &one.list_id)?;
        let said = said(&format!("lists.{index}.preferences"), one.preferences)?;
        lists.push((one.list_id, said));
    }
    let services = state.services();
    let now = services.clock.now();
    services
        .store
        .subscribe_to(caller.environment, &user, lists, By::api(now))
        .await?;
    Ok(Json(StatusResponse::success()))
}
