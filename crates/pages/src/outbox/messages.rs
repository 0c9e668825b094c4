//! `GET /outbox/messages`: the list.

use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::http::HeaderMap;
use serde::{Deserialize, Serialize};
use tidings_pipeline::preferences::WAVE;
use tidings_store::{Cursor, PageRequest};
use tidings_types::Environment;

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
    /// Mail domains from which people opt out as a scanner would. Only with the first page.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    waves: Vec<Wave>,
}

#[derive(Serialize)]
struct Wave {
    mail_domain: String,
    people: u32,
}

/// How far back waves of opt-outs are told, in milliseconds: a day.
const WAVES_MS: u64 = 24 * 60 * 60 * 1000;

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
            waves: Vec::new(),
        }));
    }
    let after = wanted.cursor.as_deref().map(Cursor::decode).transpose()?;
    let mut waves = Vec::new();
    if after.is_none() {
        let since = pages.services.clock.now().minus(WAVES_MS);
        let within = Environment::ALL
            .into_iter()
            .filter(|one| environment.is_none_or(|only| only == *one));
        for one in within {
            waves.extend(store.opt_outs_by_domain(one, since, WAVE).await?);
        }
    }
    let page = store.outbox(environment, PageRequest { after, limit: PAGE }).await?;
    let cursor = page.next.as_ref().map(Cursor::encode);
    Ok(Json(Listing {
        items: page.items.iter().map(Entry::from).collect(),
        cursor,
        waves: waves
            .into_iter()
            .map(|wave| Wave {
                mail_domain: wave.mail_domain,
                people: wave.people,
            })
            .collect(),
    }))
}
