//! Bulk jobs: one message to people who are handed in piece by piece, and sent when the caller says so.

use async_trait::async_trait;
use serde_json::Value;
use tidings_types::{Environment, MessageId, Result, Timestamp};

use crate::{NewJob, Page, PageRequest, RequestRow};

/// A bulk job, with its people counted.
#[derive(Clone, Debug, PartialEq)]
pub struct BulkJob {
    /// Its id.
    pub id: String,
    /// The `message` it was made with.
    pub definition: Value,
    /// When it was made.
    pub created: Timestamp,
    /// When it was set going.
    pub run_at: Option<Timestamp>,
    /// How many people were handed in.
    pub received: u64,
    /// For how many of them there is a message.
    pub enqueued: u64,
    /// How many of them cannot be sent to.
    pub failures: u64,
}

/// Somebody to be handed in.
#[derive(Clone, Debug, PartialEq)]
pub struct NewBulkUser {
    /// Who it is, unique within the job.
    pub recipient: String,
    /// The entry as it was written.
    pub body: Value,
}

/// Where somebody in a bulk job stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BulkStatus {
    /// Handed in.
    Pending,
    /// There is a message.
    Enqueued,
    /// There will be none.
    Error,
}

impl BulkStatus {
    /// As stored, and on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "PENDING",
            Self::Enqueued => "ENQUEUED",
            Self::Error => "ERROR",
        }
    }

    /// Reads what [`Self::as_str`] writes.
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Pending, Self::Enqueued, Self::Error]
            .into_iter()
            .find(|one| one.as_str() == text)
    }
}

/// Somebody in a bulk job.
#[derive(Clone, Debug, PartialEq)]
pub struct BulkUser {
    /// Their place, counting from 1.
    pub number: i64,
    /// Who it is.
    pub recipient: String,
    /// The entry as it was written.
    pub body: Value,
    /// Where they stand.
    pub status: BulkStatus,
    /// Their message.
    pub message_id: Option<MessageId>,
    /// Why there is none.
    pub error: Option<String>,
}

/// What became of somebody in a bulk job; written with their message.
#[derive(Clone, Debug, PartialEq)]
pub struct BulkOutcome {
    /// The bulk job.
    pub job_id: String,
    /// Their place in it.
    pub number: i64,
    /// Their message, or why there is none.
    pub result: Result<MessageId, String>,
}

/// What `redacted` says of a bulk job all of whose data is: larger than any place.
pub const ALL_REDACTED: i64 = i64::MAX;

/// How a bulk job is told of whose data was redacted.
pub const REDACTED_JOB: &str = "The job's one-time data was redacted";

/// Whether a bulk job could be set going.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BulkRun {
    /// It is going.
    Started,
    /// It was going before.
    Running,
    /// The data it would send was redacted.
    Redacted,
    /// There is none.
    NotFound,
}

/// Bulk jobs.
#[async_trait]
pub trait BulkJobs: Send + Sync + 'static {
    /// Makes one. Whether its message is `one_time` decides how long its data is kept; see
    /// [`crate::Upkeep::redact_bulk_jobs`].
    async fn create_bulk_job(
        &self,
        environment: Environment,
        id: &str,
        definition: Value,
        one_time: bool,
        now: Timestamp,
    ) -> Result<()>;

    /// Hands people in. Returns the places, within what was given, of those who are there already; they are left out.
    /// None when there is no such job.
    ///
    /// # Errors
    /// `Conflict` when it was set going before, or its data was redacted.
    async fn add_bulk_users(
        &self,
        environment: Environment,
        id: &str,
        users: Vec<NewBulkUser>,
    ) -> Result<Option<Vec<usize>>>;

    /// Sets one going: its request is written, and the job that makes its messages.
    async fn run_bulk_job(
        &self,
        environment: Environment,
        id: &str,
        request: RequestRow,
        job: NewJob,
    ) -> Result<BulkRun>;

    /// The `message` a bulk job was made with.
    async fn bulk_definition(&self, environment: Environment, id: &str) -> Result<Option<Value>>;

    /// One bulk job. Takes as long as it has people.
    async fn bulk_job(&self, environment: Environment, id: &str) -> Result<Option<BulkJob>>;

    /// Its people in the order in which they were handed in. The cursor's number is their place.
    async fn bulk_users(&self, environment: Environment, id: &str, page: PageRequest) -> Result<Page<BulkUser>>;
}
