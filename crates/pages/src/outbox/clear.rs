//! `DELETE /outbox/messages`: empties the outbox, as far as the caller can see it.

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};

use crate::problem::Problem;

pub(crate) async fn clear(State(pages): crate::State, headers: HeaderMap) -> Result<StatusCode, Problem> {
    let access = pages.access(&headers).await?;
    pages.services.store.clear_outbox(access.environment).await?;
    Ok(StatusCode::NO_CONTENT)
}
