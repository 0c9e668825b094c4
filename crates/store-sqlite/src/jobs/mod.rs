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

use crate::SqliteStore;

pub(crate) use enqueue::{enqueue, insert};

#[async_trait]
impl Jobs for SqliteStore {
    async fn enqueue_jobs(&self, jobs: Vec<NewJob>) -> Result<()> {
        self.write(move |write| enqueue(write, &jobs)).await
    }

    async fn claim_jobs(&self, claim: JobClaim) -> Result<Vec<ClaimedJob>> {
        self.write(move |write| claim::claim(write, &claim)).await
    }

    async fn complete_job(&self, done: JobDone) -> Result<bool> {
        let rows: usize = done.follow_ups.messages.iter().map(|page| page.messages.len()).sum();
        if rows > 0 {
            return self
                .write_later(rows, move |write| complete::complete(write, &done))
                .await;
        }
        self.write(move |write| complete::complete(write, &done)).await
    }

    async fn release_jobs(&self, claims: Vec<(JobKey, JobProof)>) -> Result<()> {
        self.write(move |write| {
            for (name, proof) in &claims {
                write.jobs.release(name, proof.token);
            }
            Ok(())
        })
        .await
    }

    async fn next_job_due(&self, kind: &str) -> Result<Option<Timestamp>> {
        let kind = kind.to_owned();
        self.write(move |write| claim::next_due(write, &kind)).await
    }

    async fn job(&self, name: &JobKey) -> Result<Option<JobRow>> {
        let name = name.clone();
        self.read(move |sql| read::one(sql, &name)).await
    }

    async fn cancel_job(&self, name: &JobKey) -> Result<bool> {
        let name = name.clone();
        self.write(move |write| complete::cancel(write, &name)).await
    }

    async fn dead_jobs(&self, environment: Environment, page: PageRequest) -> Result<Page<JobRow>> {
        self.read(move |sql| read::dead(sql, environment, &page)).await
    }

    async fn revive_job(&self, name: &JobKey, now: Timestamp) -> Result<bool> {
        let name = name.clone();
        self.write(move |write| enqueue::revive(write.sql, &name, now)).await
    }

    async fn job_counts(&self, now: Timestamp) -> Result<Vec<JobCount>> {
        self.read(move |sql| read::counts(sql, now)).await
    }
}
