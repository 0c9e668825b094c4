//! `PUT /client/lists/{list_id}/subscribe/{user_id}` and `DELETE /client/lists/{list_id}/unsubscribe/{user_id}`: a person
//! puts themselves on a list, or takes themselves off.

use axum::extract::State;
use http::StatusCode;
use tidings_store::NewSubscription;
use tidings_store::lists::By;
use tidings_types::UserId;
use tidings_wire::error::ErrorBody;

use super::check_id;
use crate::AppState;
use crate::auth::{UserCaller, WritePreferences};
use crate::error::ApiResult;
use crate::path::Path;

/// Put a person on a list. A token of that person that may write preferences will do.
#[utoipa::path(
    put, path = "/client/lists/{list_id}/subscribe/{user_id}", tag = "lists",
    params(("list_id" = String, Path), ("user_id" = String, Path)),
    responses((status = 204, description = "Written."), (status = 400, body = ErrorBody)),
)]
pub(super) async fn client_subscribe(
    caller: UserCaller<WritePreferences>,
    State(state): State<AppState>,
    Path((list, _user)): Path<(String, UserId)>,
) -> ApiResult<StatusCode> {
    check_id("list_id", &list)?;
    let services = state.services();
    let one = NewSubscription {
        user_id: caller.user.clone(),
        preferences: None,
    };
    let by = By {
        source: caller.origin().as_str(),
        now: services.clock.now(),
    };
    services
        .store
        .subscribe(caller.environment, &list, vec![one], false, by)
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Take a person off a list. Who is not on it is not on it afterwards either.
#[utoipa::path(
    delete, path = "/client/lists/{list_id}/unsubscribe/{user_id}", tag = "lists",
    params(("list_id" = String, Path), ("user_id" = String, Path)),
    responses((status = 204, description = "Taken off."), (status = 400, body = ErrorBody)),
)]
pub(super) async fn client_unsubscribe(
    caller: UserCaller<WritePreferences>,
    State(state): State<AppState>,
    Path((list, _user)): Path<(String, UserId)>,
) -> ApiResult<StatusCode> {
    let services = state.services();
    let by = By {
        source: caller.origin().as_str(),
        now: services.clock.now(),
    };
    services
        .store
        .unsubscribe(caller.environment, &list, vec![caller.user.clone()], by)
        .await?;
    Ok(StatusCode::NO_CONTENT)
}
