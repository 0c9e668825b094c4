//! `GET /events`: the names there are.

use axum::Json;
use axum::extract::State;
use tidings_store::DocumentKind;
use tidings_wire::event::EventEntry;
use tidings_wire::paging::Whole;

use crate::AppState;
use crate::auth::ApiCaller;
use crate::error::ApiResult;

/// List all events and aliases with the templates they stand for.
#[utoipa::path(get, path = "/events", tag = "notifications", responses((status = 200, body = Whole<EventEntry>)))]
pub(super) async fn list_events(
    caller: ApiCaller,
    State(state): State<AppState>,
) -> ApiResult<Json<Whole<EventEntry>>> {
    let store = &state.services().store;
    let names = store
        .document_names(caller.environment, DocumentKind::Notification)
        .await?;
    let results = names.into_iter().map(|(id, notification_id)| EventEntry {
        id,
        kind: "notification".to_owned(),
        notification_id,
    });
    Ok(Json(Whole {
        results: results.collect(),
    }))
}
