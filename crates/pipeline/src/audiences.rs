//! Audiences in the background: everybody is looked at again when a filter changes, and somebody when they join or leave
//! a tenant that a filter asks for. What a changed profile comes to is written with the profile itself.

use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use tidings_domain::audience::TENANTS_KEY;
use tidings_store::jobs::REVIEW_AUDIENCES;
use tidings_store::{JobKey, JobRow, Lane, NewJob};
use tidings_types::{Environment, Error, Result, Timestamp, UserId};

use crate::Services;
use crate::jobs::{JobHandler, JobStep};

/// The kind of job that looks at everybody again for one audience. Its key is the audience's id.
pub const REBUILD: &str = "rebuild-audience";

/// How many people are looked at per transaction.
const PAGE: u32 = 256;

/// The job that looks at everybody again, or takes the members of an audience that is gone away.
pub fn rebuild(environment: Environment, audience: &str, now: Timestamp) -> NewJob {
    NewJob {
        name: JobKey::new(environment, REBUILD, audience),
        lane: Lane::Bulk,
        due: now,
        body: Value::Null,
    }
}

/// Does jobs of the kind [`REBUILD`].
pub(crate) struct RebuildAudience;

/// How far such a job is.
#[derive(Serialize, Deserialize)]
#[serde(tag = "step", content = "after", rename_all = "lowercase")]
enum Progress {
    /// Looking at people, this one last.
    Looking(UserId),
    /// Taking away those who passed an earlier filter only.
    Sweeping,
}

#[async_trait]
impl JobHandler for RebuildAudience {
    fn kind(&self) -> &'static str {
        REBUILD
    }

    fn places(&self) -> usize {
        2
    }

    async fn run(&self, services: &Services, job: &JobRow) -> Result<JobStep> {
        let (store, environment, audience) = (&services.store, job.name.environment, &job.name.key);
        let after = match &job.body {
            Value::Null => None,
            body => match Progress::deserialize(body).map_err(Error::internal)? {
                Progress::Looking(after) => Some(after),
                Progress::Sweeping => {
                    let now = services.clock.now();
                    let gone = store.sweep_audience(environment, audience, now, PAGE).await?;
                    if gone == PAGE {
                        return Ok(JobStep::go_on(job.body.clone()));
                    }
                    store.tell_audience(environment, audience, now).await?;
                    services.bus.send(tidings_bus::Hint::Jobs);
                    return Ok(JobStep::finished());
                }
            },
        };
        let now = services.clock.now();
        let next = store
            .rebuild_audience(environment, audience, after.as_ref(), now, PAGE)
            .await?;
        let progress = next.map_or(Progress::Sweeping, Progress::Looking);
        Ok(JobStep::go_on(json!(progress)))
    }
}

/// Does jobs of the kind [`REVIEW_AUDIENCES`].
pub(crate) struct ReviewAudiences;

#[async_trait]
impl JobHandler for ReviewAudiences {
    fn kind(&self) -> &'static str {
        REVIEW_AUDIENCES
    }

    async fn run(&self, services: &Services, job: &JobRow) -> Result<JobStep> {
        let user = UserId::from(job.name.key.as_str());
        let now = services.clock.now();
        services
            .store
            .review_audiences(job.name.environment, &user, TENANTS_KEY, now)
            .await?;
        Ok(JobStep::finished())
    }
}
