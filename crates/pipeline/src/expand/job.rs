//! The job that expands a crowd.

use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use tidings_store::{JobKey, JobRow, Lane, NewJob};
use tidings_types::{Environment, Error, RequestId, Result, Timestamp};

use super::walk::Walk;
use super::{Crowd, CrowdKind, EXPAND};
use crate::Services;
use crate::jobs::{JobHandler, JobStep};

/// Does jobs of the kind [`EXPAND`].
pub(crate) struct Expand;

/// What such a job carries.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Body {
    /// The request.
    request: RequestId,
    /// Which of its crowds.
    entry: u32,
    /// What is read: the crowd itself. Jobs of an earlier version name one of the lists or tenants it stands for.
    pub(super) kind: CrowdKind,
    pub(super) id: String,
    /// Within what the crowd stands for: the list of a pattern that is being read, or the tenant after those above it.
    /// Empty before the first and between two lists.
    #[serde(default)]
    pub(super) path: Vec<String>,
    /// The last person read; between two lists, the last list.
    pub(super) after: Option<String>,
    /// Whether a list was found that matches.
    #[serde(default)]
    pub(super) found: bool,
    /// Whether there was anybody to send to.
    #[serde(default)]
    pub(super) reached: bool,
}

/// The jobs that expand a new request's crowds.
pub(crate) fn jobs_of(
    environment: Environment,
    request: &RequestId,
    crowds: &[Crowd],
    now: Timestamp,
) -> Result<Vec<NewJob>> {
    let job = |crowd: &Crowd| {
        let body = Body {
            request: request.clone(),
            entry: crowd.entry,
            kind: crowd.kind,
            id: crowd.id.clone(),
            path: Vec::new(),
            after: None,
            found: false,
            reached: false,
        };
        new_job(environment, format!("{request}/{}", crowd.entry), &body, now)
    };
    crowds.iter().map(job).collect()
}

fn new_job(environment: Environment, key: String, body: &Body, now: Timestamp) -> Result<NewJob> {
    Ok(NewJob {
        name: JobKey::new(environment, EXPAND, key),
        lane: Lane::Bulk,
        due: now,
        body: serde_json::to_value(body).map_err(Error::internal)?,
    })
}

#[async_trait]
impl JobHandler for Expand {
    fn kind(&self) -> &'static str {
        EXPAND
    }

    fn places(&self) -> usize {
        2
    }

    fn attempts(&self) -> u32 {
        // Half a day: an accepted send is not given up because the store had a bad hour.
        60
    }

    /// A page, or what comes before one.
    async fn run(&self, services: &Services, job: &JobRow) -> Result<JobStep> {
        let body = Body::deserialize(&job.body).map_err(Error::internal)?;
        let request = services.store.request(job.name.environment, &body.request).await?;
        let Some(request) = request.filter(|request| request.canceled_at.is_none()) else {
            return Ok(JobStep::finished());
        };
        let crowds: Vec<Crowd> =
            serde_json::from_str(request.crowds.as_deref().unwrap_or("[]")).map_err(Error::internal)?;
        let Some(crowd) = crowds.into_iter().find(|crowd| crowd.entry == body.entry) else {
            return Ok(JobStep::finished());
        };
        let walk = Walk {
            services,
            request,
            crowd,
            body,
        };
        walk.step().await
    }
}
