//! `POST /notifications/{id}/draft/channels/{channel_id}/locales`: a channel's subject in several languages.

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::State;
use serde_json::Value;
use tidings_wire::error::ErrorBody;
use tidings_wire::notification::{ChannelLocale, Mutation};

use super::blocks;
use super::change::{Then, change_elements};
use crate::AppState;
use crate::auth::ApiCaller;
use crate::body::JsonBody;
use crate::error::ApiResult;
use crate::path::Path;

/// Write the subject or title of a channel in several languages into the draft, as older clients do.
#[utoipa::path(
    post, path = "/notifications/{id}/draft/channels/{channel_id}/locales", tag = "notifications",
    params(("id" = String, Path), ("channel_id" = String, Path)),
    request_body = BTreeMap<String, ChannelLocale>,
    responses((status = 200, body = Mutation), (status = 400, body = ErrorBody), (status = 404, body = ErrorBody)),
)]
pub(super) async fn post_draft_channel_locales(
    caller: ApiCaller,
    State(state): State<AppState>,
    Path((id, channel)): Path<(String, String)>,
    JsonBody(written): JsonBody<BTreeMap<String, ChannelLocale>>,
) -> ApiResult<Json<Mutation>> {
    let edit = |elements: &mut Vec<Value>| {
        for (locale, text) in written {
            blocks::channel_text(elements, &id, "channel_id", &channel, &locale, &text)?;
        }
        Ok(())
    };
    let then = Then::Keep;
    Ok(Json(
        change_elements(state.services(), caller.environment, &id, then, edit).await?,
    ))
}
