//! `GET /webhooks/{id}/deliveries`: what an endpoint was told.

use axum::Json;
use axum::extract::State;
use tidings_store::webhooks::DeliveryState;
use tidings_store::{DocumentKind, Page};
use tidings_types::Error;
use tidings_wire::error::ErrorBody;
use tidings_wire::paging::Results;
use tidings_wire::webhook::WebhookDelivery;

use super::stored::delivery;
use crate::auth::ApiCaller;
use crate::error::ApiResult;
use crate::paging::results;
use crate::path::Path;
use crate::query::{DEFAULT_PAGE, Query};
use crate::{AppState, document};

/// List what an endpoint was told and what came of it, newest first. Entries that have ended are kept for a week.
#[utoipa::path(
    get, path = "/webhooks/{id}/deliveries", tag = "webhooks",
    params(
        ("id" = String, Path),
        ("state" = Option<String>, Query, description = "Only `pending`, `delivered` or `failed` ones."),
        ("cursor" = Option<String>, Query),
        ("limit" = Option<u32>, Query),
    ),
    responses((status = 200, body = Results<WebhookDelivery>), (status = 404, body = ErrorBody)),
)]
pub(super) async fn list_deliveries(
    caller: ApiCaller,
    State(state): State<AppState>,
    Path(id): Path<String>,
    query: Query,
) -> ApiResult<Json<Results<WebhookDelivery>>> {
    let (services, environment) = (state.services(), caller.environment);
    let page = query.page(DEFAULT_PAGE, DEFAULT_PAGE)?;
    let wanted = match query.text("state") {
        None => None,
        Some(name) => Some(
            DeliveryState::parse(name)
                .ok_or_else(|| Error::invalid("state: Expected one of pending, delivered, failed"))?,
        ),
    };
    document::find(services, environment, DocumentKind::Webhook, &id).await?;
    let found = services
        .store
        .webhook_deliveries(environment, &id, wanted, page)
        .await?;
    Ok(Json(results(Page {
        items: found.items.into_iter().map(|one| delivery(one, false)).collect(),
        next: found.next,
    })))
}
