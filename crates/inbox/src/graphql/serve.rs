//! Answering a query over HTTP.

use std::sync::Arc;

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::extract::rejection::BytesRejection;
use axum::response::{IntoResponse as _, Response};
use http::{HeaderMap, StatusCode};
use tidings_pipeline::marking;
use tidings_types::Error;

use super::later::Later;
use super::{Viewer, wire};
use crate::InboxState;
use crate::error::Refusal;

/// `POST /q` and `POST /client/q`.
pub(crate) async fn answer(
    State(state): State<InboxState>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Result<Response, Refusal> {
    let viewer = Viewer::of_request(state.auth(), &headers).await?;
    let later = Arc::new(Later::default());
    let request = wire::read(&body.map_err(|refused| unreadable(&refused))?)?.data(viewer);
    let response = state.schema().execute(request.data(Arc::clone(&later))).await;
    // What a resolver refuses is the status of the whole answer; see `crate::error`. Queries that are no GraphQL are
    // told in GraphQL's own way.
    if let Some(refused) = response.errors.iter().find_map(|error| error.source::<Error>()) {
        return Err(Refusal(refused.clone()));
    }
    marking::each(state.services(), later.take()).await?;
    Ok(Json(response).into_response())
}

fn unreadable(refused: &BytesRejection) -> Error {
    if refused.status() == StatusCode::PAYLOAD_TOO_LARGE {
        Error::too_large("The query is too large")
    } else {
        Error::invalid("The query cannot be read")
    }
}
