//! `DELETE .../topics/{topic_id}/digest`: a topic's messages are sent one by one again.

use axum::extract::State;
use http::StatusCode;
use tidings_wire::error::ErrorBody;

use crate::auth::ApiCaller;
use crate::error::ApiResult;
use crate::path::Path;
use crate::{AppState, document, topics};

/// Turn a topic's digest off: its messages are sent one by one again. What is gathered goes in one last digest.
#[utoipa::path(
    delete, path = "/preferences/sections/{section_id}/topics/{topic_id}/digest", tag = "preferences",
    params(("section_id" = String, Path), ("topic_id" = String, Path)),
    responses((status = 204, description = "Off."), (status = 404, body = ErrorBody)),
)]
pub(super) async fn delete_topic_digest(
    caller: ApiCaller,
    State(state): State<AppState>,
    Path((section, topic)): Path<(String, String)>,
) -> ApiResult<StatusCode> {
    let (services, environment) = (state.services(), caller.environment);
    let found = topics::find(services, environment, &section, &topic).await?;
    let mut body = found.body.clone();
    if let Some(fields) = body.as_object_mut() {
        fields.remove("digest");
    }
    document::write(services, environment, document::change(services, &found, body)).await?;
    Ok(StatusCode::NO_CONTENT)
}
