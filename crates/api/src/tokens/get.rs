//! `GET /users/{user_id}/tokens/{token}`: one device token and how it stands.

use axum::Json;
use axum::extract::State;
use tidings_types::UserId;
use tidings_wire::error::ErrorBody;
use tidings_wire::token::Token;

use super::{find, on_the_wire};
use crate::AppState;
use crate::auth::{ReadTokens, UserCaller};
use crate::error::ApiResult;
use crate::path::Path;

/// Read a device token and how it stands.
#[utoipa::path(
    get, path = "/users/{user_id}/tokens/{token}", tag = "tokens",
    params(("user_id" = String, Path), ("token" = String, Path)),
    responses((status = 200, body = Token), (status = 404, body = ErrorBody)),
)]
pub(super) async fn get_token(
    caller: UserCaller<ReadTokens>,
    State(state): State<AppState>,
    Path((_user, token)): Path<(UserId, String)>,
) -> ApiResult<Json<Token>> {
    let found = find(&state, caller.environment, &caller.user, &token).await?;
    let (status, status_reason) = (Some(found.status.clone()), found.status_reason.clone());
    Ok(Json(Token {
        status,
        status_reason,
        ..on_the_wire(found)
    }))
}
