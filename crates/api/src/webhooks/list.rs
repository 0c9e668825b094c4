//! `GET /webhooks`: all endpoints.

use axum::Json;
use axum::extract::State;
use tidings_store::{DocumentKind, Page};
use tidings_wire::paging::Results;
use tidings_wire::webhook::Webhook;

use super::stored::on_the_wire;
use crate::AppState;
use crate::auth::ApiCaller;
use crate::error::ApiResult;
use crate::paging::results;
use crate::query::{DEFAULT_PAGE, Query};

/// List the endpoints, oldest first.
#[utoipa::path(
    get, path = "/webhooks", tag = "webhooks",
    params(("cursor" = Option<String>, Query), ("limit" = Option<u32>, Query)),
    responses((status = 200, body = Results<Webhook>)),
)]
pub(super) async fn list_webhooks(
    caller: ApiCaller,
    State(state): State<AppState>,
    query: Query,
) -> ApiResult<Json<Results<Webhook>>> {
    let (services, environment) = (state.services(), caller.environment);
    let page = query.page(DEFAULT_PAGE, DEFAULT_PAGE)?;
    let found = services
        .store
        .documents(environment, DocumentKind::Webhook, None, page)
        .await?;
    let mut items = Vec::with_capacity(found.items.len());
    for document in &found.items {
        items.push(on_the_wire(services, environment, document).await?);
    }
    Ok(Json(results(Page {
        items,
        next: found.next,
    })))
}
