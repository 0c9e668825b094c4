//! `GET /outbox/messages`: the list.

use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::http::HeaderMap;
use serde::{Deserialize, Serialize};
use tidings_store::{Cursor, PageRequest};

use super::entry::Entry;
use crate::problem::Problem;

/// How many entries a page has.
pub(super) const PAGE: u32 = 100;

#[derive(Deserialize)]
pub(crate) struct Wanted {
    /// Only entries with a higher number, oldest first.
    after: Option<i64>,
    /// The next page of older entries.
    cursor: Option<String>,
}

#[derive(Serialize)]
pub(crate) struct Listing {
    items: Vec<Entry>,
    /// Where the next page starts.
    cursor: Option<String>,
}

/// Newest first; with `after`, what came since, oldest first.
pub(crate) async fn messages(
    State(pages): crate::State,
    headers: HeaderMap,
    query: Result<Query<Wanted>, QueryRejection>,
) -> Result<Json<Listing>, Problem> {
    let Query(wanted) = query?;
    let environment = pages.access(&headers).await?.environment;
    let store = &pages.services.store;
    if let Some(after) = wanted.after {
        let caught = store.outbox_since(environment, after, PAGE).await?;
        return Ok(Json(Listing {
            items: caught.iter().map(Entry::from).collect(),
            cursor: None,
        }));
    }
    let after = wanted.cursor.as_deref().map(Cursor::decode).transpose()?;
    let page = store.outbox(environment, PageRequest { after, limit: PAGE }).await?;
    let cursor = page.next.as_ref().map(Cursor::encode);
    Ok(Json(Listing {
        items: page.items.iter().map(Entry::from).collect(),
        cursor,
    }))
}
