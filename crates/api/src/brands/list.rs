//! `GET /brands`: the brands there are.

use axum::Json;
use axum::extract::State;
use tidings_store::{DocumentKind, Page};
use tidings_types::Result;
use tidings_wire::brand::Brand;
use tidings_wire::error::ErrorBody;
use tidings_wire::paging::Results;

use super::stored::on_the_wire;
use crate::AppState;
use crate::auth::{ReadBrands, Scoped};
use crate::error::ApiResult;
use crate::paging::results;
use crate::query::{DEFAULT_PAGE, Query};

/// List brands, oldest first.
#[utoipa::path(
    get, path = "/brands", tag = "brands",
    params(("cursor" = Option<String>, Query), ("limit" = Option<u32>, Query)),
    responses((status = 200, body = Results<Brand>), (status = 400, body = ErrorBody)),
)]
pub(super) async fn list_brands(
    caller: Scoped<ReadBrands>,
    State(state): State<AppState>,
    query: Query,
) -> ApiResult<Json<Results<Brand>>> {
    let page = query.page(DEFAULT_PAGE, DEFAULT_PAGE)?;
    let found = state
        .services()
        .store
        .documents(caller.environment, DocumentKind::Brand, None, page)
        .await?;
    let items = found.items.into_iter().map(on_the_wire).collect::<Result<_>>()?;
    Ok(Json(results(Page {
        items,
        next: found.next,
    })))
}
