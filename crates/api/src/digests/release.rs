//! `POST .../topics/{topic_id}/digest/release`: sending a person what is gathered for them now.

use axum::extract::State;
use http::StatusCode;
use tidings_pipeline::digests;
use tidings_types::{Error, TopicId, UserId};
use tidings_wire::digest::ReleaseRequest;
use tidings_wire::error::ErrorBody;

use crate::AppState;
use crate::auth::ApiCaller;
use crate::body::JsonBody;
use crate::error::ApiResult;
use crate::path::Path;
use crate::topics;

/// Send a person what is gathered for them in a topic now. Nothing happens when nothing is.
#[utoipa::path(
    post, path = "/preferences/sections/{section_id}/topics/{topic_id}/digest/release", tag = "preferences",
    params(("section_id" = String, Path), ("topic_id" = String, Path)),
    request_body = ReleaseRequest,
    responses(
        (status = 204, description = "On its way, if there was anything."),
        (status = 400, body = ErrorBody),
        (status = 404, body = ErrorBody),
    ),
)]
pub(super) async fn release_digest(
    caller: ApiCaller,
    State(state): State<AppState>,
    Path((section, topic)): Path<(String, String)>,
    JsonBody(request): JsonBody<ReleaseRequest>,
) -> ApiResult<StatusCode> {
    let services = state.services();
    topics::find(services, caller.environment, &section, &topic).await?;
    if request.user_id.is_empty() {
        return Err(Error::invalid("user_id: Required").into());
    }
    let (user, topic) = (UserId::from(request.user_id), TopicId::from(topic));
    let tenant = request.tenant_id.as_deref().filter(|tenant| !tenant.is_empty());
    digests::release_for(services, caller.environment, &user, &topic, tenant).await?;
    Ok(StatusCode::NO_CONTENT)
}
