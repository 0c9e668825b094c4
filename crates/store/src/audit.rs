//! Audit events: who changed what.

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

/// Who changed what. Only grows.
#[async_trait]
pub trait Audit: Send + Sync + 'static {
    /// Writes an event down.
    async fn append_audit_event(&self, environment: Environment, event: AuditEvent) -> Result<()>;

    /// Events, newest first.
    async fn audit_events(&self, environment: Environment, page: PageRequest) -> Result<Page<AuditEvent>>;

    /// One event.
    async fn audit_event(&self, environment: Environment, id: &str) -> Result<Option<AuditEvent>>;
}
