//! `DELETE /lists/{list_id}/subscriptions/{user_id}`: take a person off a list.

use axum::extract::State;
use http::StatusCode;
use tidings_store::lists::By;
use tidings_types::{Error, UserId};
use tidings_wire::error::ErrorBody;

use super::stored::find;
use crate::AppState;
use crate::auth::{UserCaller, WritePreferences};
use crate::error::ApiResult;
use crate::path::Path;

/// Take a person off a list. A token of that person that may write preferences will do.
#[utoipa::path(
    delete, path = "/lists/{list_id}/subscriptions/{user_id}", tag = "lists",
    params(("list_id" = String, Path), ("user_id" = String, Path)),
    responses((status = 204, description = "Taken off."), (status = 404, body = ErrorBody)),
)]
pub(super) async fn unsubscribe(
    caller: UserCaller<WritePreferences>,
    State(state): State<AppState>,
    Path((list, user)): Path<(String, UserId)>,
) -> ApiResult<StatusCode> {
    let services = state.services();
    find(services, caller.environment, &list).await?;
    let by = By {
        source: caller.origin().as_str(),
        now: services.clock.now(),
    };
    let gone = services
        .store
        .unsubscribe(caller.environment, &list, vec![user.clone()], by)
        .await?;
    if gone > 0 {
        Ok(StatusCode::NO_CONTENT)
    } else {
        Err(Error::not_found(format!("User {user} is not subscribed to list {list}")).into())
    }
}
