//! `GET /profiles/{user_id}/lists`: the lists of a person.

use axum::Json;
use axum::extract::State;
use tidings_types::UserId;
use tidings_wire::error::ErrorBody;
use tidings_wire::list::List;
use tidings_wire::paging::Results;

use crate::AppState;
use crate::auth::ApiCaller;
use crate::error::ApiResult;
use crate::lists::on_the_wire;
use crate::paging::results;
use crate::path::Path;
use crate::query::{DEFAULT_PAGE, Query};

/// List the lists a person is on, by their ids.
#[utoipa::path(
    get, path = "/profiles/{user_id}/lists", tag = "lists",
    params(("user_id" = String, Path), ("cursor" = Option<String>, Query)),
    responses((status = 200, body = Results<List>), (status = 400, body = ErrorBody)),
)]
pub(super) async fn list_profile_lists(
    caller: ApiCaller,
    State(state): State<AppState>,
    Path(user): Path<UserId>,
    query: Query,
) -> ApiResult<Json<Results<List>>> {
    let page = query.page(DEFAULT_PAGE, DEFAULT_PAGE)?;
    let store = &state.services().store;
    let found = store.lists_of(caller.environment, &user, page).await?;
    Ok(Json(results(found.map(|one| on_the_wire(one.list, one.preferences)))))
}
