//! `PUT /preferences/sections/{section_id}/topics/{topic_id}`: replace a topic.

use axum::Json;
use axum::extract::State;
use tidings_wire::error::ErrorBody;
use tidings_wire::topic::{Topic, TopicWrite};

use super::stored::{checked, find, on_the_wire};
use crate::auth::ApiCaller;
use crate::body::JsonBody;
use crate::error::ApiResult;
use crate::path::Path;
use crate::{AppState, document};

/// Replace a topic. It holds for everything not yet handed to a provider.
#[utoipa::path(
    put, path = "/preferences/sections/{section_id}/topics/{topic_id}", tag = "preferences",
    params(("section_id" = String, Path), ("topic_id" = String, Path)),
    request_body = TopicWrite,
    responses((status = 200, body = Topic), (status = 400, body = ErrorBody), (status = 404, body = ErrorBody)),
)]
pub(super) async fn replace_topic(
    caller: ApiCaller,
    State(state): State<AppState>,
    Path((section, id)): Path<(String, String)>,
    JsonBody(request): JsonBody<TopicWrite>,
) -> ApiResult<Json<Topic>> {
    let (services, environment) = (state.services(), caller.environment);
    let found = find(services, environment, &section, &id).await?;
    let body = checked(services, environment, request, Some(&found)).await?;
    let written = document::write(services, environment, document::change(services, &found, body)).await?;
    Ok(Json(on_the_wire(written)?))
}
