//! `PUT /users/{user_id}/preferences`: these choices and no others, all or none.

use std::collections::HashSet;

use axum::Json;
use axum::extract::State;
use tidings_pipeline::preferences::{Change, Said, record};
use tidings_types::{Error, TopicId};
use tidings_wire::error::ErrorBody;
use tidings_wire::preference::{BulkPreferenceWrite, BulkReplaceResponse};

use super::choice::{answer, of_bulk};
use super::set_many::MAX_TOPICS;
use super::topic::{KnownTopic, unknown};
use crate::auth::{UserCaller, WritePreferences};
use crate::body::JsonBody;
use crate::error::ApiResult;
use crate::query::Query;
use crate::{AppState, validation};

/// Store these choices of a person and take all others back. All or none: one wrong entry and nothing changes.
#[utoipa::path(
    put, path = "/users/{user_id}/preferences", tag = "preferences",
    params(
        ("user_id" = String, Path),
        ("tenant_id" = Option<String>, Query, description = "For this tenant only."),
    ),
    request_body = BulkPreferenceWrite,
    responses((status = 200, body = BulkReplaceResponse), (status = 400, body = ErrorBody)),
)]
pub(super) async fn replace_preferences(
    caller: UserCaller<WritePreferences>,
    State(state): State<AppState>,
    query: Query,
    JsonBody(request): JsonBody<BulkPreferenceWrite>,
) -> ApiResult<Json<BulkReplaceResponse>> {
    if request.topics.len() > MAX_TOPICS {
        return Err(Error::invalid(format!("topics: Expected at most {MAX_TOPICS} entries")).into());
    }
    if let Some(wording) = &request.wording {
        validation::wording("wording", wording)?;
    }
    let services = state.services();
    let tenant = caller.tenant(&state, &query).await?;
    let mut items = Vec::new();
    let mut named = HashSet::new();
    for (index, choice) in request.topics.iter().enumerate() {
        let Some(topic) = KnownTopic::find(services, caller.environment, &choice.topic_id, tenant).await? else {
            return Err(Error::invalid(format!("topics.{index}.topic_id: {}", unknown(&choice.topic_id))).into());
        };
        if let Some(refusal) = topic.refusal(choice.status) {
            return Err(Error::invalid(format!("topics.{index}.status: {refusal}")).into());
        }
        let (chosen, channels) = (choice.has_custom_routing, choice.custom_routing.as_deref());
        if let Some(refusal) = topic.refused_channels(caller.is_person, choice.status, chosen, channels) {
            let told = refusal.told();
            return Err(Error::invalid(format!("topics.{index}.custom_routing: {told}")).into());
        }
        if !named.insert(choice.topic_id.clone()) {
            return Err(Error::invalid(format!("topics.{index}.topic_id: Named twice")).into());
        }
        items.push(answer(choice));
    }
    let plan = |said: &Said| {
        Ok(Change {
            replace_all: true,
            ..of_bulk(&request.topics, said)
        })
    };
    let speaker = caller.speaker(tenant, request.wording.as_deref());
    let recorded = record(services, &speaker, services.clock.now(), &plan).await?;
    let deleted = recorded.unset.into_iter().map(TopicId::into_string).collect();
    Ok(Json(BulkReplaceResponse { items, deleted }))
}
