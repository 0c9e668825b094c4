//! `DELETE /users/{user_id}`: forgetting a person altogether.

use axum::Json;
use axum::extract::State;
use http::StatusCode;
use tidings_pipeline::erasure;
use tidings_types::UserId;
use tidings_wire::consent::ErasedPerson;

use crate::AppState;
use crate::auth::ApiCaller;
use crate::error::ApiResult;
use crate::path::Path;

/// Forget a person: profile, device tokens, lists, tenants, audiences, in-app feed, what is gathered for digests, and what
/// they said of their preferences, before this answers; the messages to them in the background. What is pending is called
/// off. The consent ledger and the preference log keep proof that names nobody. Forgetting nobody succeeds too.
#[utoipa::path(
    delete, path = "/users/{user_id}", tag = "profiles",
    params(("user_id" = String, Path)),
    responses((status = 202, body = ErasedPerson)),
)]
pub(super) async fn erase_user(
    caller: ApiCaller,
    State(state): State<AppState>,
    Path(user): Path<UserId>,
) -> ApiResult<(StatusCode, Json<ErasedPerson>)> {
    let erased = erasure::erase(state.services(), caller.environment, &user).await?;
    let body = ErasedPerson {
        pseudonym: erased.pseudonym.into_string(),
        proof: erased.proof,
    };
    Ok((StatusCode::ACCEPTED, Json(body)))
}
