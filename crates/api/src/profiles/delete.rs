//! `DELETE /profiles/{user_id}`: forget a profile.

use axum::extract::State;
use http::StatusCode;
use tidings_types::UserId;

use crate::AppState;
use crate::auth::ApiCaller;
use crate::error::ApiResult;
use crate::path::Path;

/// Forget a profile. Device tokens and preferences stay. Forgetting what is not there succeeds too.
#[utoipa::path(
    delete, path = "/profiles/{user_id}", tag = "profiles",
    params(("user_id" = String, Path)),
    responses((status = 204, description = "Forgotten.")),
)]
pub(super) async fn delete_profile(
    caller: ApiCaller,
    State(state): State<AppState>,
    Path(user): Path<UserId>,
) -> ApiResult<StatusCode> {
    state.services().store.delete_profile(caller.environment, &user).await?;
    Ok(StatusCode::NO_CONTENT)
}
