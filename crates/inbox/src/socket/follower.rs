//! A connection that follows a feed, and how far it has been told.

use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};

use axum::extract::ws::Utf8Bytes;
use tidings_store::{FeedNews, News};
use tidings_types::Environment;
use tokio::sync::mpsc;

use super::framing::{Reader, frames};
use super::registry::Key;

/// How many pieces of news a connection may be behind before it has to catch up.
pub(super) const QUEUE: usize = 32;

/// A piece of news: frames that are sent one after the other.
pub(super) type Piece = Vec<Utf8Bytes>;

/// A connection that follows a feed.
#[derive(Debug)]
pub(super) struct Follower {
    /// The environment.
    pub(super) environment: Environment,
    /// Whose feed.
    pub(super) user_id: Box<str>,
    /// The tenant it shows; none for what has no tenant.
    pub(super) tenant_id: Option<Box<str>>,
    /// What the client calls itself.
    pub(super) source: Option<Box<str>>,
    /// Who reads what it is told.
    reader: Reader,
    queue: mpsc::Sender<Piece>,
    /// Everything up to here has been told, or was not for it.
    told: AtomicI64,
    /// Whether it could not be told everything, because its queue was full.
    behind: AtomicBool,
}

/// Whether a follower was told all there was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Told {
    /// It was.
    All,
    /// Its queue is full; it asks to be told the rest when it has caught up.
    Waits,
    /// Its queue was full and has been emptied since: it is to be told the rest now.
    Again,
}

impl Follower {
    pub(super) fn new(
        environment: Environment,
        user_id: &str,
        tenant_id: Option<&str>,
        source: Option<&str>,
        reader: Reader,
        queue: mpsc::Sender<Piece>,
        from: i64,
    ) -> Self {
        Self {
            environment,
            user_id: user_id.into(),
            tenant_id: tenant_id.map(Into::into),
            source: source.map(Into::into),
            reader,
            queue,
            told: AtomicI64::new(from),
            behind: AtomicBool::new(false),
        }
    }

    /// By what it is found.
    pub(super) fn key(&self) -> Key {
        Key::new(self.environment, &self.user_id)
    }

    /// How far it has been told.
    pub(super) fn told(&self) -> i64 {
        self.told.load(Ordering::Acquire)
    }

    /// Tells it what it has not been told yet. Only one task tells.
    pub(super) fn tell(&self, news: &News) -> Told {
        for one in &news.items {
            if one.sequence() <= self.told() {
                continue;
            }
            if self.wants(one) {
                let piece = frames(self.reader, one);
                if !piece.is_empty() && self.queue.try_send(piece).is_err() {
                    return self.wait();
                }
            }
            self.told.store(one.sequence(), Ordering::Release);
        }
        self.told.fetch_max(news.through, Ordering::AcqRel);
        Told::All
    }

    fn wait(&self) -> Told {
        self.behind.store(true, Ordering::Release);
        // It may have been emptied between the attempt and the note, and then nobody would ask.
        let is_empty = self.queue.capacity() == self.queue.max_capacity();
        if is_empty && self.has_caught_up() {
            Told::Again
        } else {
            Told::Waits
        }
    }

    /// Whether it waits to catch up.
    pub(super) fn is_behind(&self) -> bool {
        self.behind.load(Ordering::Acquire)
    }

    /// Whether it was behind; it no longer is.
    pub(super) fn has_caught_up(&self) -> bool {
        self.behind.swap(false, Ordering::AcqRel)
    }

    /// Whether news is for it: of its tenant, and not what its own client did.
    fn wants(&self, news: &FeedNews) -> bool {
        let tenant = self.tenant_id.as_deref();
        match news {
            FeedNews::Arrived(entry) => entry.entry.tenant_id.as_deref() == tenant,
            FeedNews::Changed(change) => {
                let own = change.source.is_some() && change.source.as_deref() == self.source.as_deref();
                !own && change.tenant_id.as_deref() == tenant
            }
        }
    }
}
