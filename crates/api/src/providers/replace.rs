//! `PUT /providers/{id}`: replace a provider's configuration.

use axum::Json;
use axum::extract::State;
use tidings_store::{DocumentKind, DocumentWrite};
use tidings_types::{Error, Result};
use tidings_wire::error::ErrorBody;
use tidings_wire::provider::{Provider, ProviderWrite};

use super::stored::{StoredProvider, on_the_wire, title};
use crate::auth::ApiCaller;
use crate::body::JsonBody;
use crate::error::ApiResult;
use crate::path::Path;
use crate::{AppState, document};

/// Replace a provider's configuration. What is left out is gone; a masked secret stays what it was.
#[utoipa::path(
    put, path = "/providers/{id}", tag = "providers",
    params(("id" = String, Path)),
    request_body = ProviderWrite,
    responses(
        (status = 200, body = Provider),
        (status = 400, body = ErrorBody),
        (status = 404, body = ErrorBody),
        (status = 409, description = "The alias is taken.", body = ErrorBody),
    ),
)]
pub(super) async fn replace_provider(
    caller: ApiCaller,
    State(state): State<AppState>,
    Path(id): Path<String>,
    JsonBody(request): JsonBody<ProviderWrite>,
) -> ApiResult<Json<Provider>> {
    let (services, environment) = (state.services(), caller.environment);
    let found = document::find(services, environment, DocumentKind::Provider, &id).await?;
    let before: StoredProvider = document::read(found.body.clone())?;
    same_provider(&before, &request.provider)?;
    let written = StoredProvider {
        provider: request.provider,
        title: title(request.title),
        alias: request.alias,
        settings: request.settings,
    };
    let stored = StoredProvider::seal(services, environment, &id, written, &before.settings)?;
    let change = DocumentWrite {
        names: Some(stored.names()),
        ..document::change(services, &found, document::stored(&stored)?)
    };
    let written = document::write(services, environment, change).await?;
    Ok(Json(on_the_wire(services, written)?))
}

/// Refuses to turn an account of one provider into one of another.
///
/// # Errors
/// `Invalid`.
pub(super) fn same_provider(before: &StoredProvider, provider: &str) -> Result<()> {
    if provider == before.provider {
        return Ok(());
    }
    Err(Error::invalid(format!(
        "provider: This is an account of {}, which cannot be changed",
        before.provider
    )))
}
