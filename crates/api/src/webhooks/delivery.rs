//! `GET /webhooks/{id}/deliveries/{delivery_id}`: one delivery with its body.

use axum::Json;
use axum::extract::State;
use tidings_wire::error::ErrorBody;
use tidings_wire::webhook::WebhookDelivery;

use super::stored::{delivery, no_delivery};
use crate::AppState;
use crate::auth::ApiCaller;
use crate::error::ApiResult;
use crate::path::Path;

/// Read a delivery, with the body that is sent and the latest attempts.
#[utoipa::path(
    get, path = "/webhooks/{id}/deliveries/{delivery_id}", tag = "webhooks",
    params(("id" = String, Path), ("delivery_id" = String, Path)),
    responses((status = 200, body = WebhookDelivery), (status = 404, body = ErrorBody)),
)]
pub(super) async fn get_delivery(
    caller: ApiCaller,
    State(state): State<AppState>,
    Path((id, delivery_id)): Path<(String, String)>,
) -> ApiResult<Json<WebhookDelivery>> {
    let store = &state.services().store;
    let found = store.webhook_delivery(caller.environment, &id, &delivery_id).await?;
    let found = found.ok_or_else(|| no_delivery(&delivery_id))?;
    Ok(Json(delivery(found, true)))
}
