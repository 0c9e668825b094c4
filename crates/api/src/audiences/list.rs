//! `GET /audiences`: all audiences.

use axum::Json;
use axum::extract::State;
use tidings_wire::audience::Audience;
use tidings_wire::error::ErrorBody;
use tidings_wire::paging::Items;

use super::on_the_wire;
use crate::AppState;
use crate::auth::ApiCaller;
use crate::error::ApiResult;
use crate::paging::items;
use crate::query::{DEFAULT_PAGE, Query};

/// List audiences, by their ids.
#[utoipa::path(
    get, path = "/audiences", tag = "audiences",
    params(("cursor" = Option<String>, Query)),
    responses((status = 200, body = Items<Audience>), (status = 400, body = ErrorBody)),
)]
pub(super) async fn list_audiences(
    caller: ApiCaller,
    State(state): State<AppState>,
    query: Query,
) -> ApiResult<Json<Items<Audience>>> {
    let page = query.page(DEFAULT_PAGE, DEFAULT_PAGE)?;
    let found = state.services().store.audiences(caller.environment, page).await?;
    Ok(Json(items(found.map(on_the_wire))))
}
