//! `GET /settings/{section}`: what holds for the environment.

use axum::Json;
use axum::extract::State;
use serde_json::{Value, json};
use tidings_store::DocumentKind;
use tidings_wire::error::ErrorBody;

use super::sections::Section;
use crate::AppState;
use crate::auth::ApiCaller;
use crate::error::ApiResult;
use crate::path::Path;

/// Read a section of the environment's settings. What was never saved is shown with its defaults.
#[utoipa::path(
    get, path = "/settings/{section}", tag = "settings",
    params(("section" = String, Path, description = "Which part, such as `content`.")),
    responses((status = 200, body = Object), (status = 404, body = ErrorBody)),
)]
pub(super) async fn get_settings(
    caller: ApiCaller,
    State(state): State<AppState>,
    Path(section): Path<String>,
) -> ApiResult<Json<Value>> {
    let section = Section::find(&section)?;
    let store = &state.services().store;
    let found = store
        .document(caller.environment, DocumentKind::Settings, section.name)
        .await?;
    let saved = found.map_or_else(|| json!({}), |document| document.body);
    Ok(Json(section.complete(&saved)?))
}
