//! `POST /notifications/{id}/draft/blocks/{block_id}/locales`: one element in several languages.

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::State;
use serde_json::Value;
use tidings_wire::error::ErrorBody;
use tidings_wire::notification::Mutation;

use super::blocks;
use super::change::{Then, change_elements};
use crate::AppState;
use crate::auth::ApiCaller;
use crate::body::JsonBody;
use crate::error::ApiResult;
use crate::path::Path;

/// Write the text of one element in several languages into the draft, as older clients do.
#[utoipa::path(
    post, path = "/notifications/{id}/draft/blocks/{block_id}/locales", tag = "notifications",
    params(("id" = String, Path), ("block_id" = String, Path)),
    request_body = BTreeMap<String, String>,
    responses((status = 200, body = Mutation), (status = 400, body = ErrorBody), (status = 404, body = ErrorBody)),
)]
pub(super) async fn post_draft_block_locales(
    caller: ApiCaller,
    State(state): State<AppState>,
    Path((id, block)): Path<(String, String)>,
    JsonBody(written): JsonBody<BTreeMap<String, String>>,
) -> ApiResult<Json<Mutation>> {
    let edit = |elements: &mut Vec<Value>| {
        for (locale, text) in written {
            blocks::block_text(elements, &id, "block_id", &block, &locale, &text)?;
        }
        Ok(())
    };
    let then = Then::Keep;
    Ok(Json(
        change_elements(state.services(), caller.environment, &id, then, edit).await?,
    ))
}
