//! `PUT /routing-strategies/{id}`: replace a strategy.

use axum::Json;
use axum::extract::State;
use tidings_store::DocumentKind;
use tidings_wire::error::ErrorBody;
use tidings_wire::routing_strategy::{RoutingStrategy, RoutingStrategyWrite};

use super::stored::{checked, on_the_wire};
use crate::auth::ApiCaller;
use crate::body::JsonBody;
use crate::error::ApiResult;
use crate::path::Path;
use crate::{AppState, document};

/// Replace a routing strategy. All templates linked to it are routed so at once.
#[utoipa::path(
    put, path = "/routing-strategies/{id}", tag = "routing-strategies",
    params(("id" = String, Path)),
    request_body = RoutingStrategyWrite,
    responses(
        (status = 200, body = RoutingStrategy),
        (status = 400, body = ErrorBody),
        (status = 404, body = ErrorBody),
    ),
)]
pub(super) async fn replace_strategy(
    caller: ApiCaller,
    State(state): State<AppState>,
    Path(id): Path<String>,
    JsonBody(request): JsonBody<RoutingStrategyWrite>,
) -> ApiResult<Json<RoutingStrategy>> {
    let (services, environment) = (state.services(), caller.environment);
    let body = checked(&request)?;
    let found = document::find(services, environment, DocumentKind::RoutingStrategy, &id).await?;
    let written = document::write(services, environment, document::change(services, &found, body)).await?;
    Ok(Json(on_the_wire(written)?))
}
