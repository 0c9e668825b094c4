//! The published components, where somebody has built them.

use std::path::PathBuf;

use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse as _, Response};
use tidings_types::Error;

use crate::Pages;
use crate::problem::Problem;

/// The name of the built file within its folder.
const FILE: &str = "inbox.js";

/// Where they are, if they are. Looked at each time: they may be built while the server runs.
async fn find(pages: &Pages) -> Option<PathBuf> {
    for folder in &pages.options.demo_bundles {
        let file = folder.join(FILE);
        if tokio::fs::try_exists(&file).await.unwrap_or(false) {
            return Some(file);
        }
    }
    None
}

/// Whether they are there.
pub(super) async fn is_built(pages: &Pages) -> bool {
    find(pages).await.is_some()
}

/// The file itself. One name in one folder: nothing of the request is part of the path.
pub(super) async fn script(State(pages): crate::State) -> Result<Response, Problem> {
    let missing = || Error::not_found("Not Found: the published components were not built; make demo does");
    let file = find(&pages).await.ok_or_else(missing)?;
    let text = tokio::fs::read(file).await.map_err(|_| missing())?;
    let headers = [
        (header::CONTENT_TYPE, "text/javascript; charset=utf-8"),
        (header::CACHE_CONTROL, "no-cache"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    Ok((headers, text).into_response())
}
