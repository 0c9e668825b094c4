//! `PUT /lists/{list_id}`: make a list or change it.

use axum::extract::State;
use http::StatusCode;
use tidings_pipeline::preferences;
use tidings_wire::error::ErrorBody;
use tidings_wire::list::ListWrite;

use super::check_id;
use crate::auth::ApiCaller;
use crate::body::JsonBody;
use crate::error::ApiResult;
use crate::path::Path;
use crate::{AppState, validation};

/// Make a list, or change its name and preferences. A deleted one comes back.
#[utoipa::path(
    put, path = "/lists/{list_id}", tag = "lists",
    params(("list_id" = String, Path)),
    request_body = ListWrite,
    responses((status = 204, description = "Stored."), (status = 400, body = ErrorBody)),
)]
pub(super) async fn put_list(
    caller: ApiCaller,
    State(state): State<AppState>,
    Path(id): Path<String>,
    JsonBody(request): JsonBody<ListWrite>,
) -> ApiResult<StatusCode> {
    check_id("list_id", &id)?;
    validation::no_control_characters("name", &request.name)?;
    if let Some(said) = &request.preferences {
        preferences::check_of_list("preferences", said)?;
    }
    let services = state.services();
    services
        .store
        .put_list(
            caller.environment,
            &id,
            &request.name,
            request.preferences,
            services.clock.now(),
        )
        .await?;
    Ok(StatusCode::NO_CONTENT)
}
