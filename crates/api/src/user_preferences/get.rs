//! `GET /users/{user_id}/preferences/{topic_id}`: what holds for a person and a topic.

use axum::Json;
use axum::extract::State;
use tidings_types::{TopicId, UserId};
use tidings_wire::error::ErrorBody;
use tidings_wire::preference::TopicPreferenceResponse;

use super::topic::KnownTopic;
use crate::AppState;
use crate::auth::{ReadPreferences, UserCaller};
use crate::error::ApiResult;
use crate::path::Path;
use crate::query::Query;

/// Read what holds for a person and a topic: what they said, or the topic's default.
#[utoipa::path(
    get, path = "/users/{user_id}/preferences/{topic_id}", tag = "preferences",
    params(
        ("user_id" = String, Path),
        ("topic_id" = String, Path),
        ("tenant_id" = Option<String>, Query, description = "With what they said for this tenant only."),
    ),
    responses((status = 200, body = TopicPreferenceResponse), (status = 404, body = ErrorBody)),
)]
pub(super) async fn get_preference(
    caller: UserCaller<ReadPreferences>,
    State(state): State<AppState>,
    Path((_user, topic_id)): Path<(UserId, TopicId)>,
    query: Query,
) -> ApiResult<Json<TopicPreferenceResponse>> {
    let services = state.services();
    let (environment, user) = (caller.environment, &caller.user);
    let tenant = query.tenant()?;
    let topic = KnownTopic::get(services, environment, topic_id.as_str(), tenant).await?;
    let holds = topic.holds(services, environment, user, tenant).await?;
    Ok(Json(TopicPreferenceResponse {
        topic: topic.with(holds),
    }))
}
