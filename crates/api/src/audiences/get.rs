//! `GET /audiences/{audience_id}`: one audience.

use axum::Json;
use axum::extract::State;
use tidings_wire::audience::Audience;
use tidings_wire::error::ErrorBody;

use super::{find, on_the_wire};
use crate::AppState;
use crate::auth::ApiCaller;
use crate::error::ApiResult;
use crate::path::Path;

/// Read an audience.
#[utoipa::path(
    get, path = "/audiences/{audience_id}", tag = "audiences",
    params(("audience_id" = String, Path)),
    responses((status = 200, body = Audience), (status = 404, body = ErrorBody)),
)]
pub(super) async fn get_audience(
    caller: ApiCaller,
    State(state): State<AppState>,
    Path(id): Path<String>,
) -> ApiResult<Json<Audience>> {
    Ok(Json(on_the_wire(
        find(state.services(), caller.environment, &id).await?,
    )))
}
