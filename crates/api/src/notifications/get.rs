//! `GET /notifications/{id}`: one version of a template.

use axum::Json;
use axum::extract::State;
use tidings_wire::error::ErrorBody;
use tidings_wire::notification::Notification;

use super::shown::Shown;
use super::version::Which;
use crate::AppState;
use crate::auth::ApiCaller;
use crate::error::ApiResult;
use crate::path::Path;
use crate::query::Query;

/// Read a template, as it is published unless another version is asked for.
#[utoipa::path(
    get, path = "/notifications/{id}", tag = "notifications",
    params(
        ("id" = String, Path),
        ("version" = Option<String>, Query, description = "`published` (the default), `draft` or `v001`."),
    ),
    responses((status = 200, body = Notification), (status = 400, body = ErrorBody), (status = 404, body = ErrorBody)),
)]
pub(super) async fn get_notification(
    caller: ApiCaller,
    State(state): State<AppState>,
    Path(id): Path<String>,
    query: Query,
) -> ApiResult<Json<Notification>> {
    let which = Which::parse(query.text("version"))?;
    let found = Shown::find(state.services(), caller.environment, &id, which).await?;
    Ok(Json(found.on_the_wire()?))
}
