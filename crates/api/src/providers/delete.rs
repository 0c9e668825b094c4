//! `DELETE /providers/{id}`: take a provider's configuration away.

use axum::extract::State;
use http::StatusCode;
use tidings_store::DocumentKind;
use tidings_types::Error;
use tidings_wire::error::ErrorBody;

use super::references::strategy_naming;
use crate::auth::ApiCaller;
use crate::error::ApiResult;
use crate::path::Path;
use crate::{AppState, document};

/// Take a provider's configuration away that no routing strategy names. Nothing leaves through it any more.
#[utoipa::path(
    delete, path = "/providers/{id}", tag = "providers",
    params(("id" = String, Path)),
    responses(
        (status = 204, description = "Gone."),
        (status = 404, body = ErrorBody),
        (status = 409, description = "A routing strategy names it.", body = ErrorBody),
    ),
)]
pub(super) async fn delete_provider(
    caller: ApiCaller,
    State(state): State<AppState>,
    Path(id): Path<String>,
) -> ApiResult<StatusCode> {
    let (services, environment) = (state.services(), caller.environment);
    let found = document::find(services, environment, DocumentKind::Provider, &id).await?;
    if let Some(strategy) = strategy_naming(services, environment, &found).await? {
        let told = format!("Provider {id} is named by routing strategy {strategy} and cannot be deleted");
        return Err(Error::conflict(told).into());
    }
    document::archive(services, environment, DocumentKind::Provider, &id).await?;
    Ok(StatusCode::NO_CONTENT)
}
