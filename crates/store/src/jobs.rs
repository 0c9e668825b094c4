//! Jobs: work that is no message and must be done later, such as the next page of an expansion or a call to a webhook.
//!
//! A job is named by its environment, kind and key. The name is what de-duplicates: a job that is asked for while one of
//! its name waits is that one, and stays due when it was. One that is asked for while its namesake is being done is done
//! once more afterwards, with the body and the moment asked for last, so that nothing that happened meanwhile is missed.
//! A job that nobody else may ever mean gets a new id as its key.
//!
//! Jobs are written alone with [`Jobs::enqueue_jobs`], or by another verb in its own transaction ([`crate::Acceptance`],
//! [`crate::Record`] and [`JobDone`] carry them). What a job comes to is written in one transaction with whatever follows
//! from it, so it may be done twice after a crash but its effect in the store is there once.
//!
//! A job that failed for good is dead: it is kept, counted and shown until it is asked for again or revived.

use async_trait::async_trait;
use serde_json::Value;
use tidings_types::{Environment, Lane, Result, Timestamp};

use crate::{BulkOutcome, NewMessage, Page, PageRequest, RequestNote, RequestRow};

/// The kind of job that expands a crowd. Its key begins with the request's id and a slash, by which
/// [`crate::Requests::cancel_request`] finds it.
pub const EXPAND: &str = "expand";

/// The kind of job that makes a bulk job's messages; its key is like that of [`EXPAND`].
pub const EXPAND_BULK: &str = "expand-bulk";

/// The kind of job that looks at one person again for the audiences that ask for tenants. Its key is the person's id.
pub const REVIEW_AUDIENCES: &str = "review-audiences";

/// The kind of job that looks again at what is gathered for digests: of a topic whose digest was changed or taken away, or
/// of a person who chose another rhythm. See [`crate::digests::after_document`] and [`crate::digests::after_choice`].
pub const REVIEW_DIGESTS: &str = "review-digests";

/// The name of a job.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct JobKey {
    /// Its environment.
    pub environment: Environment,
    /// What is to be done, such as `expand`: which handler does it.
    pub kind: String,
    /// Which one of its kind.
    pub key: String,
}

impl JobKey {
    /// Names a job.
    pub fn new(environment: Environment, kind: impl Into<String>, key: impl Into<String>) -> Self {
        Self {
            environment,
            kind: kind.into(),
            key: key.into(),
        }
    }
}

/// A job to be done.
#[derive(Clone, Debug, PartialEq)]
pub struct NewJob {
    /// Its name.
    pub name: JobKey,
    /// Before or after others of its kind.
    pub lane: Lane,
    /// Not before this moment.
    pub due: Timestamp,
    /// What its handler needs to know.
    pub body: Value,
}

/// A job as it stands.
#[derive(Clone, Debug, PartialEq)]
pub struct JobRow {
    /// Its name.
    pub name: JobKey,
    /// Before or after others of its kind.
    pub lane: Lane,
    /// When it is due.
    pub due: Timestamp,
    /// What its handler needs to know.
    pub body: Value,
    /// How often it was tried in vain since it was asked for or last came further.
    pub attempts: u32,
    /// What went wrong last.
    pub error: Option<String>,
    /// Since when it is dead, if it is.
    pub dead_since: Option<Timestamp>,
}

/// A wish for jobs.
#[derive(Clone, Debug)]
pub struct JobClaim {
    /// Of this kind.
    pub kind: String,
    /// Due by now.
    pub now: Timestamp,
    /// At most this many.
    pub limit: u32,
    /// How long the claim holds, in milliseconds, if this node disappears. See [`crate::Claim::lease_ms`].
    pub lease_ms: u64,
}

/// A job that is this node's until it is completed or released.
#[derive(Clone, Debug)]
pub struct ClaimedJob {
    /// The job.
    pub job: JobRow,
    /// Proves the claim.
    pub proof: JobProof,
}

/// Proves a claim, and tells whether the job was asked for again meanwhile.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct JobProof {
    /// The claim's proof.
    pub token: i64,
    /// How often the job had been asked for when it was claimed.
    pub asked: i64,
}

/// What doing a job came to; written in one transaction.
#[derive(Clone, Debug)]
pub struct JobDone {
    /// The job.
    pub name: JobKey,
    /// The claim's proof.
    pub proof: JobProof,
    /// What becomes of the job.
    pub next: JobNext,
    /// What follows from it.
    pub follow_ups: FollowUps,
}

/// What becomes of a job.
#[derive(Clone, Debug, PartialEq)]
pub enum JobNext {
    /// It is done: the row goes, unless it was asked for again meanwhile.
    Finished,
    /// It came further: this is its body from now on, and the claim stays with this node, its lease renewed.
    KeepClaim(Value),
    /// Back to the queue until then, with this body; its attempts count from zero again.
    At(Timestamp, Value),
    /// It failed: back to the queue until then, one attempt more.
    Retry {
        /// When to try again.
        at: Timestamp,
        /// What went wrong.
        error: String,
    },
    /// It failed for good.
    Dead {
        /// Now.
        at: Timestamp,
        /// What went wrong.
        error: String,
    },
}

/// What follows from a job.
#[derive(Clone, Debug, Default)]
pub struct FollowUps {
    /// Further jobs.
    pub jobs: Vec<NewJob>,
    /// Messages of requests that are stored already, with their queue rows.
    pub messages: Vec<MessagePage>,
    /// What is to be said of requests.
    pub notes: Vec<RequestNote>,
    /// What became of people in bulk jobs.
    pub bulk: Vec<BulkOutcome>,
}

/// Messages that are added to a request. One whose id is there already is not added again.
#[derive(Clone, Debug)]
pub struct MessagePage {
    /// The request, which is not written again.
    pub request: RequestRow,
    /// Its messages.
    pub messages: Vec<NewMessage>,
}

/// How many jobs of a kind there are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JobCount {
    /// The kind.
    pub kind: String,
    /// How many are not dead, claimed ones included.
    pub pending: u64,
    /// Of these, due now.
    pub due: u64,
    /// How many are dead.
    pub dead: u64,
}

/// Work that is no message.
#[async_trait]
pub trait Jobs: Send + Sync + 'static {
    /// Asks for jobs. Durable when it returns.
    async fn enqueue_jobs(&self, jobs: Vec<NewJob>) -> Result<()>;

    /// Takes due jobs of a kind: by lane, the longest due first. What is claimed is not claimed again until it is
    /// completed, released, or its lease ends.
    async fn claim_jobs(&self, claim: JobClaim) -> Result<Vec<ClaimedJob>>;

    /// Writes what doing a job came to. `Ok(false)` when the claim was lost meanwhile: nothing was written.
    async fn complete_job(&self, done: JobDone) -> Result<bool>;

    /// Gives claimed jobs back, due as before.
    async fn release_jobs(&self, claims: Vec<(JobKey, JobProof)>) -> Result<()>;

    /// When the earliest unclaimed job of a kind is due.
    async fn next_job_due(&self, kind: &str) -> Result<Option<Timestamp>>;

    /// One job, dead ones included.
    async fn job(&self, name: &JobKey) -> Result<Option<JobRow>>;

    /// Forgets a job, also one that is being done: what that comes to is then not written. False when there is none.
    async fn cancel_job(&self, name: &JobKey) -> Result<bool>;

    /// Jobs that failed for good, the latest first.
    async fn dead_jobs(&self, environment: Environment, page: PageRequest) -> Result<Page<JobRow>>;

    /// Makes a dead job due now, its attempts counting from zero. False when there is no such dead job.
    async fn revive_job(&self, name: &JobKey, now: Timestamp) -> Result<bool>;

    /// How many jobs there are, by kind.
    async fn job_counts(&self, now: Timestamp) -> Result<Vec<JobCount>>;
}
