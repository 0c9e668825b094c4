//! `POST /webhooks/{id}/deliveries/{delivery_id}/redeliver`: tell it once more.

use axum::extract::State;
use http::StatusCode;
use tidings_bus::Hint;
use tidings_pipeline::webhooks::Endpoint;
use tidings_store::DocumentKind;
use tidings_types::Error;
use tidings_wire::error::ErrorBody;

use super::stored::no_delivery;
use crate::auth::ApiCaller;
use crate::error::ApiResult;
use crate::path::Path;
use crate::{AppState, document};

/// Deliver once more, whatever came of it before. The body is the same; the signature is new.
#[utoipa::path(
    post, path = "/webhooks/{id}/deliveries/{delivery_id}/redeliver", tag = "webhooks",
    params(("id" = String, Path), ("delivery_id" = String, Path)),
    responses(
        (status = 202, description = "It is tried at once."),
        (status = 404, body = ErrorBody),
        (status = 409, description = "The endpoint is disabled.", body = ErrorBody),
    ),
)]
pub(super) async fn redeliver(
    caller: ApiCaller,
    State(state): State<AppState>,
    Path((id, delivery_id)): Path<(String, String)>,
) -> ApiResult<StatusCode> {
    let (services, environment) = (state.services(), caller.environment);
    let found = document::find(services, environment, DocumentKind::Webhook, &id).await?;
    if !Endpoint::of(&found)?.enabled {
        return Err(Error::conflict("The endpoint is disabled").into());
    }
    let now = services.clock.now();
    if !services
        .store
        .redeliver_webhook(environment, &id, &delivery_id, now)
        .await?
    {
        return Err(no_delivery(&delivery_id).into());
    }
    services.bus.send(Hint::Jobs);
    Ok(StatusCode::ACCEPTED)
}
