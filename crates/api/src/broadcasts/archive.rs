//! `DELETE /broadcasts/{broadcast_id}`: take a broadcast away.

use axum::Json;
use axum::extract::State;
use tidings_pipeline::broadcasts::{Broadcast, BroadcastStatus};
use tidings_store::DocumentKind;
use tidings_types::Error;
use tidings_wire::broadcast::Broadcast as OnTheWire;
use tidings_wire::error::ErrorBody;

use super::stored::{find, on_the_wire};
use crate::auth::ApiCaller;
use crate::error::ApiResult;
use crate::path::Path;
use crate::{AppState, document};

/// Take a broadcast away. One that is being sent cannot be.
#[utoipa::path(
    delete, path = "/broadcasts/{broadcast_id}", tag = "broadcasts",
    params(("broadcast_id" = String, Path)),
    responses(
        (status = 200, description = "As it was, with the moment it was archived.", body = OnTheWire),
        (status = 404, body = ErrorBody),
        (status = 409, description = "It is being sent.", body = ErrorBody),
    ),
)]
pub(super) async fn archive_broadcast(
    caller: ApiCaller,
    State(state): State<AppState>,
    Path(id): Path<String>,
) -> ApiResult<Json<OnTheWire>> {
    let (services, environment) = (state.services(), caller.environment);
    let found = find(services, environment, &id).await?;
    if Broadcast::read(&found)?.status == BroadcastStatus::Sending {
        return Err(Error::conflict("The broadcast is being sent").into());
    }
    document::archive(services, environment, DocumentKind::Broadcast, &id).await?;
    let mut gone = on_the_wire(found)?;
    gone.archived_at = Some(services.clock.now().to_rfc3339());
    gone.archived_by = Some(caller.actor().to_owned());
    Ok(Json(gone))
}
