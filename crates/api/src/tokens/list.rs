//! `GET /users/{user_id}/tokens`: a person's device tokens.

use axum::Json;
use axum::extract::State;
use tidings_wire::error::ErrorBody;
use tidings_wire::token::TokenList;

use super::on_the_wire;
use crate::AppState;
use crate::auth::{ReadTokens, UserCaller};
use crate::error::ApiResult;

/// List a person's device tokens.
#[utoipa::path(
    get, path = "/users/{user_id}/tokens", tag = "tokens",
    params(("user_id" = String, Path)),
    responses((status = 200, body = TokenList), (status = 403, body = ErrorBody)),
)]
pub(super) async fn list_tokens(
    caller: UserCaller<ReadTokens>,
    State(state): State<AppState>,
) -> ApiResult<Json<TokenList>> {
    let tokens = state.services().store.tokens(caller.environment, &caller.user).await?;
    Ok(Json(TokenList {
        tokens: tokens.into_iter().map(on_the_wire).collect(),
    }))
}
