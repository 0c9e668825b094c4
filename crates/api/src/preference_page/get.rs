//! `GET /users/{user_id}/preference-page`: the page as it stands for a person.

use axum::Json;
use axum::extract::State;
use tidings_pipeline::preferences::{TopicView, view};
use tidings_types::preference::Snooze;
use tidings_types::{Error, Result, Timestamp};
use tidings_wire::error::ErrorBody;
use tidings_wire::preference_page::{PersonPage, PersonSection, PersonTopic};

use crate::AppState;
use crate::auth::{ReadPreferences, UserCaller};
use crate::error::ApiResult;
use crate::query::Query;

/// Read the preference page as it stands for a person: all there is to choose, and what holds.
#[utoipa::path(
    get, path = "/users/{user_id}/preference-page", tag = "preferences",
    params(
        ("user_id" = String, Path),
        ("tenant_id" = Option<String>, Query, description = "With what holds for this tenant."),
    ),
    responses((status = 200, body = PersonPage), (status = 403, body = ErrorBody)),
)]
pub(super) async fn get_preference_page(
    caller: UserCaller<ReadPreferences>,
    State(state): State<AppState>,
    query: Query,
) -> ApiResult<Json<PersonPage>> {
    let services = state.services();
    let view = view(services, caller.environment, &caller.user, query.tenant()?, false).await?;
    let now = services.clock.now();
    let everything = view.said.of_everything().preference;
    let mut sections = Vec::new();
    for section in view.sections {
        let topics = section
            .topics
            .into_iter()
            .map(|one| topic(one, now))
            .collect::<Result<_>>()?;
        sections.push(PersonSection {
            section_id: section.section.id,
            name: section.section.name,
            description: section.section.description,
            topics,
        });
    }
    Ok(Json(PersonPage {
        heading: view.page.heading,
        description: view.page.description,
        pause_until: until(&everything.snooze, now),
        quiet_hours: everything.quiet_hours.filter(|hours| !hours.is_none()),
        sections,
    }))
}

fn until(pauses: &[Snooze], now: Timestamp) -> Option<String> {
    let ends = pauses.iter().map(|pause| pause.until).filter(|until| *until > now);
    ends.max().map(Timestamp::to_rfc3339)
}

fn topic(view: TopicView, now: Timestamp) -> Result<PersonTopic> {
    let digest = view.topic.topic.digest.as_ref();
    let chosen = view.effective.preference.digest_schedule_id.as_deref();
    let offered = digest
        .into_iter()
        .flat_map(|digest| &digest.schedules)
        .filter(|one| !one.disabled);
    Ok(PersonTopic {
        status: view.status(),
        default_status: view.effective.default_status,
        locked: view.is_locked(),
        chosen_channels: view.chosen(),
        may_pause: view.may_pause(),
        pause_until: until(&view.effective.preference.snooze, now),
        quiet_hours: view.effective.preference.quiet_hours,
        awaits_confirmation: view.awaits_confirmation(),
        digest_schedules: offered
            .map(serde_json::to_value)
            .collect::<Result<_, _>>()
            .map_err(Error::internal)?,
        digest_schedule_id: digest
            .and_then(|digest| digest.schedule(chosen))
            .map(|one| one.schedule_id.clone()),
        classification: view.topic.topic.class(),
        topic_id: view.topic.topic.id.into_string(),
        name: view.topic.topic.name,
        description: view.topic.description,
        channels: view.channels,
    })
}
