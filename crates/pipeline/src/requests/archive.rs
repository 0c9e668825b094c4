//! Hiding a request with many messages from listings.

use async_trait::async_trait;
use futures_util::future::try_join_all;
use serde_json::{Value, json};
use tidings_bus::Hint;
use tidings_store::{JobKey, JobRow, Lane, Mark, Marking, NewJob};
use tidings_types::{Environment, MessageId, RequestId, Result};

use crate::jobs::{JobHandler, JobStep};
use crate::{Services, marking};

/// The kind of job that hides what is left of a request. Its key is the request's id.
const ARCHIVE: &str = "archive-request";

/// How many messages are hidden per transaction.
const PAGE: u32 = 256;

/// How long to wait for the rest of a request that is still being expanded, in milliseconds.
const PAUSE_MS: u64 = 2_000;

/// Hides a request's messages from listings, and puts them away in people's feeds. The first ones are hidden when this
/// returns, and what is left of very many in the background. False when there is no such request and no message by that id.
///
/// # Errors
/// When the store fails.
pub async fn archive(services: &Services, environment: Environment, id: &RequestId) -> Result<bool> {
    let store = &services.store;
    let is_request = store.request(environment, id).await?.is_some();
    let expanding = is_request && store.request_progress(environment, id).await?.expanding > 0;
    let (found, next) = page(services, environment, id, None).await?;
    if next.is_some() || expanding {
        let job = NewJob {
            name: JobKey::new(environment, ARCHIVE, id.as_str()),
            lane: Lane::Bulk,
            due: services.clock.now(),
            body: Value::Null,
        };
        store.enqueue_jobs(vec![job]).await?;
        services.bus.send(Hint::Jobs);
    }
    Ok(is_request || found)
}

/// Hides a page. Says whether there was anything, and the last message when there may be more.
async fn page(
    services: &Services,
    environment: Environment,
    id: &RequestId,
    after: Option<&MessageId>,
) -> Result<(bool, Option<MessageId>)> {
    let hidden = services.store.archive_messages(environment, id, after, PAGE).await?;
    let found = !hidden.messages.is_empty();
    let now = services.clock.now();
    let put_away = hidden.messages.into_iter().filter_map(|(message_id, user)| {
        let marking = Marking {
            environment,
            user_id: user?.into_string(),
            message_id,
            mark: Mark::Archived,
            at: now,
            source: None,
            via: None,
        };
        Some(marking::one(services, marking))
    });
    try_join_all(put_away).await?;
    Ok((found, hidden.next))
}

/// Does jobs of the kind [`ARCHIVE`].
pub(crate) struct ArchiveRequest;

#[async_trait]
impl JobHandler for ArchiveRequest {
    fn kind(&self) -> &'static str {
        ARCHIVE
    }

    async fn run(&self, services: &Services, job: &JobRow) -> Result<JobStep> {
        let (environment, id) = (job.name.environment, RequestId::from(job.name.key.as_str()));
        let after = job.body.as_str().map(MessageId::from);
        if after.is_none() && services.store.request_progress(environment, &id).await?.expanding > 0 {
            return Ok(JobStep::at(services.clock.now().plus(PAUSE_MS), Value::Null));
        }
        let (_, next) = page(services, environment, &id, after.as_ref()).await?;
        Ok(match next {
            Some(next) => JobStep::go_on(json!(next.as_str())),
            None => JobStep::finished(),
        })
    }
}
