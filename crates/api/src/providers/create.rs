//! `POST /providers`: configure a provider.

use axum::Json;
use axum::extract::State;
use http::StatusCode;
use tidings_store::{DocumentKind, NewDocument};
use tidings_types::Object;
use tidings_types::id::new_prefixed_id;
use tidings_wire::error::ErrorBody;
use tidings_wire::provider::{Provider, ProviderWrite};

use super::stored::{StoredProvider, on_the_wire, title};
use crate::auth::ApiCaller;
use crate::body::JsonBody;
use crate::error::ApiResult;
use crate::{AppState, document};

/// Configure a provider. Its messages can leave from now on.
#[utoipa::path(
    post, path = "/providers", tag = "providers",
    request_body = ProviderWrite,
    responses(
        (status = 201, body = Provider),
        (status = 400, description = "Such as a setting that is unknown or missing.", body = ErrorBody),
        (status = 409, description = "The alias is taken.", body = ErrorBody),
    ),
)]
pub(super) async fn create_provider(
    caller: ApiCaller,
    State(state): State<AppState>,
    JsonBody(request): JsonBody<ProviderWrite>,
) -> ApiResult<(StatusCode, Json<Provider>)> {
    let (services, environment) = (state.services(), caller.environment);
    let id = new_prefixed_id("prv_", services.clock.now(), services.random.as_ref());
    let written = StoredProvider {
        provider: request.provider,
        title: title(request.title),
        alias: request.alias,
        settings: request.settings,
    };
    let stored = StoredProvider::seal(services, environment, &id, written, &Object::new())?;
    let new = NewDocument {
        names: stored.names(),
        ..document::new(services, DocumentKind::Provider, id, document::stored(&stored)?)
    };
    let made = document::create(services, environment, new).await?;
    Ok((StatusCode::CREATED, Json(on_the_wire(services, made)?)))
}
