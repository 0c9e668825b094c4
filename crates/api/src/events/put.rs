//! `PUT /events/{event_id}`: make a name stand for a template.

use axum::Json;
use axum::extract::State;
use tidings_store::DocumentKind;
use tidings_types::Error;
use tidings_wire::error::ErrorBody;
use tidings_wire::event::EventMap;

use crate::auth::ApiCaller;
use crate::body::JsonBody;
use crate::error::ApiResult;
use crate::path::Path;
use crate::{AppState, document, notifications};

/// Make an event stand for a template, whatever it stood for before. Sends that name the event find the template.
#[utoipa::path(
    put, path = "/events/{event_id}", tag = "notifications",
    params(("event_id" = String, Path)),
    request_body(content = EventMap, example = json!({"id": "nt_1", "type": "notification"})),
    responses(
        (status = 200, body = EventMap),
        (status = 400, body = ErrorBody),
        (status = 409, description = "It is the id of a template.", body = ErrorBody),
    ),
)]
pub(super) async fn put_event(
    caller: ApiCaller,
    State(state): State<AppState>,
    Path(event): Path<String>,
    JsonBody(request): JsonBody<EventMap>,
) -> ApiResult<Json<EventMap>> {
    let (services, environment) = (state.services(), caller.environment);
    if request.kind != "notification" {
        return Err(Error::invalid("type: Invalid value. Expected 'notification'").into());
    }
    notifications::check_name(services, environment, "event_id", &event).await?;
    let kind = DocumentKind::Notification;
    let named = services
        .store
        .name_document(environment, kind, &event, &request.id)
        .await?;
    if !named {
        let told = document::not_found(kind, &request.id);
        return Err(Error::invalid(format!("id: {}", told.message())).into());
    }
    document::announce(services, environment);
    Ok(Json(request))
}
