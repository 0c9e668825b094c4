//! `PUT /notifications/{id}/draft/locales/{locale_id}`: one language.

use axum::Json;
use axum::extract::State;
use serde_json::Value;
use tidings_wire::error::ErrorBody;
use tidings_wire::notification::{BlockLocale, Mutation};

use super::blocks;
use super::change::{Then, change_elements};
use crate::AppState;
use crate::auth::ApiCaller;
use crate::body::JsonBody;
use crate::error::ApiResult;
use crate::path::Path;

/// Write texts of one language into the draft, as older clients do: blocks are elements.
#[utoipa::path(
    put, path = "/notifications/{id}/draft/locales/{locale_id}", tag = "notifications",
    params(("id" = String, Path), ("locale_id" = String, Path)),
    request_body = BlockLocale,
    responses((status = 200, body = Mutation), (status = 400, body = ErrorBody), (status = 404, body = ErrorBody)),
)]
pub(super) async fn put_draft_locale(
    caller: ApiCaller,
    State(state): State<AppState>,
    Path((id, locale)): Path<(String, String)>,
    JsonBody(written): JsonBody<BlockLocale>,
) -> ApiResult<Json<Mutation>> {
    tidings_types::locale::check("locale_id", &locale)?;
    let edit = |elements: &mut Vec<Value>| blocks::one_locale(elements, &id, &locale, written);
    let then = Then::Keep;
    Ok(Json(
        change_elements(state.services(), caller.environment, &id, then, edit).await?,
    ))
}
