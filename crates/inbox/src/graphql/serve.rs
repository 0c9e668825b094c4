//! Answering a query over HTTP.

use std::sync::Arc;

use axum::Json;
use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{DefaultBodyLimit, FromRequest as _, Request, State};
use axum::response::{IntoResponse as _, Response};
use http::StatusCode;
use tidings_pipeline::marking;
use tidings_types::Error;

use super::later::Later;
use super::{Viewer, wire};
use crate::InboxState;
use crate::error::Refusal;

/// The largest query that is read, in bytes.
const BODY_LIMIT: usize = 1024 * 1024;

/// The largest query that is read of whoever may write tenants' templates or brands, in bytes: a picture of 5 MB in base64,
/// or a template with some.
const DESIGN_LIMIT: usize = 8 * 1024 * 1024;

/// `POST /q` and `POST /client/q`.
pub(crate) async fn answer(State(state): State<InboxState>, mut request: Request) -> Result<Response, Refusal> {
    let viewer = Viewer::of_request(state.auth(), request.headers()).await?;
    let limit = if viewer.designs() { DESIGN_LIMIT } else { BODY_LIMIT };
    DefaultBodyLimit::max(limit).apply(&mut request);
    let body = Bytes::from_request(request, &state).await;
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
