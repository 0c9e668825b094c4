//! `GET /preferences/logs`: who said what, newest first.

use axum::Json;
use axum::extract::State;
use tidings_pipeline::Services;
use tidings_pipeline::preferences::read_of_list;
use tidings_store::{PreferenceChange, PreferenceLogFilter, StoredPreference};
use tidings_types::preference::{EVERYTHING, OF_TEMPLATE, Snooze};
use tidings_types::{Environment, Error, Preference, PreferenceStatus, Result, Timestamp, UserId};
use tidings_wire::error::ErrorBody;
use tidings_wire::paging::Items;
use tidings_wire::preference_page::{LogEntry, LogPause, LogValue};

use crate::auth::ApiCaller;
use crate::error::ApiResult;
use crate::paging::paging;
use crate::query::Query;
use crate::{AppState, moment};

/// How many lines a page has unless asked otherwise, and at most.
const PAGE: (u32, u32) = (25, 100);

/// List changes of preferences, newest first: what held before, what has held since, and where the change came from.
#[utoipa::path(
    get, path = "/preferences/logs", tag = "preferences",
    params(
        ("user_id" = Option<String>, Query, description = "Of this person."),
        ("tenant_id" = Option<String>, Query, description = "For this tenant; only together with `user_id`."),
        ("since" = Option<String>, Query, description = "From this moment or day on, ISO 8601."),
        ("limit" = Option<u32>, Query, description = "25 unless given, at most 100."),
        ("cursor" = Option<String>, Query),
    ),
    responses((status = 200, body = Items<LogEntry>), (status = 400, body = ErrorBody)),
)]
pub(super) async fn list_preference_logs(
    caller: ApiCaller,
    State(state): State<AppState>,
    query: Query,
) -> ApiResult<Json<Items<LogEntry>>> {
    let (services, environment) = (state.services(), caller.environment);
    let filter = filter(&query)?;
    let page = query.page(PAGE.0, PAGE.1)?;
    let found = services.store.preference_log(environment, filter, page).await?;
    let paging = paging(&found);
    let mut items = Vec::with_capacity(found.items.len());
    for change in found.items {
        items.push(entry(services, environment, change).await?);
    }
    Ok(Json(Items { paging, items }))
}

fn filter(query: &Query) -> Result<PreferenceLogFilter> {
    let since = match query.text("since") {
        None => None,
        Some(text) => Some(moment::parse(text).ok_or_else(|| Error::invalid("since: Expected an ISO 8601 moment"))?),
    };
    let filter = PreferenceLogFilter {
        user_id: query.text("user_id").map(UserId::from),
        tenant_id: query.tenant()?.map(str::to_owned),
        since,
    };
    if filter.tenant_id.is_some() && filter.user_id.is_none() {
        return Err(Error::invalid("tenant_id: Only valid together with user_id"));
    }
    Ok(filter)
}

async fn entry(services: &Services, environment: Environment, change: PreferenceChange) -> Result<LogEntry> {
    let id = change.topic_id.as_str();
    let topic = services.documents().topic_there_or_removed(environment, id).await?;
    let default = topic
        .as_ref()
        .map_or(PreferenceStatus::OptedIn, |topic| topic.default_status);
    let topic_name = match topic {
        Some(topic) => topic.name,
        None if id == EVERYTHING => "Everything".to_owned(),
        None => id.trim_start_matches(OF_TEMPLATE).to_owned(),
    };
    let (before, after) = match &change.list {
        None => (change.before.map(said), change.after.map(said)),
        Some(list) => (
            list.before.as_ref().map(read_of_list),
            list.after.as_ref().map(read_of_list),
        ),
    };
    // What was taken back is told as what holds by default again.
    let previous = before.map(|before| value(before, default));
    let now = value(after.unwrap_or_default(), default);
    Ok(LogEntry {
        id: change.number.to_string(),
        user_id: change.user_id.into_string(),
        tenant_id: change.tenant_id,
        list_id: change.list.map(|list| list.id),
        topic_name,
        topic_id: change.topic_id.into_string(),
        status: now.status,
        has_custom_routing: now.has_custom_routing,
        custom_routing: now.custom_routing,
        channel_preferences: now.channel_preferences,
        pauses: now.pauses,
        quiet_hours: now.quiet_hours,
        digest_schedule_id: now.digest_schedule_id,
        timestamp: change.at.to_rfc3339(),
        previous,
        source: change.source,
        message_id: change.message_id,
    })
}

fn said(stored: StoredPreference) -> Preference {
    stored.preference
}

fn value(said: Preference, default: PreferenceStatus) -> LogValue {
    let pause = |pause: Snooze| LogPause {
        start: pause.start.map(Timestamp::to_rfc3339),
        until: pause.until.to_rfc3339(),
    };
    LogValue {
        status: said.status.unwrap_or(default),
        has_custom_routing: said.has_custom_routing.unwrap_or(false),
        custom_routing: said.custom_routing,
        channel_preferences: said.channel_preferences,
        pauses: said.snooze.into_iter().map(pause).collect(),
        quiet_hours: said.quiet_hours,
        digest_schedule_id: said.digest_schedule_id,
    }
}
