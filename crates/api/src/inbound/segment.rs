//! `POST /inbound/segment`: what Segment's webhooks deliver.
//!
//! Source of the bodies: Segment's specification, <https://segment.com/docs/connections/spec/>.

use axum::Json;
use axum::extract::State;
use http::StatusCode;
use serde_json::Value;
use tidings_auth::Identity;
use tidings_store::{TrackEffect, TrackKind, audit};
use tidings_types::{Error, Object, Result};
use tidings_wire::error::ErrorBody;
use tidings_wire::inbound::{SegmentEvent, TrackTaken};
use tidings_wire::tenant::TenantWrite;

use super::{Ids, check_name, taken, twice};
use crate::auth::AnyClient;
use crate::body::JsonBody;
use crate::error::ApiResult;
use crate::{AppState, audit_events, tenants, validation};

/// Take an event that Segment delivers, once by its `messageId`.
///
/// `identify` merges the traits into the person's profile; `group` has the person belong to a tenant, which is made if there
/// is none. `track`, `page` and `screen` are kept as what the person did, and `alias` is kept and changes nothing. `identify`
/// and `group` need an API key; for the others a page's client key, or any token, will do.
#[utoipa::path(
    post, path = "/inbound/segment", tag = "inbound",
    request_body = SegmentEvent,
    responses(
        (status = 202, body = TrackTaken),
        (status = 400, body = ErrorBody),
        (status = 403, description = "A client key may not say who somebody is.", body = ErrorBody),
        (status = 409, description = "An event by this id was taken before.", body = ErrorBody),
    ),
)]
pub(super) async fn take_segment_event(
    caller: AnyClient,
    State(state): State<AppState>,
    JsonBody(request): JsonBody<SegmentEvent>,
) -> ApiResult<(StatusCode, Json<TrackTaken>)> {
    let (services, environment) = (state.services(), caller.environment);
    let kind = kind(&request.kind)?;
    // What a page says of a person would change where their messages go.
    let identity = match kind {
        TrackKind::Identify | TrackKind::Group => Some(caller.with_key()?),
        _ => None,
    };
    let name = name(kind, &request)?;
    let properties = match kind {
        TrackKind::Identify | TrackKind::Group => request.traits,
        TrackKind::Alias => request.previous_id.into_iter().map(previous).collect(),
        TrackKind::Track | TrackKind::Page | TrackKind::Screen => request.properties,
    };
    let ids = Ids {
        message_id: request.message_id,
        user_id: request.user_id,
    };
    let event = taken(services, kind, name, ids, properties)?;
    let message_id = event.message_id.clone();
    let effect = match (kind, &event.user_id) {
        (TrackKind::Identify, Some(_)) => Some(TrackEffect::Profile(profile(&event.properties))),
        (TrackKind::Group, Some(_)) => Some(TrackEffect::Tenant(event.event.clone())),
        _ => None,
    };
    if services.store.track_event(environment, &message_id).await?.is_some() {
        return Err(twice(&message_id).into());
    }
    if let (Some(TrackEffect::Tenant(tenant)), Some(identity)) = (&effect, identity) {
        make_tenant(&state, identity, tenant, &event.properties).await?;
    }
    if !services.store.take_track_event(environment, event, effect).await? {
        return Err(twice(&message_id).into());
    }
    Ok((StatusCode::ACCEPTED, Json(TrackTaken { message_id })))
}

/// Of which kind an event is.
fn kind(written: &str) -> Result<TrackKind> {
    TrackKind::parse(written).ok_or_else(|| {
        let known: Vec<_> = TrackKind::ALL.iter().map(|kind| kind.as_str()).collect();
        Error::invalid(format!(
            "type: Expected one of {}, received {written}",
            known.join(", ")
        ))
    })
}

/// What an event is kept as. A page need not have a name.
fn name(kind: TrackKind, request: &SegmentEvent) -> Result<String> {
    let (field, name) = match kind {
        TrackKind::Track => ("event", &request.event),
        TrackKind::Group => ("groupId", &request.group_id),
        // Whose ids they are stands where all is that is known of people.
        TrackKind::Alias => return previous_id(request).map(|()| kind.as_str().to_owned()),
        TrackKind::Page | TrackKind::Screen => ("name", &request.name),
        TrackKind::Identify => return Ok(kind.as_str().to_owned()),
    };
    let is_needed = !matches!(kind, TrackKind::Page | TrackKind::Screen);
    match name.as_deref().filter(|name| is_needed || !name.is_empty()) {
        Some(id) if kind == TrackKind::Group => tenants::check_id(field, id)?,
        Some(name) => check_name(field, name)?,
        None if is_needed => return Err(Error::invalid(format!("{field}: Required"))),
        None => return Ok(kind.as_str().to_owned()),
    }
    Ok(name.clone().unwrap_or_default())
}

/// Refuses an `alias` without the id there was before.
fn previous_id(request: &SegmentEvent) -> Result<()> {
    match &request.previous_id {
        Some(id) => validation::user_id("previousId", id),
        None => Err(Error::invalid("previousId: Required")),
    }
}

fn previous(id: String) -> (String, Value) {
    ("previousId".to_owned(), Value::String(id))
}

/// The traits as a profile holds them. Segment's name for a telephone number is `phone`, that of a profile `phone_number`.
fn profile(traits: &Object) -> Object {
    let mut profile = traits.clone();
    if let Some(phone @ Value::String(_)) = traits.get("phone") {
        profile.entry("phone_number").or_insert_with(|| phone.clone());
    }
    profile
}

/// Makes the tenant that a group is, unless it is there.
async fn make_tenant(state: &AppState, identity: &Identity, id: &str, traits: &Object) -> Result<()> {
    let mut properties = traits.clone();
    let name = match properties.remove("name") {
        Some(Value::String(name)) if !name.chars().any(char::is_control) => name,
        _ => id.to_owned(),
    };
    let tenant = TenantWrite {
        name,
        parent_tenant_id: None,
        brand_id: None,
        default_preferences: None,
        properties: Some(properties).filter(|properties| !properties.is_empty()),
        user_profile: None,
    };
    let kind = "tenants:create".to_owned();
    let line = audit_events::layer::line(state, identity, kind, format!("/tenants/{id}"));
    let make = tenants::make(state.services(), identity.environment(), id, &tenant);
    audit::under(line, make).await
}
