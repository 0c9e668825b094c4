//! `DELETE /audiences/{audience_id}`: take an audience away.

use axum::extract::State;
use http::StatusCode;
use tidings_bus::Hint;
use tidings_pipeline::audiences::rebuild;
use tidings_wire::error::ErrorBody;

use super::not_found;
use crate::AppState;
use crate::auth::ApiCaller;
use crate::error::ApiResult;
use crate::path::Path;

/// Take an audience away.
#[utoipa::path(
    delete, path = "/audiences/{audience_id}", tag = "audiences",
    params(("audience_id" = String, Path)),
    responses((status = 204, description = "Gone."), (status = 404, body = ErrorBody)),
)]
pub(super) async fn delete_audience(
    caller: ApiCaller,
    State(state): State<AppState>,
    Path(id): Path<String>,
) -> ApiResult<StatusCode> {
    let (services, environment) = (state.services(), caller.environment);
    let sweep = rebuild(environment, &id, services.clock.now());
    if services.store.delete_audience(environment, &id, sweep).await? {
        services.bus.send(Hint::Jobs);
        Ok(StatusCode::NO_CONTENT)
    } else {
        Err(not_found(&id).into())
    }
}
