//! Calling off a request with many messages.

use async_trait::async_trait;
use serde_json::{Value, json};
use tidings_bus::Hint;
use tidings_store::{JobKey, JobRow, Lane, NewJob};
use tidings_types::{Environment, MessageId, RequestId, Result};

use crate::Services;
use crate::jobs::{JobHandler, JobStep};

/// The kind of job that calls off a request's messages. Its key is the request's id.
const CANCEL: &str = "cancel-request";

/// How many messages are looked at per transaction.
const PAGE: u32 = 256;

/// Calls a request off: nothing more is expanded, and what has not been handed over is not. Its messages get their status
/// in the background; one that is due before is called off when its turn comes. False when there is no such request.
///
/// # Errors
/// When the store fails.
pub async fn cancel(services: &Services, environment: Environment, id: &RequestId) -> Result<bool> {
    let (store, now) = (&services.store, services.clock.now());
    if store.request(environment, id).await?.is_none() {
        return Ok(false);
    }
    // First the job, so that no request is called off without it.
    let job = NewJob {
        name: JobKey::new(environment, CANCEL, id.as_str()),
        lane: Lane::Normal,
        due: now,
        body: Value::Null,
    };
    store.enqueue_jobs(vec![job]).await?;
    let found = store.cancel_request(environment, id, now).await?;
    services.bus.send(Hint::Jobs);
    Ok(found)
}

/// Does jobs of the kind [`CANCEL`].
pub(crate) struct CancelRequest;

#[async_trait]
impl JobHandler for CancelRequest {
    fn kind(&self) -> &'static str {
        CANCEL
    }

    async fn run(&self, services: &Services, job: &JobRow) -> Result<JobStep> {
        let (store, environment, now) = (&services.store, job.name.environment, services.clock.now());
        let id = RequestId::from(job.name.key.as_str());
        if job.body.is_null() {
            // Whatever was written first, the request is called off before its messages are.
            store.cancel_request(environment, &id, now).await?;
            store.cancel(environment, &id.as_message_id(), now).await?;
        }
        let after = job.body.as_str().map(MessageId::from);
        let page = store
            .cancel_messages(environment, &id, after.as_ref(), now, PAGE)
            .await?;
        Ok(match page.next {
            Some(next) => JobStep::go_on(json!(next.as_str())),
            None => JobStep::finished(),
        })
    }
}
