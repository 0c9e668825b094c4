//! `DELETE /users/{user_id}/tokens/{token}`: forget a device token.

use axum::extract::State;
use http::StatusCode;
use tidings_types::UserId;

use crate::AppState;
use crate::auth::{UserCaller, WriteTokens};
use crate::error::ApiResult;
use crate::path::Path;

/// Forget a device token. Forgetting what is not there succeeds too.
#[utoipa::path(
    delete, path = "/users/{user_id}/tokens/{token}", tag = "tokens",
    params(("user_id" = String, Path), ("token" = String, Path)),
    responses((status = 204, description = "Forgotten.")),
)]
pub(super) async fn delete_token(
    caller: UserCaller<WriteTokens>,
    State(state): State<AppState>,
    Path((_user, token)): Path<(UserId, String)>,
) -> ApiResult<StatusCode> {
    state
        .services()
        .store
        .delete_token(caller.environment, &caller.user, &token)
        .await?;
    Ok(StatusCode::NO_CONTENT)
}
