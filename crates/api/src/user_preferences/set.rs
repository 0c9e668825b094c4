//! `PUT /users/{user_id}/preferences/{topic_id}`: a person's choice for one topic.

use axum::Json;
use axum::extract::State;
use tidings_pipeline::preferences::{Choice, Refusal, with_consents};
use tidings_store::{PreferenceWrite, StoredPreference};
use tidings_types::{Error, TopicId, UserId};
use tidings_wire::error::ErrorBody;
use tidings_wire::preference::{MessageResponse, TopicPreferenceWrite};

use super::choice::{lay_over, reaches_nobody, write};
use super::topic::KnownTopic;
use crate::AppState;
use crate::auth::{UserCaller, WritePreferences};
use crate::body::JsonBody;
use crate::error::ApiResult;
use crate::path::Path;
use crate::query::Query;

/// Store a person's choice for one topic. It holds for everything not yet handed to a provider.
#[utoipa::path(
    put, path = "/users/{user_id}/preferences/{topic_id}", tag = "preferences",
    params(
        ("user_id" = String, Path),
        ("topic_id" = String, Path),
        ("tenant_id" = Option<String>, Query, description = "For this tenant only."),
    ),
    request_body = TopicPreferenceWrite,
    responses(
        (status = 200, body = MessageResponse),
        (status = 400, description = "Such as opting out of a required topic.", body = ErrorBody),
        (status = 404, body = ErrorBody),
    ),
)]
pub(super) async fn set_preference(
    caller: UserCaller<WritePreferences>,
    State(state): State<AppState>,
    Path((_user, topic_id)): Path<(UserId, TopicId)>,
    query: Query,
    JsonBody(TopicPreferenceWrite { topic: choice }): JsonBody<TopicPreferenceWrite>,
) -> ApiResult<Json<MessageResponse>> {
    let services = state.services();
    let (environment, user) = (caller.environment, &caller.user);
    let topic = KnownTopic::get(services, environment, topic_id.as_str(), query.text("tenant_id")).await?;
    if let Some(refusal) = topic.refusal(choice.status) {
        return Err(Error::invalid(format!("topic.status: {refusal}")).into());
    }
    if reaches_nobody(
        choice.status,
        choice.has_custom_routing,
        choice.custom_routing.as_deref(),
    ) {
        return Err(Error::invalid(format!("topic.custom_routing: {}", Refusal::NoChannel.told())).into());
    }
    let tenant = query.text("tenant_id");
    let stored = services.store.preference(environment, user, tenant, &topic_id).await?;
    let mut stored = stored.unwrap_or_else(|| StoredPreference::silent(topic_id));
    lay_over(
        &mut stored,
        choice.status,
        choice.has_custom_routing,
        choice.custom_routing,
    );
    if let Some(wanted) = choice.digest_schedule_id {
        let wish = Choice {
            digest_schedule_id: Some(wanted.clone().unwrap_or_default()),
            ..Choice::default()
        };
        if let Some(refusal) = topic.refused(&wish) {
            return Err(Error::invalid(format!("topic.digest_schedule_id: {}", refusal.told())).into());
        }
        stored.preference.digest_schedule_id = wanted;
    }
    let change = PreferenceWrite {
        set: vec![stored],
        ..write(tenant, services.clock.now())
    };
    let change = with_consents(services, environment, user, change, None).await?;
    services.store.write_preferences(environment, user, change).await?;
    Ok(Json(MessageResponse::success()))
}
