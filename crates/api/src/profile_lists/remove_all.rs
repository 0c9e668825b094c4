//! `DELETE /profiles/{user_id}/lists`: take a person off all lists.

use axum::Json;
use axum::extract::State;
use tidings_store::lists::By;
use tidings_types::UserId;
use tidings_wire::profile::StatusResponse;

use crate::AppState;
use crate::auth::ApiCaller;
use crate::error::ApiResult;
use crate::path::Path;

/// Take a person off all lists.
#[utoipa::path(
    delete, path = "/profiles/{user_id}/lists", tag = "lists",
    params(("user_id" = String, Path)),
    responses((status = 200, body = StatusResponse)),
)]
pub(super) async fn remove_profile_lists(
    caller: ApiCaller,
    State(state): State<AppState>,
    Path(user): Path<UserId>,
) -> ApiResult<Json<StatusResponse>> {
    let services = state.services();
    let by = By::api(services.clock.now());
    services
        .store
        .unsubscribe_from_all(caller.environment, &user, by)
        .await?;
    Ok(Json(StatusResponse::success()))
}
