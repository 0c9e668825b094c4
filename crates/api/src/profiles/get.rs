//! `GET /profiles/{user_id}`: what is known of a person.

use axum::Json;
use axum::extract::State;
use tidings_types::{Error, Object, UserId};
use tidings_wire::error::ErrorBody;
use tidings_wire::profile::ProfileResponse;

use crate::AppState;
use crate::auth::ApiCaller;
use crate::error::ApiResult;
use crate::path::Path;
use crate::preferences::older;

/// Read a profile.
///
/// A person known only by device tokens or preferences has an empty one; a person of whom nothing is known has none.
#[utoipa::path(
    get, path = "/profiles/{user_id}", tag = "profiles",
    params(("user_id" = String, Path)),
    responses((status = 200, body = ProfileResponse), (status = 404, body = ErrorBody)),
)]
pub(super) async fn get_profile(
    caller: ApiCaller,
    State(state): State<AppState>,
    Path(user): Path<UserId>,
) -> ApiResult<Json<ProfileResponse>> {
    let store = &state.services().store;
    let profile = match store.profile(caller.environment, &user).await? {
        Some(profile) => profile,
        None if store.is_known(caller.environment, &user).await? => Object::new(),
        None => return Err(Error::not_found("Profile not found").into()),
    };
    let said = store.preferences(caller.environment, &user, None).await?;
    Ok(Json(ProfileResponse {
        profile,
        preferences: older::shown(said),
    }))
}
