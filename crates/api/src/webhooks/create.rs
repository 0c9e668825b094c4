//! `POST /webhooks`: a new endpoint.

use axum::Json;
use axum::extract::State;
use http::StatusCode;
use tidings_pipeline::webhooks::{MAX_ENDPOINTS, endpoints};
use tidings_store::DocumentKind;
use tidings_types::Error;
use tidings_types::id::new_prefixed_id;
use tidings_wire::error::ErrorBody;
use tidings_wire::webhook::{Webhook, WebhookWrite};

use super::stored::{checked, on_the_wire};
use crate::auth::ApiCaller;
use crate::body::JsonBody;
use crate::error::ApiResult;
use crate::{AppState, document};

/// Tell an endpoint what happens from now on.
#[utoipa::path(
    post, path = "/webhooks", tag = "webhooks",
    request_body = WebhookWrite,
    responses(
        (status = 201, body = Webhook),
        (status = 400, body = ErrorBody),
        (status = 409, description = "There are as many as there may be.", body = ErrorBody),
    ),
)]
pub(super) async fn create_webhook(
    caller: ApiCaller,
    State(state): State<AppState>,
    JsonBody(request): JsonBody<WebhookWrite>,
) -> ApiResult<(StatusCode, Json<Webhook>)> {
    let (services, environment) = (state.services(), caller.environment);
    if endpoints(services, environment).await?.len() >= MAX_ENDPOINTS {
        let told = format!("An environment has at most {MAX_ENDPOINTS} webhooks");
        return Err(Error::conflict(told).into());
    }
    let id = new_prefixed_id("whk_", services.clock.now(), services.random.as_ref());
    let endpoint = checked(services, environment, &id, request, None)?;
    let new = document::new(services, DocumentKind::Webhook, id, document::stored(&endpoint)?);
    let made = document::create(services, environment, new).await?;
    Ok((
        StatusCode::CREATED,
        Json(on_the_wire(services, environment, &made).await?),
    ))
}
