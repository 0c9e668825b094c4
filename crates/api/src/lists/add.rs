//! `POST /lists/{list_id}/subscriptions`: add people to a list.

use axum::extract::State;
use http::StatusCode;
use tidings_pipeline::subscribe;
use tidings_store::lists::By;
use tidings_wire::error::ErrorBody;
use tidings_wire::list::SubscriptionsWrite;

use super::check_id;
use super::stored::{AT_ONCE, people};
use crate::AppState;
use crate::auth::ApiCaller;
use crate::body::JsonBody;
use crate::error::ApiResult;
use crate::path::Path;

/// Add people to a list, making it if need be. Others stay.
///
/// Up to 1,000 people are written at once; more in the background, which the answer 202 says.
#[utoipa::path(
    post, path = "/lists/{list_id}/subscriptions", tag = "lists",
    params(("list_id" = String, Path)),
    request_body = SubscriptionsWrite,
    responses(
        (status = 204, description = "Written."),
        (status = 202, description = "Accepted; it is written in the background."),
        (status = 400, body = ErrorBody),
    ),
)]
pub(super) async fn add_subscriptions(
    caller: ApiCaller,
    State(state): State<AppState>,
    Path(id): Path<String>,
    JsonBody(request): JsonBody<SubscriptionsWrite>,
) -> ApiResult<StatusCode> {
    check_id("list_id", &id)?;
    let (services, environment) = (state.services(), caller.environment);
    let people = people(request.recipients)?;
    if people.len() > AT_ONCE {
        subscribe::later(services, environment, &id, &people, false).await?;
        return Ok(StatusCode::ACCEPTED);
    }
    let now = services.clock.now();
    services
        .store
        .subscribe(environment, &id, people, false, By::api(now))
        .await?;
    Ok(StatusCode::NO_CONTENT)
}
