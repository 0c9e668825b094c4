//! Forgetting a person altogether: at once what is known of them, and in the background the messages to them.

use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use tidings_bus::Hint;
use tidings_store::{JobKey, JobRow, Lane, NewJob};
use tidings_types::{Environment, Error, Result, Timestamp, UserId};

use crate::Services;
use crate::jobs::{JobHandler, JobStep};
use crate::preferences::{Erased, pseudonym};

/// The kind of job that takes a person out of the messages to them. Its key is the person's id.
const ERASE: &str = "erase-messages";

/// How many messages are erased per transaction.
const PAGE: u32 = 64;

/// How long to wait for messages that are just being carried out, in milliseconds.
const PAUSE_MS: u64 = 2_000;

/// What the job needs to know.
#[derive(Debug, Serialize, Deserialize)]
struct Body {
    pseudonym: UserId,
    /// Messages accepted later are none of its business.
    until: Timestamp,
}

/// Forgets a person: what is known of them and what they said before this returns, the messages to them in the background.
/// What is pending is called off. Proof that names nobody stays, as of [`crate::preferences::erase`].
///
/// # Errors
/// When the store fails.
pub async fn erase(services: &Services, environment: Environment, user: &UserId) -> Result<Erased> {
    let pseudonym = pseudonym(services, environment, user).await?;
    let now = services.clock.now();
    let body = Body {
        pseudonym: pseudonym.clone(),
        until: now,
    };
    let job = NewJob {
        name: JobKey::new(environment, ERASE, user.as_str()),
        lane: Lane::Normal,
        due: now,
        body: serde_json::to_value(body).map_err(Error::internal)?,
    };
    let proof = services
        .store
        .erase_person(environment, user, &pseudonym, job, now)
        .await?;
    services.bus.send(Hint::Jobs);
    Ok(Erased { pseudonym, proof })
}

/// Does jobs of the kind [`ERASE`].
pub(crate) struct EraseMessages;

#[async_trait]
impl JobHandler for EraseMessages {
    fn kind(&self) -> &'static str {
        ERASE
    }

    async fn run(&self, services: &Services, job: &JobRow) -> Result<JobStep> {
        let (environment, user, now) = (
            job.name.environment,
            UserId::from(job.name.key.as_str()),
            services.clock.now(),
        );
        let body: Body = serde_json::from_value(job.body.clone()).map_err(Error::internal)?;
        let page = services
            .store
            .erase_messages(environment, &user, &body.pseudonym, body.until, PAGE, now)
            .await?;
        Ok(if page.erased > 0 {
            JobStep::go_on(job.body.clone())
        } else if page.under_way > 0 {
            JobStep::at(now.plus(PAUSE_MS), job.body.clone())
        } else {
            JobStep::finished()
        })
    }
}
