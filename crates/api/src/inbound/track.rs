//! `POST /inbound/courier`: something somebody did.

use axum::Json;
use axum::extract::State;
use http::StatusCode;
use tidings_types::Error;
use tidings_types::id::{MAX_USER_ID, new_trace_style_id};
use tidings_wire::error::ErrorBody;
use tidings_wire::inbound::{TrackEvent, TrackTaken};

use crate::auth::AnyClient;
use crate::body::JsonBody;
use crate::error::ApiResult;
use crate::{AppState, validation};

/// Tell of something somebody did. An event is taken once by its `messageId`. A page's client key will do.
#[utoipa::path(
    post, path = "/inbound/courier", tag = "inbound",
    request_body = TrackEvent,
    responses(
        (status = 202, body = TrackTaken),
        (status = 400, body = ErrorBody),
        (status = 409, description = "An event by this id was taken before.", body = ErrorBody),
    ),
)]
pub(super) async fn take_track_event(
    caller: AnyClient,
    State(state): State<AppState>,
    JsonBody(request): JsonBody<TrackEvent>,
) -> ApiResult<(StatusCode, Json<TrackTaken>)> {
    let services = state.services();
    if request.kind != "track" {
        return Err(Error::invalid(format!("type: Expected track, received {}", request.kind)).into());
    }
    for (field, text) in [
        ("event", Some(&request.event)),
        ("messageId", request.message_id.as_ref()),
        ("userId", request.user_id.as_ref()),
    ] {
        if let Some(text) = text {
            if text.is_empty() {
                return Err(Error::invalid(format!("{field}: Must not be empty")).into());
            }
            validation::no_control_characters(field, text)?;
            if field != "event" && text.len() > MAX_USER_ID {
                return Err(Error::invalid(format!("{field}: Expected at most {MAX_USER_ID} bytes")).into());
            }
        }
    }
    let now = services.clock.now();
    let message_id = request
        .message_id
        .unwrap_or_else(|| new_trace_style_id(now, services.random.as_ref()));
    let event = tidings_store::TrackEvent {
        message_id: message_id.clone(),
        event: request.event,
        user_id: request.user_id,
        properties: request.properties,
        at: now,
    };
    if !services.store.take_track_event(caller.environment, event).await? {
        let told = format!("messageId: An event by the id {message_id} was taken before");
        return Err(Error::conflict(told).into());
    }
    Ok((StatusCode::ACCEPTED, Json(TrackTaken { message_id })))
}
