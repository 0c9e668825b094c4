//! Calling off a request with many messages.

use async_trait::async_trait;
use serde_json::{Value, json};
use tidings_bus::Hint;
use tidings_store::bulk::BulkStatus;
use tidings_store::{BulkOutcome, Cursor, FollowUps, JobKey, JobRow, Lane, NewJob, PageRequest};
use tidings_types::{Environment, MessageId, RequestId, Result};

use crate::Services;
use crate::jobs::{JobHandler, JobStep};

/// The kind of job that calls off a request's messages. Its key is the request's id.
const CANCEL: &str = "cancel-request";

/// How many messages are looked at per transaction.
const PAGE: u32 = 256;

/// What calling a request off came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Canceled {
    /// It is called off, or was before.
    Done,
    /// There is nothing left to call off: it is expanded, and every message has ended.
    TooLate,
    /// There is no such request.
    NotFound,
}

/// Calls a request off: nothing more is expanded, and what has not been handed over is not. Its messages get their status
/// in the background; one that is due before is called off when its turn comes.
///
/// # Errors
/// When the store fails.
pub async fn cancel(services: &Services, environment: Environment, id: &RequestId) -> Result<Canceled> {
    let (store, now) = (&services.store, services.clock.now());
    let Some(request) = store.request(environment, id).await? else {
        return Ok(Canceled::NotFound);
    };
    if request.canceled_at.is_none() && is_over(services, environment, id).await? {
        return Ok(Canceled::TooLate);
    }
    // First the job, so that no request is called off without it.
    let job = NewJob {
        name: JobKey::new(environment, CANCEL, id.as_str()),
        lane: Lane::Normal,
        due: now,
        body: Value::Null,
    };
    store.enqueue_jobs(vec![job]).await?;
    store.cancel_request(environment, id, now).await?;
    services.bus.send(Hint::Jobs);
    Ok(Canceled::Done)
}

/// Whether nothing is left of a request that could be called off.
async fn is_over(services: &Services, environment: Environment, id: &RequestId) -> Result<bool> {
    let progress = services.store.request_progress(environment, id).await?;
    if progress.expanding + progress.given_up > 0 {
        return Ok(false);
    }
    let counts = services.store.count_messages(environment, id).await?;
    Ok(counts.iter().all(|(status, _)| status.is_final()))
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
        if let Some(after) = job.body.as_i64() {
            return people(services, environment, &id, after).await;
        }
        let after = job.body.as_str().map(MessageId::from);
        let page = store
            .cancel_messages(environment, &id, after.as_ref(), now, PAGE)
            .await?;
        Ok(match page.next {
            Some(next) => JobStep::go_on(json!(next.as_str())),
            None => JobStep::go_on(json!(0)),
        })
    }
}

/// The people of a bulk job for whom there will be no message any more, if the request is one of a bulk job: a page from a
/// place on.
async fn people(services: &Services, environment: Environment, id: &RequestId, after: i64) -> Result<JobStep> {
    let page = PageRequest {
        after: Some(Cursor {
            sort: after,
            id: String::new(),
        }),
        limit: PAGE,
    };
    let page = services.store.bulk_users(environment, id.as_str(), page).await?;
    let pending = page.items.into_iter().filter(|user| user.status == BulkStatus::Pending);
    let bulk = pending.map(|user| BulkOutcome {
        job_id: id.to_string(),
        number: user.number,
        result: Err("The job was canceled".to_owned()),
    });
    let step = match page.next {
        Some(next) => JobStep::go_on(json!(next.sort)),
        None => JobStep::finished(),
    };
    Ok(step.with(FollowUps {
        bulk: bulk.collect(),
        ..FollowUps::default()
    }))
}
