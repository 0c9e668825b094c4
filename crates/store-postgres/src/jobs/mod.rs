//! Work that is no message.

mod claim;
mod complete;
mod enqueue;
mod read;

use async_trait::async_trait;
use tidings_store::{
    ClaimedJob, JobClaim, JobCount, JobDone, JobKey, JobProof, JobRow, Jobs, NewJob, Page, PageRequest,
};
use tidings_types::{Environment, Result, Timestamp};

use crate::PostgresStore;
use crate::notification::Notification;

pub(crate) use enqueue::enqueue;

/// What other nodes should know once jobs are written.
pub(crate) fn news(jobs: &[NewJob]) -> impl Iterator<Item = Notification> + use<> {
    (!jobs.is_empty()).then_some(Notification::Jobs).into_iter()
}

#[async_trait]
impl Jobs for PostgresStore {
    async fn enqueue_jobs(&self, jobs: Vec<NewJob>) -> Result<()> {
        self.write_and_tell(enqueue::Ask(&jobs), news(&jobs)).await
    }

    async fn claim_jobs(&self, claim: JobClaim) -> Result<Vec<ClaimedJob>> {
        self.write(claim::Take(claim)).await
    }

    async fn complete_job(&self, done: JobDone) -> Result<bool> {
        let news = complete::news(&done);
        self.write_and_tell(complete::Complete(done), news).await
    }

    async fn release_jobs(&self, claims: Vec<(JobKey, JobProof)>) -> Result<()> {
        self.write(claim::Release(claims)).await
    }

    async fn next_job_due(&self, kind: &str) -> Result<Option<Timestamp>> {
        claim::next_due(&self.database, kind).await
    }

    async fn job(&self, name: &JobKey) -> Result<Option<JobRow>> {
        read::one(&self.database, name).await
    }

    async fn cancel_job(&self, name: &JobKey) -> Result<bool> {
        complete::cancel(self, name).await
    }

    async fn dead_jobs(&self, environment: Environment, page: PageRequest) -> Result<Page<JobRow>> {
        read::dead(&self.database, environment, &page).await
    }

    async fn revive_job(&self, name: &JobKey, now: Timestamp) -> Result<bool> {
        enqueue::revive(self, name, now).await
    }

    async fn job_counts(&self, now: Timestamp) -> Result<Vec<JobCount>> {
        read::counts(&self.database, now).await
    }
}
