//! Looking at many gatherings again: of a topic whose digest was changed or taken away, of a person who chose another
//! rhythm, or all of a rhythm that somebody wants to be sent now. Each becomes a job of its own, so that one that fails
//! stops no other.

use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use tidings_bus::Hint;
use tidings_store::jobs::REVIEW_DIGESTS;
use tidings_store::{Cursor, DigestFilter, FollowUps, JobKey, JobRow, Lane, NewJob, PageRequest};
use tidings_types::{Environment, Error, Result, TopicId, UserId};

use super::body::{Body, Why};
use crate::Services;
use crate::jobs::{JobHandler, JobStep};

/// How many gatherings become jobs in one transaction.
const PAGE: u32 = 200;

/// Sends all that is gathered in a rhythm, soon: what it takes is written when this returns.
///
/// # Errors
/// When the store fails.
pub async fn release_all(services: &Services, environment: Environment, schedule_id: &str) -> Result<()> {
    let body = Wish {
        schedule: Some(schedule_id.to_owned()),
        ..Wish::default()
    };
    let job = NewJob {
        name: JobKey::new(environment, REVIEW_DIGESTS, format!("schedule/{schedule_id}")),
        lane: Lane::Normal,
        due: services.clock.now(),
        body: serde_json::to_value(body).map_err(Error::internal)?,
    };
    services.store.enqueue_jobs(vec![job]).await?;
    services.bus.send(Hint::Jobs);
    Ok(())
}

/// Which gatherings, and how far they are looked through. See [`tidings_store::digests::after_document`] and
/// [`tidings_store::digests::after_choice`].
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
struct Wish {
    /// Of this topic.
    topic: Option<TopicId>,
    /// The digest that the topic had.
    digest: Value,
    /// Of this person.
    person: Option<UserId>,
    /// In this rhythm, to be sent now.
    schedule: Option<String>,
    /// After this one.
    after: Option<(i64, String)>,
}

/// Does jobs of the kind [`REVIEW_DIGESTS`].
pub(crate) struct ReviewDigests;

#[async_trait]
impl JobHandler for ReviewDigests {
    fn kind(&self) -> &'static str {
        REVIEW_DIGESTS
    }

    async fn run(&self, services: &Services, job: &JobRow) -> Result<JobStep> {
        let mut wish = Wish::deserialize(&job.body).map_err(Error::internal)?;
        let environment = job.name.environment;
        let filter = DigestFilter {
            schedule_id: wish.schedule.clone(),
            user_id: wish.person.clone(),
            topic_id: wish.topic.clone(),
            tenant_id: None,
            open: true,
        };
        let page = PageRequest {
            after: wish.after.take().map(|(sort, id)| Cursor { sort, id }),
            limit: PAGE,
        };
        let found = services.store.digest_instances(environment, filter, page).await?;
        let why = if wish.schedule.is_some() {
            Why::Asked
        } else {
            Why::Review
        };
        let before = serde_json::from_value(wish.digest.clone()).ok();
        let jobs = found
            .items
            .iter()
            .map(|instance| {
                let mut body = Body::of(&instance.key, why);
                body.before.clone_from(&before);
                body.job(environment)
            })
            .collect::<Result<Vec<_>>>()?;
        let follow_ups = FollowUps {
            jobs,
            ..FollowUps::default()
        };
        let step = match found.next {
            Some(next) => {
                wish.after = Some((next.sort, next.id));
                JobStep::go_on(serde_json::to_value(wish).map_err(Error::internal)?)
            }
            None => JobStep::finished(),
        };
        Ok(step.with(follow_ups))
    }
}
