//! `GET /routing-strategies`: the strategies there are.

use axum::Json;
use axum::extract::State;
use tidings_store::{DocumentKind, Page};
use tidings_types::Result;
use tidings_wire::error::ErrorBody;
use tidings_wire::paging::Results;
use tidings_wire::routing_strategy::RoutingStrategySummary;

use super::stored::summary;
use crate::AppState;
use crate::auth::ApiCaller;
use crate::error::ApiResult;
use crate::paging::results;
use crate::query::Query;

pub(super) const PAGE: u32 = 20;
pub(super) const MAX_PAGE: u32 = 100;

/// List routing strategies without their routing, oldest first.
#[utoipa::path(
    get, path = "/routing-strategies", tag = "routing-strategies",
    params(("cursor" = Option<String>, Query), ("limit" = Option<u32>, Query)),
    responses((status = 200, body = Results<RoutingStrategySummary>), (status = 400, body = ErrorBody)),
)]
pub(super) async fn list_strategies(
    caller: ApiCaller,
    State(state): State<AppState>,
    query: Query,
) -> ApiResult<Json<Results<RoutingStrategySummary>>> {
    let page = query.page(PAGE, MAX_PAGE)?;
    let store = &state.services().store;
    let found = store
        .documents(caller.environment, DocumentKind::RoutingStrategy, None, page)
        .await?;
    let items = found.items.into_iter().map(summary).collect::<Result<_>>()?;
    Ok(Json(results(Page {
        items,
        next: found.next,
    })))
}
