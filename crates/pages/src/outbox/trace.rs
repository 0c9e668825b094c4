//! `GET /outbox/messages/{number}/trace`: why the message was sent this way.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use serde::Serialize;
use tidings_types::{Error, Reason, Status, Timestamp, TraceEntry};

use crate::problem::Problem;

#[derive(Serialize)]
pub(crate) struct Why {
    status: Status,
    reason: Option<Reason>,
    error: Option<String>,
    enqueued: Timestamp,
    considered: Vec<TraceEntry>,
    happened: Vec<TraceEntry>,
}

pub(crate) async fn trace(
    State(pages): crate::State,
    headers: HeaderMap,
    Path(number): Path<String>,
) -> Result<Json<Why>, Problem> {
    let access = pages.access(&headers).await?;
    let caught = pages.caught(access, &number).await?;
    let message = pages
        .services
        .store
        .message(caught.environment, &caught.message_id)
        .await?;
    let message = message.ok_or_else(|| Error::not_found("The message is no longer kept."))?;
    Ok(Json(Why {
        status: message.status,
        reason: message.reason,
        error: message.error,
        enqueued: message.enqueued,
        considered: message.trace.considered,
        happened: message.trace.happened,
    }))
}
