//! The published components, where somebody has built them.

use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse as _, Response};
use tidings_types::Error;

use crate::Pages;
use crate::problem::Problem;

/// The name of the built file within its folder.
const FILE: &str = "inbox.js";

/// Whether they are there.
pub(super) async fn is_built(pages: &Pages) -> bool {
    match &pages.options.demo_bundle {
        Some(folder) => tokio::fs::try_exists(folder.join(FILE)).await.unwrap_or(false),
        None => false,
    }
}

/// The file itself. One name in one folder: nothing of the request is part of the path.
pub(super) async fn script(State(pages): crate::State) -> Result<Response, Problem> {
    let missing = || Error::not_found("Not Found: the published components were not built; make demo does");
    let folder = pages.options.demo_bundle.as_ref().ok_or_else(missing)?;
    let text = tokio::fs::read(folder.join(FILE)).await.map_err(|_| missing())?;
    let headers = [
        (header::CONTENT_TYPE, "text/javascript; charset=utf-8"),
        (header::CACHE_CONTROL, "no-cache"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    Ok((headers, text).into_response())
}
