//! `GET /messages/{message_id}/history`: what happened to a message, step by step.

use axum::Json;
use axum::extract::State;
use serde_json::{Value, json};
use tidings_pipeline::expand;
use tidings_store::{MessageRow, RequestRow};
use tidings_types::{Error, Event, EventType, MessageId, MessageSpec, Object, Result};
use tidings_wire::error::ErrorBody;
use tidings_wire::message::HistoryEntry;
use tidings_wire::paging::Whole;

use crate::AppState;
use crate::auth::ApiCaller;
use crate::error::ApiResult;
use crate::path::Path;
use crate::query::Query;

/// Read a message's history, oldest first.
#[utoipa::path(
    get, path = "/messages/{message_id}/history", tag = "messages",
    params(
        ("message_id" = String, Path),
        ("type" = Option<String>, Query, description = "Only lines of this type, such as `DELIVERED`."),
    ),
    responses((status = 200, body = Whole<HistoryEntry>), (status = 404, body = ErrorBody)),
)]
pub(super) async fn history(
    caller: ApiCaller,
    State(state): State<AppState>,
    Path(id): Path<MessageId>,
    query: Query,
) -> ApiResult<Json<Whole<HistoryEntry>>> {
    let wanted = query.text("type").map(event_type).transpose()?;
    let store = &state.services().store;
    let row = super::find(&state, caller.environment, &id).await?;
    let request = store.request(caller.environment, &row.request_id).await?;
    let stored = store.history(caller.environment, &id).await?;
    let first = request.map(|request| enqueued(&row, &request)).transpose()?;
    let lines = first
        .into_iter()
        .chain(stored)
        .filter(|event| wanted.is_none_or(|wanted| event.kind == wanted));
    Ok(Json(Whole {
        results: lines.map(line).collect(),
    }))
}

fn event_type(text: &str) -> Result<EventType> {
    EventType::parse(text).ok_or_else(|| {
        let known: Vec<&str> = EventType::ALL.iter().map(|one| one.as_str()).collect();
        Error::invalid(format!("type: Invalid value. Expected one of {}", known.join(", ")))
    })
}

fn line(event: Event) -> HistoryEntry {
    HistoryEntry {
        kind: event.kind.as_str().to_owned(),
        ts: event.ts.as_millis(),
        fields: event.fields,
    }
}

/// The first line, which is not stored: it says again what the message and its request say.
fn enqueued(row: &MessageRow, request: &RequestRow) -> Result<Event> {
    /// What an entry of `to` says besides the profile.
    const NO_PROFILE: [&str; 7] = [
        "data",
        "preferences",
        "context",
        "tenant_id",
        "account_id",
        "list_id",
        "filters",
    ];
    let spec: MessageSpec = serde_json::from_str(&request.spec).map_err(Error::internal)?;
    let to: Object = serde_json::from_str(&row.to).map_err(Error::internal)?;
    let mut profile = expand::whole(to, request.crowds.as_deref())?;
    let mut data = spec.data;
    if let Some(Value::Object(own)) = profile.get("data") {
        data.extend(own.clone());
    }
    profile.retain(|name, _| !NO_PROFILE.contains(&name.as_str()));
    let channels = spec
        .channels
        .into_iter()
        .map(|(name, options)| (name, options.overrides));
    let providers = spec
        .providers
        .into_iter()
        .map(|(name, options)| (name, options.overrides));
    let overrides: Object = channels
        .chain(providers)
        .filter(|(_, overrides)| !overrides.is_empty())
        .map(|(name, overrides)| (name, Value::Object(overrides)))
        .collect();
    Ok(Event::new(EventType::Enqueued, row.enqueued)
        .with("data", Value::Object(data))
        .with("event", row.event.clone())
        .with("profile", Value::Object(profile))
        .with("override", json!(overrides))
        .with("recipient", row.recipient.clone()))
}
