//! `PUT` and `PATCH /preferences/{recipient_id}`: what a person says, in the older form.

use axum::Json;
use axum::extract::State;
use tidings_pipeline::Services;
use tidings_pipeline::preferences::{Change, Origin, Said, Speaker, record};
use tidings_types::preference::{EVERYTHING, OF_TEMPLATE};
use tidings_types::{Environment, Error, PreferenceStatus, Result, UserId};
use tidings_wire::error::ErrorBody;
use tidings_wire::profile::StatusResponse;
use tidings_wire::recipient_preferences::{RecipientPreferences, RecipientPreferencesWrite};

use super::older;
use crate::AppState;
use crate::auth::ApiCaller;
use crate::body::JsonBody;
use crate::error::ApiResult;
use crate::path::Path;

/// Store what a person says of topics and templates, in the older form, instead of what they said before.
#[utoipa::path(
    put, path = "/preferences/{recipient_id}", tag = "preferences",
    params(("recipient_id" = String, Path)),
    request_body = RecipientPreferencesWrite,
    responses((status = 200, body = StatusResponse), (status = 400, body = ErrorBody)),
)]
pub(super) async fn put_recipient_preferences(
    caller: ApiCaller,
    State(state): State<AppState>,
    Path(user): Path<UserId>,
    JsonBody(request): JsonBody<RecipientPreferencesWrite>,
) -> ApiResult<Json<StatusResponse>> {
    write(
        state.services(),
        caller.environment,
        &user,
        request.into_preferences(),
        true,
    )
    .await?;
    Ok(Json(StatusResponse::success()))
}

/// Store what a person says of some topics and templates, in the older form. The rest stays.
#[utoipa::path(
    patch, path = "/preferences/{recipient_id}", tag = "preferences",
    params(("recipient_id" = String, Path)),
    request_body = RecipientPreferencesWrite,
    responses((status = 200, body = StatusResponse), (status = 400, body = ErrorBody)),
)]
pub(super) async fn patch_recipient_preferences(
    caller: ApiCaller,
    State(state): State<AppState>,
    Path(user): Path<UserId>,
    JsonBody(request): JsonBody<RecipientPreferencesWrite>,
) -> ApiResult<Json<StatusResponse>> {
    write(
        state.services(),
        caller.environment,
        &user,
        request.into_preferences(),
        false,
    )
    .await?;
    Ok(Json(StatusResponse::success()))
}

async fn write(
    services: &Services,
    environment: Environment,
    user: &UserId,
    written: RecipientPreferences,
    replace: bool,
) -> Result<()> {
    for (topic, stored) in older::stored(written.clone(), &[])? {
        refuse(services, environment, topic.as_str(), stored.preference.status).await?;
    }
    let plan = |said: &Said| {
        let before = said.layer();
        let base = if replace { &[][..] } else { &before };
        let mut change = Change::default();
        for (topic, stored) in older::stored(written.clone(), base)? {
            let known = before.iter().find(|one| one.topic_id == topic);
            if known.and_then(|one| one.preference.status) != stored.preference.status {
                change.spoken.push(topic);
            }
            change.set.push(stored);
        }
        let unset = before.into_iter().map(|one| one.topic_id);
        change.unset = unset.filter(|topic| replace && topic.as_str() != EVERYTHING).collect();
        Ok(change)
    };
    let speaker = Speaker {
        environment,
        user,
        tenant: None,
        origin: Origin::Api,
        message_id: None,
        wording: None,
        language: None,
    };
    record(services, &speaker, services.clock.now(), &plan).await?;
    Ok(())
}

/// Nobody opts out of what is required, in this form either. Topics and templates that are not there may be spoken of.
async fn refuse(
    services: &Services,
    environment: Environment,
    id: &str,
    status: Option<PreferenceStatus>,
) -> Result<()> {
    let kind = if id.starts_with(OF_TEMPLATE) {
        "notifications"
    } else {
        "categories"
    };
    if id == EVERYTHING {
        return Err(Error::invalid(format!("{kind}.{id}: Expected a topic's id")));
    }
    if status == Some(PreferenceStatus::Required) {
        return Err(Error::invalid(format!(
            "{kind}.{id}.status: Expected 'OPTED_IN' or 'OPTED_OUT'"
        )));
    }
    let topic = services.documents().topic(environment, id).await?;
    let said = Said::default();
    let required = topic.is_some_and(|topic| said.default_status(&topic) == PreferenceStatus::Required);
    if required && status == Some(PreferenceStatus::OptedOut) {
        return Err(Error::invalid(format!(
            "{kind}.{id}.status: A required topic cannot be opted out of"
        )));
    }
    Ok(())
}
