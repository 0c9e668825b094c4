//! `PUT /notifications/{id}/locales`: several languages at once.

use axum::Json;
use axum::extract::State;
use serde_json::Value;
use tidings_wire::error::ErrorBody;
use tidings_wire::notification::{BlockLocales, Mutation};

use super::blocks;
use super::change::{Then, change_elements};
use crate::AppState;
use crate::auth::ApiCaller;
use crate::body::JsonBody;
use crate::error::ApiResult;
use crate::path::Path;

/// Write texts of several languages and publish them, as older clients do: blocks are elements. It is refused while
/// the draft has other changes.
#[utoipa::path(
    put, path = "/notifications/{id}/locales", tag = "notifications",
    params(("id" = String, Path)),
    request_body = BlockLocales,
    responses((status = 200, body = Mutation), (status = 400, body = ErrorBody), (status = 404, body = ErrorBody)),
)]
pub(super) async fn put_locales(
    caller: ApiCaller,
    State(state): State<AppState>,
    Path(id): Path<String>,
    JsonBody(written): JsonBody<BlockLocales>,
) -> ApiResult<Json<Mutation>> {
    let edit = |elements: &mut Vec<Value>| blocks::all_locales(elements, &id, written);
    let then = Then::PublishAlone;
    Ok(Json(
        change_elements(state.services(), caller.environment, &id, then, edit).await?,
    ))
}
