//! `GET /lists/{list_id}`: one list.

use axum::Json;
use axum::extract::State;
use tidings_wire::error::ErrorBody;
use tidings_wire::list::List;

use super::on_the_wire;
use super::stored::find;
use crate::AppState;
use crate::auth::ApiCaller;
use crate::error::ApiResult;
use crate::path::Path;

/// Read a list.
#[utoipa::path(
    get, path = "/lists/{list_id}", tag = "lists",
    params(("list_id" = String, Path)),
    responses((status = 200, body = List), (status = 404, body = ErrorBody)),
)]
pub(super) async fn get_list(
    caller: ApiCaller,
    State(state): State<AppState>,
    Path(id): Path<String>,
) -> ApiResult<Json<List>> {
    let list = find(state.services(), caller.environment, &id).await?;
    let preferences = list.preferences.clone();
    Ok(Json(on_the_wire(list, preferences)))
}
