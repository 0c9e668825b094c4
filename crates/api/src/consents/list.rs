//! `GET /users/{user_id}/consents`: what a person agreed to.

use axum::Json;
use axum::extract::State;
use tidings_wire::consent::ConsentLine;
use tidings_wire::error::ErrorBody;
use tidings_wire::paging::Whole;

use crate::AppState;
use crate::auth::{ReadPreferences, UserCaller};
use crate::error::ApiResult;

/// Read a person's lines of the consent ledger, oldest first: all there is, for them to take away or for proof.
#[utoipa::path(
    get, path = "/users/{user_id}/consents", tag = "preferences",
    params(("user_id" = String, Path)),
    responses((status = 200, body = Whole<ConsentLine>), (status = 403, body = ErrorBody)),
)]
pub(super) async fn list_consents(
    caller: UserCaller<ReadPreferences>,
    State(state): State<AppState>,
) -> ApiResult<Json<Whole<ConsentLine>>> {
    let found = state
        .services()
        .store
        .consents(caller.environment, &caller.user)
        .await?;
    let results = found
        .into_iter()
        .map(|line| ConsentLine {
            topic_id: line.topic_id.into_string(),
            tenant_id: line.tenant_id,
            action: line.action,
            at: line.at.to_rfc3339(),
            source: line.source,
            wording: line.wording,
            message_id: line.message_id,
        })
        .collect();
    Ok(Json(Whole { results }))
}
