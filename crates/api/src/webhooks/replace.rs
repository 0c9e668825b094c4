//! `PUT /webhooks/{id}`: replace an endpoint.

use axum::Json;
use axum::extract::State;
use tidings_pipeline::webhooks::Endpoint;
use tidings_store::DocumentKind;
use tidings_wire::error::ErrorBody;
use tidings_wire::webhook::{Webhook, WebhookWrite};

use super::stored::{checked, on_the_wire};
use crate::auth::ApiCaller;
use crate::body::JsonBody;
use crate::error::ApiResult;
use crate::path::Path;
use crate::{AppState, document};

/// Replace an endpoint. One that was disabled is enabled again, unless `enabled` is false, and gets another day.
#[utoipa::path(
    put, path = "/webhooks/{id}", tag = "webhooks",
    params(("id" = String, Path)),
    request_body = WebhookWrite,
    responses((status = 200, body = Webhook), (status = 400, body = ErrorBody), (status = 404, body = ErrorBody)),
)]
pub(super) async fn replace_webhook(
    caller: ApiCaller,
    State(state): State<AppState>,
    Path(id): Path<String>,
    JsonBody(request): JsonBody<WebhookWrite>,
) -> ApiResult<Json<Webhook>> {
    let (services, environment) = (state.services(), caller.environment);
    let found = document::find(services, environment, DocumentKind::Webhook, &id).await?;
    let before = Endpoint::of(&found)?;
    let endpoint = checked(services, environment, &id, request, Some(&before))?;
    let change = document::change(services, &found, document::stored(&endpoint)?);
    let written = document::write(services, environment, change).await?;
    if endpoint.enabled {
        services.store.forgive_webhook(environment, &id).await?;
    }
    Ok(Json(on_the_wire(services, environment, &written).await?))
}
