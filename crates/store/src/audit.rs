//! Audit events: who changed what.
//!
//! A change and the line that tells of it are one transaction. Whoever asks for a change does so [`under`] a line; the first
//! transaction that changes anything within it writes the line too. So a store's verbs need not know who called them, and no
//! change is without its line, nor a line without its change.

use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};

use async_trait::async_trait;
use tidings_types::{Environment, Result, Timestamp};

use crate::{Page, PageRequest};

/// Something that was changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditEvent {
    /// Its id.
    pub id: String,
    /// When.
    pub at: Timestamp,
    /// By whom: the id of an API key, or of a person.
    pub actor: String,
    /// What was changed: a path of the API.
    pub target: String,
    /// From where: `api`, ...
    pub source: String,
    /// How: `brand:update`.
    pub kind: String,
}

/// A line that is written with the first change that is made [`under`] it.
#[derive(Clone, Debug)]
pub struct AuditLine(Arc<Inner>);

struct Inner {
    environment: Environment,
    made: Box<dyn Fn() -> AuditEvent + Send + Sync>,
    event: OnceLock<AuditEvent>,
    written: AtomicBool,
}

impl fmt::Debug for Inner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Inner")
            .field("environment", &self.environment)
            .field("event", &self.event)
            .field("written", &self.written)
            .finish_non_exhaustive()
    }
}

tokio::task_local! {
    static LINE: AuditLine;
}

impl AuditLine {
    /// A line that is not written yet; what it says is asked for when it is.
    pub fn new(environment: Environment, event: impl Fn() -> AuditEvent + Send + Sync + 'static) -> Self {
        Self(Arc::new(Inner {
            environment,
            made: Box::new(event),
            event: OnceLock::new(),
            written: AtomicBool::new(false),
        }))
    }

    /// Where it belongs.
    pub fn environment(&self) -> Environment {
        self.0.environment
    }

    /// What it says.
    pub fn event(&self) -> &AuditEvent {
        self.0.event.get_or_init(&self.0.made)
    }

    /// Whether a transaction with it was committed.
    pub fn is_written(&self) -> bool {
        self.0.written.load(Ordering::Acquire)
    }

    /// For stores: a transaction with it was committed.
    pub fn settle(&self) {
        self.0.written.store(true, Ordering::Release);
    }
}

/// Does something whose first change is written down with this line.
pub async fn under<T>(line: AuditLine, change: impl Future<Output = T>) -> T {
    LINE.scope(line, change).await
}

/// For stores: the line that the transaction which is about to be committed has to write, if it changes anything.
pub fn pending() -> Option<AuditLine> {
    LINE.try_with(Clone::clone).ok().filter(|line| !line.is_written())
}

/// Who changed what. Only grows.
#[async_trait]
pub trait Audit: Send + Sync + 'static {
    /// Events, newest first.
    async fn audit_events(&self, environment: Environment, page: PageRequest) -> Result<Page<AuditEvent>>;

    /// One event.
    async fn audit_event(&self, environment: Environment, id: &str) -> Result<Option<AuditEvent>>;
}
