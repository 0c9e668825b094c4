//! `POST /users/{user_id}/preferences`: choices for several topics; those that cannot be stored are told.

use std::collections::HashSet;

use axum::Json;
use axum::extract::State;
use tidings_pipeline::preferences::{Refusal, Said, record};
use tidings_types::Error;
use tidings_wire::error::ErrorBody;
use tidings_wire::preference::{BulkError, BulkPreferenceWrite, BulkUpdateResponse};

use super::choice::{answer, of_bulk};
use super::topic::{KnownTopic, unknown};
use crate::auth::{UserCaller, WritePreferences};
use crate::body::JsonBody;
use crate::error::ApiResult;
use crate::query::Query;
use crate::{AppState, validation};

/// How many topics one call may speak of.
pub(super) const MAX_TOPICS: usize = 50;

/// Store a person's choices for several topics. Other topics stay as they are.
#[utoipa::path(
    post, path = "/users/{user_id}/preferences", tag = "preferences",
    params(
        ("user_id" = String, Path),
        ("tenant_id" = Option<String>, Query, description = "For this tenant only."),
    ),
    request_body = BulkPreferenceWrite,
    responses((status = 200, body = BulkUpdateResponse), (status = 400, body = ErrorBody)),
)]
pub(super) async fn set_preferences(
    caller: UserCaller<WritePreferences>,
    State(state): State<AppState>,
    query: Query,
    JsonBody(request): JsonBody<BulkPreferenceWrite>,
) -> ApiResult<Json<BulkUpdateResponse>> {
    if request.topics.is_empty() || request.topics.len() > MAX_TOPICS {
        return Err(Error::invalid(format!("topics: Expected 1 to {MAX_TOPICS} entries")).into());
    }
    let mut named = HashSet::new();
    if let Some(index) = request.topics.iter().position(|one| !named.insert(&one.topic_id)) {
        return Err(Error::invalid(format!("topics.{index}.topic_id: Named twice")).into());
    }
    if let Some(wording) = &request.wording {
        validation::wording("wording", wording)?;
    }
    let services = state.services();
    let tenant = caller.tenant(&state, &query).await?;
    let (mut chosen, mut items, mut errors) = (Vec::new(), Vec::new(), Vec::new());
    for choice in request.topics {
        let topic = KnownTopic::find(services, caller.environment, &choice.topic_id, tenant).await?;
        let refusal = match &topic {
            None => Some(unknown(&choice.topic_id)),
            Some(topic) => {
                let (chosen, channels) = (choice.has_custom_routing, choice.custom_routing.as_deref());
                let refused = topic.refused_channels(caller.is_person, choice.status, chosen, channels);
                let refused = refused.map(Refusal::told).or_else(|| topic.refusal(choice.status));
                refused.map(str::to_owned)
            }
        };
        if let Some(reason) = refusal {
            errors.push(BulkError {
                topic_id: choice.topic_id,
                reason,
            });
            continue;
        }
        items.push(answer(&choice));
        chosen.push(choice);
    }
    if !chosen.is_empty() {
        let speaker = caller.speaker(tenant, request.wording.as_deref());
        let plan = |said: &Said| Ok(of_bulk(&chosen, said));
        record(services, &speaker, services.clock.now(), &plan).await?;
    }
    Ok(Json(BulkUpdateResponse { items, errors }))
}
