//! `GET /outbox/events`: what is caught, as it is caught, as server-sent events.
//!
//! Each event carries an entry of the list; its id is the entry's number, so a reader comes back with `Last-Event-ID`
//! or `?after=`. A hint on the bus wakes the stream; it looks on its own now and then, since hints may be lost.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::http::HeaderMap;
use axum::response::sse::{Event, KeepAlive, Sse};
use futures_util::Stream;
use serde::Deserialize;
use tidings_bus::Hint;
use tidings_store::{Caught, Store};
use tidings_types::Environment;
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;
use tokio::time::Instant;

use super::entry::Entry;
use super::messages::PAGE;
use crate::problem::Problem;

/// How often the stream looks without a hint.
const LOOK: Duration = Duration::from_secs(3);
/// How often a silent stream says that it lives.
const HEARTBEAT: Duration = Duration::from_secs(15);
/// How long a stream lasts. Its reader comes back at once, and shows a key that may have been revoked meanwhile.
const LIFETIME: Duration = Duration::from_mins(5);

#[derive(Deserialize)]
pub(crate) struct Wanted {
    after: Option<i64>,
}

pub(crate) async fn events(
    State(pages): crate::State,
    headers: HeaderMap,
    query: Result<Query<Wanted>, QueryRejection>,
) -> Result<Sse<impl Stream<Item = Result<Event, Infallible>>>, Problem> {
    let Query(wanted) = query?;
    let environment = pages.access(&headers).await?.environment;
    let resumed = headers
        .get("last-event-id")
        .and_then(|id| id.to_str().ok()?.parse().ok());
    let follower = Follower {
        store: Arc::clone(&pages.services.store),
        environment,
        last: resumed.or(wanted.after).unwrap_or(0),
        ready: VecDeque::new(),
        hints: pages.services.bus.subscribe(),
        ends: Instant::now() + LIFETIME,
    };
    let stream = futures_util::stream::unfold(follower, |mut follower| async move {
        let caught = follower.next().await?;
        Some((Ok(event(&caught)), follower))
    });
    Ok(Sse::new(stream).keep_alive(KeepAlive::new().interval(HEARTBEAT)))
}

fn event(caught: &Caught) -> Event {
    let entry = Entry::from(caught);
    let event = Event::default().event("caught").id(entry.number.to_string());
    // Entries are plain texts and numbers: they always serialise.
    event.data(serde_json::to_string(&entry).unwrap_or_default())
}

/// Follows the outbox.
struct Follower {
    store: Arc<dyn Store>,
    environment: Option<Environment>,
    last: i64,
    ready: VecDeque<Caught>,
    hints: Receiver<Hint>,
    ends: Instant,
}

impl Follower {
    /// The next entry; none when the stream ends.
    async fn next(&mut self) -> Option<Caught> {
        loop {
            if let Some(caught) = self.ready.pop_front() {
                self.last = caught.number;
                return Some(caught);
            }
            match self.store.outbox_since(self.environment, self.last, PAGE).await {
                Ok(caught) if !caught.is_empty() => self.ready.extend(caught),
                Ok(_) if Instant::now() >= self.ends => return None,
                Ok(_) => self.wait().await,
                Err(error) => {
                    tracing::warn!(%error, "the outbox could not be followed");
                    return None;
                }
            }
        }
    }

    /// Waits for a hint, but not for long.
    async fn wait(&mut self) {
        let look = tokio::time::sleep(LOOK);
        tokio::pin!(look);
        loop {
            tokio::select! {
                () = &mut look => return,
                hint = self.hints.recv() => match hint {
                    Ok(Hint::Outbox(_)) | Err(RecvError::Lagged(_)) => return,
                    Ok(_) => {}
                    Err(RecvError::Closed) => return look.await,
                },
            }
        }
    }
}
