//! `GET /providers/{id}`: one configured provider.

use axum::Json;
use axum::extract::State;
use tidings_store::DocumentKind;
use tidings_wire::error::ErrorBody;
use tidings_wire::provider::Provider;

use super::stored::on_the_wire;
use crate::auth::ApiCaller;
use crate::error::ApiResult;
use crate::path::Path;
use crate::{AppState, document};

/// Read a configured provider. Secrets are masked.
#[utoipa::path(
    get, path = "/providers/{id}", tag = "providers",
    params(("id" = String, Path)),
    responses((status = 200, body = Provider), (status = 404, body = ErrorBody)),
)]
pub(super) async fn get_provider(
    caller: ApiCaller,
    State(state): State<AppState>,
    Path(id): Path<String>,
) -> ApiResult<Json<Provider>> {
    let services = state.services();
    let found = document::find(services, caller.environment, DocumentKind::Provider, &id).await?;
    Ok(Json(on_the_wire(services, found)?))
}
