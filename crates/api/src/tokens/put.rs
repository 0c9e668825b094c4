//! `PUT /users/{user_id}/tokens/{token}`: register a device token.

use axum::extract::State;
use http::StatusCode;
use tidings_types::UserId;
use tidings_wire::error::ErrorBody;
use tidings_wire::token::TokenWrite;

use super::registration::{named_by_path, register};
use crate::AppState;
use crate::auth::{UserCaller, WriteTokens};
use crate::body::JsonBody;
use crate::error::ApiResult;
use crate::path::Path;

/// Register a device token. One that was another person's moves.
#[utoipa::path(
    put, path = "/users/{user_id}/tokens/{token}", tag = "tokens",
    params(("user_id" = String, Path), ("token" = String, Path)),
    request_body = TokenWrite,
    responses((status = 204, description = "Registered."), (status = 400, body = ErrorBody)),
)]
pub(super) async fn put_token(
    caller: UserCaller<WriteTokens>,
    State(state): State<AppState>,
    Path((_user, token)): Path<(UserId, String)>,
    JsonBody(write): JsonBody<TokenWrite>,
) -> ApiResult<StatusCode> {
    let services = state.services();
    let token = register(named_by_path(write, token)?, "", services.clock.now())?;
    services
        .store
        .put_tokens(caller.environment, &caller.user, vec![token])
        .await?;
    Ok(StatusCode::NO_CONTENT)
}
