//! `POST /client/identify/{user_id}`: what a person's own page says of them.

use axum::Json;
use axum::extract::State;
use tidings_wire::error::ErrorBody;
use tidings_wire::profile::{ProfileWrite, StatusResponse};

use super::merge::merge;
use crate::AppState;
use crate::auth::OwnProfile;
use crate::body::JsonBody;
use crate::error::ApiResult;

/// Add to a person's own profile, as `POST /profiles/{user_id}` does.
///
/// It takes a token of that person with the scope `write:profiles`; or a client key and the person's id signed, where
/// `identify_by_signature` of the settings `clients` is on; or an API key.
#[utoipa::path(
    post, path = "/client/identify/{user_id}", tag = "profiles",
    params(("user_id" = String, Path)),
    request_body = ProfileWrite,
    responses((status = 200, body = StatusResponse), (status = 400, body = ErrorBody)),
)]
pub(super) async fn identify(
    caller: OwnProfile,
    State(state): State<AppState>,
    JsonBody(request): JsonBody<ProfileWrite>,
) -> ApiResult<Json<StatusResponse>> {
    merge(state.services(), caller.environment, &caller.user, request).await?;
    Ok(Json(StatusResponse::success()))
}
