//! Looking at one gathering: when its rhythm comes round, or because something changed.

use async_trait::async_trait;
use serde::Deserialize;
use tidings_domain::digest::{NextStep, next_step};
use tidings_store::{DigestInstance, DigestKey, FollowUps, JobRow, NewJob};
use tidings_types::{Environment, Error, Result, Timestamp};

use super::body::{Body, KIND, Why};
use super::empty::nothing_gathered;
use super::release::{Release, Round};
use super::scene::{Scene, open};
use crate::Services;
use crate::jobs::{JobHandler, JobStep};

/// Does jobs of the kind [`KIND`].
pub(crate) struct ReleaseDigest;

#[async_trait]
impl JobHandler for ReleaseDigest {
    fn kind(&self) -> &'static str {
        KIND
    }

    async fn run(&self, services: &Services, job: &JobRow) -> Result<JobStep> {
        let mut body = Body::deserialize(&job.body).map_err(Error::internal)?;
        if body.why == Why::Due {
            body.due.get_or_insert(job.due);
        }
        let (environment, key) = (job.name.environment, body.key());
        let scene = Scene::look(services, environment, &key).await?;
        let Some(instance) = open(services, environment, &key).await? else {
            return nothing_gathered(services, environment, &body, scene).await;
        };
        let Some(scene) = scene else {
            // One last digest with what there was.
            let release = Release::with(services, environment, body.before.as_ref());
            release.send(instance).await?;
            return Ok(JobStep::finished());
        };
        // What was filed after a round belongs to the next.
        let round = body.due.filter(|due| instance.created <= *due);
        let next = match body.why {
            Why::Asked => NextStep::Send,
            Why::Due | Why::Review => next_step(
                &scene.digest,
                scene.chosen(),
                &key.schedule_id,
                round,
                services.clock.now(),
            ),
        };
        match next {
            NextStep::Send => {
                let mut release = Release::with(services, environment, Some(&scene.digest));
                release.round = round.filter(|_| body.why == Why::Due).map(|due| Round {
                    due,
                    goes_on: scene.digest.trigger_empty,
                });
                release.send(instance).await?;
                Ok(JobStep::finished())
            }
            NextStep::Wait { schedule_id, until } => wait(services, environment, instance, schedule_id, until).await,
        }
    }
}

/// Lets a gathering wait, in its rhythm or in another.
async fn wait(
    services: &Services,
    environment: Environment,
    instance: DigestInstance,
    schedule_id: String,
    until: Timestamp,
) -> Result<JobStep> {
    let is_other = instance.key.schedule_id != schedule_id;
    let key = DigestKey {
        schedule_id,
        ..instance.key.clone()
    };
    let job = Body::at(&key, until).job(environment)?;
    if is_other {
        // One that is not open any more has been sent, or was moved by somebody else.
        let to = key.schedule_id.as_str();
        services.store.move_digest(environment, instance, to, vec![job]).await?;
        return Ok(JobStep::finished());
    }
    Ok(followed_by(job))
}

/// The job is done, and another follows.
pub(super) fn followed_by(job: NewJob) -> JobStep {
    JobStep::finished().with(FollowUps {
        jobs: vec![job],
        ..FollowUps::default()
    })
}
