//! `PUT /users/{user_id}/preferences/{topic_id}`: a person's choice for one topic.

use axum::Json;
use axum::extract::State;
use tidings_pipeline::preferences::{Change, Choice, Said, record};
use tidings_types::{Error, TopicId, UserId};
use tidings_wire::error::ErrorBody;
use tidings_wire::preference::{MessageResponse, TopicPreferenceWrite};

use super::choice::{hours, lay_over, pause};
use super::topic::KnownTopic;
use crate::auth::{UserCaller, WritePreferences};
use crate::body::JsonBody;
use crate::error::ApiResult;
use crate::path::Path;
use crate::query::Query;
use crate::{AppState, validation};

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
    let tenant = caller.tenant(&state, &query).await?;
    let topic = KnownTopic::get(services, caller.environment, topic_id.as_str(), tenant).await?;
    if let Some(refusal) = topic.refusal(choice.status) {
        return Err(Error::invalid(format!("topic.status: {refusal}")).into());
    }
    let (chosen, channels) = (choice.has_custom_routing, choice.custom_routing.as_deref());
    if let Some(refusal) = topic.refused_channels(caller.is_person, choice.status, chosen, channels) {
        return Err(Error::invalid(format!("topic.custom_routing: {}", refusal.told())).into());
    }
    let wish = Choice {
        digest_schedule_id: choice.digest_schedule_id.map(Option::unwrap_or_default),
        snooze: pause("topic.pause_until", choice.pause_until, services.clock.now())?,
        quiet_hours: choice.quiet_hours.map(hours),
        ..Choice::default()
    };
    topic.check("topic", &wish)?;
    if let Some(wording) = &choice.wording {
        validation::wording("topic.wording", wording)?;
    }
    let plan = |said: &Said| {
        let mut stored = said.written(&topic_id);
        lay_over(
            &mut stored,
            choice.status,
            choice.has_custom_routing,
            choice.custom_routing.clone(),
        );
        wish.lay_over(&mut stored.preference);
        Ok(Change {
            set: vec![stored],
            spoken: vec![topic_id.clone()],
            ..Change::default()
        })
    };
    let speaker = caller.speaker(tenant, choice.wording.as_deref());
    record(services, &speaker, services.clock.now(), &plan).await?;
    Ok(Json(MessageResponse::success()))
}
