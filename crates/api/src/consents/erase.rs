//! `DELETE /users/{user_id}/consents`: erasing what a person said, with proof left that names nobody.

use axum::Json;
use axum::extract::State;
use tidings_pipeline::preferences;
use tidings_types::UserId;
use tidings_wire::consent::ErasedPerson;

use crate::AppState;
use crate::auth::ApiCaller;
use crate::error::ApiResult;
use crate::path::Path;

/// Erase what a person said: their preferences, and their name in the preference log and the consent ledger. What stays
/// there is proof that names nobody.
#[utoipa::path(
    delete, path = "/users/{user_id}/consents", tag = "preferences",
    params(("user_id" = String, Path)),
    responses((status = 200, body = ErasedPerson)),
)]
pub(super) async fn erase_person(
    caller: ApiCaller,
    State(state): State<AppState>,
    Path(user): Path<UserId>,
) -> ApiResult<Json<ErasedPerson>> {
    let erased = preferences::erase(state.services(), caller.environment, &user).await?;
    Ok(Json(ErasedPerson {
        pseudonym: erased.pseudonym.into_string(),
        proof: erased.proof,
    }))
}
