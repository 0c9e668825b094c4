//! `POST /inbound/courier`: something somebody did.

use axum::Json;
use axum::extract::State;
use http::StatusCode;
use tidings_store::TrackKind;
use tidings_types::Error;
use tidings_wire::error::ErrorBody;
use tidings_wire::inbound::{TrackEvent, TrackTaken};

use super::{Ids, check_name, taken, twice};
use crate::AppState;
use crate::auth::AnyClient;
use crate::body::JsonBody;
use crate::error::ApiResult;

/// Tell of something somebody did. An event is taken once by its `messageId`. A page's client key, or any token, will do.
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
    check_name("event", &request.event)?;
    let event = taken(
        services,
        TrackKind::Track,
        request.event,
        Ids {
            message_id: request.message_id,
            user_id: request.user_id,
        },
        request.properties,
    )?;
    let message_id = event.message_id.clone();
    if !services.store.take_track_event(caller.environment, event, None).await? {
        return Err(twice(&message_id).into());
    }
    Ok((StatusCode::ACCEPTED, Json(TrackTaken { message_id })))
}
