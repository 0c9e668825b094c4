//! `POST /routing-strategies`: a new strategy.

use axum::Json;
use axum::extract::State;
use http::StatusCode;
use tidings_store::DocumentKind;
use tidings_types::id::new_prefixed_id;
use tidings_wire::error::ErrorBody;
use tidings_wire::routing_strategy::{RoutingStrategy, RoutingStrategyWrite};

use super::stored::{checked, on_the_wire};
use crate::auth::ApiCaller;
use crate::body::JsonBody;
use crate::error::ApiResult;
use crate::{AppState, document};

/// Make a routing strategy.
#[utoipa::path(
    post, path = "/routing-strategies", tag = "routing-strategies",
    request_body = RoutingStrategyWrite,
    responses((status = 201, body = RoutingStrategy), (status = 400, body = ErrorBody)),
)]
pub(super) async fn create_strategy(
    caller: ApiCaller,
    State(state): State<AppState>,
    JsonBody(request): JsonBody<RoutingStrategyWrite>,
) -> ApiResult<(StatusCode, Json<RoutingStrategy>)> {
    let services = state.services();
    let id = new_prefixed_id("rs_", services.clock.now(), services.random.as_ref());
    let new = document::new(services, DocumentKind::RoutingStrategy, id, checked(&request)?);
    let made = document::create(services, caller.environment, new).await?;
    Ok((StatusCode::CREATED, Json(on_the_wire(made)?)))
}
