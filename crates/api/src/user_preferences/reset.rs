//! `DELETE /users/{user_id}/preferences/{topic_id}`: take a choice back.

use axum::extract::State;
use http::StatusCode;
use tidings_pipeline::preferences::{Change, Said, record};
use tidings_types::{TopicId, UserId};
use tidings_wire::error::ErrorBody;

use super::topic::KnownTopic;
use crate::AppState;
use crate::auth::{UserCaller, WritePreferences};
use crate::error::ApiResult;
use crate::path::Path;
use crate::query::Query;

/// Take a person's choice for one topic back: the topic's default holds again.
#[utoipa::path(
    delete, path = "/users/{user_id}/preferences/{topic_id}", tag = "preferences",
    params(
        ("user_id" = String, Path),
        ("topic_id" = String, Path),
        ("tenant_id" = Option<String>, Query, description = "What was said for this tenant only."),
    ),
    responses((status = 204, description = "Taken back."), (status = 404, body = ErrorBody)),
)]
pub(super) async fn reset_preference(
    caller: UserCaller<WritePreferences>,
    State(state): State<AppState>,
    Path((_user, topic_id)): Path<(UserId, TopicId)>,
    query: Query,
) -> ApiResult<StatusCode> {
    let services = state.services();
    let tenant = caller.tenant(&state, &query).await?;
    KnownTopic::get(services, caller.environment, topic_id.as_str(), tenant).await?;
    let plan = |_: &Said| {
        Ok(Change {
            unset: vec![topic_id.clone()],
            ..Change::default()
        })
    };
    let speaker = caller.speaker(tenant, None);
    record(services, &speaker, services.clock.now(), &plan).await?;
    Ok(StatusCode::NO_CONTENT)
}
