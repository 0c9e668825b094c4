//! `GET /providers`: the configured providers.

use axum::Json;
use axum::extract::State;
use tidings_store::{DocumentKind, Page};
use tidings_types::Result;
use tidings_wire::error::ErrorBody;
use tidings_wire::paging::Results;
use tidings_wire::provider::Provider;

use super::stored::on_the_wire;
use crate::AppState;
use crate::auth::ApiCaller;
use crate::error::ApiResult;
use crate::paging::results;
use crate::query::{DEFAULT_PAGE, Query};

/// List configured providers, oldest first: the order in which they are tried.
#[utoipa::path(
    get, path = "/providers", tag = "providers",
    params(("cursor" = Option<String>, Query), ("limit" = Option<u32>, Query)),
    responses((status = 200, body = Results<Provider>), (status = 400, body = ErrorBody)),
)]
pub(super) async fn list_providers(
    caller: ApiCaller,
    State(state): State<AppState>,
    query: Query,
) -> ApiResult<Json<Results<Provider>>> {
    let services = state.services();
    let page = query.page(DEFAULT_PAGE, DEFAULT_PAGE)?;
    let found = services
        .store
        .documents(caller.environment, DocumentKind::Provider, None, page)
        .await?;
    let items = found
        .items
        .into_iter()
        .map(|document| on_the_wire(services, document))
        .collect::<Result<_>>()?;
    Ok(Json(results(Page {
        items,
        next: found.next,
    })))
}
