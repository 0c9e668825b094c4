//! `PUT /settings/{section}`: replace what holds for the environment.

use axum::Json;
use axum::extract::State;
use serde_json::Value;
use tidings_store::DocumentKind;
use tidings_wire::error::ErrorBody;

use super::sections::Section;
use crate::auth::ApiCaller;
use crate::body::JsonValue;
use crate::error::ApiResult;
use crate::path::Path;
use crate::{AppState, document};

/// Replace a section of the environment's settings. What is left out gets its default. It holds from the next message
/// on that is worked on.
#[utoipa::path(
    put, path = "/settings/{section}", tag = "settings",
    params(("section" = String, Path, description = "Which part, such as `content`.")),
    request_body(content = Object, example = json!({"locale_fallback": true, "missing_variables": "fail"})),
    responses((status = 200, body = Object), (status = 400, body = ErrorBody), (status = 404, body = ErrorBody)),
)]
pub(super) async fn put_settings(
    caller: ApiCaller,
    State(state): State<AppState>,
    Path(section): Path<String>,
    JsonValue(written): JsonValue,
) -> ApiResult<Json<Value>> {
    let (services, environment) = (state.services(), caller.environment);
    let section = Section::find(&section)?;
    let body = section.complete(&written)?;
    document::put(
        services,
        environment,
        DocumentKind::Settings,
        section.name,
        body.clone(),
    )
    .await?;
    Ok(Json(body))
}
