//! Sending what was gathered, when its time has come.

use async_trait::async_trait;
use serde::Deserialize;
use tidings_domain::digest::next_release;
use tidings_store::{DigestKey, JobRow};
use tidings_types::{Error, Result, TopicId, UserId};

use super::release::release;
use crate::Services;
use crate::jobs::{JobHandler, JobStep};

/// The kind of job.
pub(super) const KIND: &str = "release-digest";

/// Does jobs of the kind [`KIND`].
pub(crate) struct ReleaseDigest;

#[derive(Deserialize)]
struct Body {
    schedule: String,
    topic: TopicId,
    tenant: Option<String>,
    user: UserId,
}

#[async_trait]
impl JobHandler for ReleaseDigest {
    fn kind(&self) -> &'static str {
        KIND
    }

    async fn run(&self, services: &Services, job: &JobRow) -> Result<JobStep> {
        let body = Body::deserialize(&job.body).map_err(Error::internal)?;
        let environment = job.name.environment;
        let key = DigestKey {
            user_id: body.user,
            topic_id: body.topic,
            tenant_id: body.tenant,
            schedule_id: body.schedule,
        };
        release(services, environment, &key).await?;
        // Who was sent a digest once goes on getting it though nothing was gathered, where its owner wants that.
        let topic = services.documents().topic(environment, key.topic_id.as_str()).await?;
        let digest = topic
            .and_then(|topic| topic.digest)
            .filter(|digest| digest.trigger_empty);
        let schedule = digest.and_then(|digest| {
            let mut schedules = digest.schedules.into_iter();
            schedules.find(|one| one.schedule_id == key.schedule_id && !one.disabled)
        });
        let next = schedule.and_then(|schedule| next_release(&schedule, services.clock.now()));
        Ok(match next {
            Some(due) => JobStep::at(due, job.body.clone()),
            None => JobStep::finished(),
        })
    }
}
