//! `POST /broadcasts`: a new broadcast.

use axum::Json;
use axum::extract::State;
use http::StatusCode;
use tidings_pipeline::broadcasts::{Broadcast, BroadcastStatus, CHANNELS};
use tidings_types::{Error, TemplateContent};
use tidings_wire::broadcast::{Broadcast as OnTheWire, BroadcastCreate};
use tidings_wire::error::ErrorBody;

use super::stored::{create, on_the_wire};
use crate::auth::ApiCaller;
use crate::body::JsonBody;
use crate::error::ApiResult;
use crate::{AppState, validation};

/// Make a broadcast. It is a draft without content.
#[utoipa::path(
    post, path = "/broadcasts", tag = "broadcasts",
    request_body = BroadcastCreate,
    responses((status = 201, body = OnTheWire), (status = 400, body = ErrorBody)),
)]
pub(super) async fn create_broadcast(
    caller: ApiCaller,
    State(state): State<AppState>,
    JsonBody(request): JsonBody<BroadcastCreate>,
) -> ApiResult<(StatusCode, Json<OnTheWire>)> {
    validation::no_control_characters("name", &request.name)?;
    if request.name.is_empty() {
        return Err(Error::invalid("name: Must not be empty").into());
    }
    if !CHANNELS.iter().any(|(name, ..)| *name == request.channel) {
        let names: Vec<_> = CHANNELS.iter().map(|(name, ..)| *name).collect();
        return Err(Error::invalid(format!("channel: Expected one of {}", names.join(", "))).into());
    }
    let broadcast = Broadcast {
        name: request.name,
        channel: request.channel,
        status: BroadcastStatus::Draft,
        schedule: None,
        content: TemplateContent::default(),
        request_id: None,
    };
    let made = create(state.services(), &caller, &broadcast).await?;
    Ok((StatusCode::CREATED, Json(on_the_wire(made)?)))
}
