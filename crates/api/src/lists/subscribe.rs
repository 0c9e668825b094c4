//! `PUT /lists/{list_id}/subscriptions/{user_id}`: put a person on a list.

use axum::extract::State;
use http::StatusCode;
use tidings_store::NewSubscription;
use tidings_store::lists::By;
use tidings_types::UserId;
use tidings_wire::error::ErrorBody;
use tidings_wire::list::SubscriptionWrite;

use super::check_id;
use super::stored::said;
use crate::AppState;
use crate::auth::{UserCaller, WritePreferences};
use crate::body::JsonBody;
use crate::error::ApiResult;
use crate::path::Path;

/// Put a person on a list, making it if need be. Whoever is on it stays with what they prefer, unless the body says so.
/// A token of that person that may write preferences will do.
#[utoipa::path(
    put, path = "/lists/{list_id}/subscriptions/{user_id}", tag = "lists",
    params(("list_id" = String, Path), ("user_id" = String, Path)),
    request_body = SubscriptionWrite,
    responses((status = 204, description = "Written."), (status = 400, body = ErrorBody)),
)]
pub(super) async fn subscribe(
    caller: UserCaller<WritePreferences>,
    State(state): State<AppState>,
    Path((list, _user)): Path<(String, UserId)>,
    JsonBody(request): JsonBody<SubscriptionWrite>,
) -> ApiResult<StatusCode> {
    check_id("list_id", &list)?;
    let services = state.services();
    let one = NewSubscription {
        user_id: caller.user.clone(),
        preferences: said("preferences", request.preferences)?,
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
