//! Jobs: what must be done later and is no message. See [`tidings_store::Jobs`] for how they are named and kept.
//!
//! A kind of job is a [`JobHandler`] and a line in [`handlers`]. Each kind has a number of places of its own, so that none
//! keeps another waiting; within a kind, lanes go first to last.
//!
//! A handler must be able to do the same job twice: after a crash it is. What it returns is written in one transaction
//! with the job's end, so whatever it wants written goes into the [`FollowUps`] rather than into the store by itself.

mod runner;

use std::sync::Arc;

use async_trait::async_trait;
use serde_json::Value;
use tidings_store::{FollowUps, JobNext, JobRow};
use tidings_types::{Result, Timestamp};

use crate::Services;
use crate::audiences::{RebuildAudience, ReviewAudiences};
use crate::broadcasts::SendBroadcast;
use crate::bulk::ExpandBulk;
use crate::digests::{ReleaseDigest, ReviewDigests};
use crate::erasure::EraseMessages;
use crate::expand::Expand;
use crate::requests::{ArchiveRequest, CancelRequest};
use crate::subscribe::Subscribe;
use crate::tenants::ClearTenant;
use crate::tracking::Clicks;
use crate::webhooks::{Deliver, FanOut};

pub use runner::JobRunner;
pub(crate) use runner::{carry_out, claim};

/// Does one kind of job.
#[async_trait]
pub trait JobHandler: Send + Sync + 'static {
    /// The kind, as jobs name it.
    fn kind(&self) -> &'static str;

    /// How many are done at once on this node.
    fn places(&self) -> usize {
        4
    }

    /// After how many failures in a row a job is given up.
    fn attempts(&self) -> u32 {
        20
    }

    /// Does a job, or its next step.
    ///
    /// # Errors
    /// When it could not be done: it is tried again after a pause that grows, until [`Self::attempts`] are used up.
    async fn run(&self, services: &Services, job: &JobRow) -> Result<JobStep>;
}

/// What a step of a job came to.
#[derive(Debug)]
pub struct JobStep {
    /// What becomes of the job. After [`JobNext::KeepClaim`] the handler is called again at once, with the new body.
    pub next: JobNext,
    /// What is written with it.
    pub follow_ups: FollowUps,
}

impl JobStep {
    /// Done, and nothing follows.
    pub fn finished() -> Self {
        Self::then(JobNext::Finished)
    }

    /// There is more to do at once, from this body on.
    pub fn go_on(body: Value) -> Self {
        Self::then(JobNext::KeepClaim(body))
    }

    /// There is more to do then, from this body on.
    pub fn at(due: Timestamp, body: Value) -> Self {
        Self::then(JobNext::At(due, body))
    }

    /// It is given up, whatever its attempts.
    pub fn dead(now: Timestamp, error: impl Into<String>) -> Self {
        Self::then(JobNext::Dead {
            at: now,
            error: error.into(),
        })
    }

    /// With these messages and jobs.
    #[must_use]
    pub fn with(mut self, follow_ups: FollowUps) -> Self {
        self.follow_ups = follow_ups;
        self
    }

    fn then(next: JobNext) -> Self {
        Self {
            next,
            follow_ups: FollowUps::default(),
        }
    }
}

/// All kinds of jobs.
pub fn handlers() -> Vec<Arc<dyn JobHandler>> {
    vec![
        Arc::new(ClearTenant),
        Arc::new(Clicks),
        Arc::new(FanOut),
        Arc::new(Deliver::default()),
        Arc::new(Expand),
        Arc::new(ExpandBulk),
        Arc::new(SendBroadcast),
        Arc::new(CancelRequest),
        Arc::new(ArchiveRequest),
        Arc::new(Subscribe),
        Arc::new(ReviewAudiences),
        Arc::new(RebuildAudience),
        Arc::new(ReleaseDigest),
        Arc::new(ReviewDigests),
        Arc::new(EraseMessages),
    ]
}
