//! `GET /routing-strategies/{id}`: one strategy.

use axum::Json;
use axum::extract::State;
use tidings_store::DocumentKind;
use tidings_wire::error::ErrorBody;
use tidings_wire::routing_strategy::RoutingStrategy;

use super::stored::on_the_wire;
use crate::auth::ApiCaller;
use crate::error::ApiResult;
use crate::path::Path;
use crate::{AppState, document};

/// Read a routing strategy.
#[utoipa::path(
    get, path = "/routing-strategies/{id}", tag = "routing-strategies",
    params(("id" = String, Path)),
    responses((status = 200, body = RoutingStrategy), (status = 404, body = ErrorBody)),
)]
pub(super) async fn get_strategy(
    caller: ApiCaller,
    State(state): State<AppState>,
    Path(id): Path<String>,
) -> ApiResult<Json<RoutingStrategy>> {
    let kind = DocumentKind::RoutingStrategy;
    let found = document::find(state.services(), caller.environment, kind, &id).await?;
    Ok(Json(on_the_wire(found)?))
}
