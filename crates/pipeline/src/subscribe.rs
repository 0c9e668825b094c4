//! Putting very many people on a list, in the background.

use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use serde_json::json;
use tidings_bus::Hint;
use tidings_store::lists::{By, SUBSCRIBE};
use tidings_store::{JobKey, JobRow, Lane, NewJob, NewSubscription};
use tidings_types::id::new_trace_style_id;
use tidings_types::{Environment, Error, Object, Result};

use crate::Services;
use crate::jobs::{JobHandler, JobStep};

/// How many people are written per transaction.
const PAGE: usize = 256;

/// Asks for these people to be put on a list in the background; with `replace`, everybody else leaves it. It counts from
/// now on: whatever is written to the list afterwards stays.
///
/// # Errors
/// When the store cannot take it.
pub async fn later(
    services: &Services,
    environment: Environment,
    list: &str,
    people: &[NewSubscription],
    replace: bool,
) -> Result<()> {
    let now = services.clock.now();
    let people = people
        .iter()
        .map(|one| (one.user_id.to_string(), one.preferences.clone()))
        .collect();
    let body = Body {
        list: list.to_owned(),
        people,
        replace,
        is_fill: true,
    };
    let key = new_trace_style_id(now, services.random.as_ref());
    let job = NewJob {
        name: JobKey::new(environment, SUBSCRIBE, key),
        lane: Lane::Normal,
        due: now,
        body: json!(body),
    };
    services
        .store
        .subscribe_later(environment, list, replace, job, now)
        .await?;
    services.bus.send(Hint::Jobs);
    Ok(())
}

/// What such a job carries.
#[derive(Serialize, Deserialize)]
struct Body {
    list: String,
    people: Vec<(String, Option<Object>)>,
    replace: bool,
    /// Whether the list knows of it; jobs written before lists did have no such field.
    #[serde(default)]
    is_fill: bool,
}

/// Does jobs of the kind [`SUBSCRIBE`].
pub(crate) struct Subscribe;

#[async_trait]
impl JobHandler for Subscribe {
    fn kind(&self) -> &'static str {
        SUBSCRIBE
    }

    /// Page by page, each in its own transaction, so that nobody else waits for all of it. Begun again after a crash, it
    /// writes the same.
    async fn run(&self, services: &Services, job: &JobRow) -> Result<JobStep> {
        let mut body = Body::deserialize(&job.body).map_err(Error::internal)?;
        let (store, environment, now) = (&services.store, job.name.environment, services.clock.now());
        if !body.is_fill {
            body.is_fill = true;
            // Its namesake is done once this is.
            let again = NewJob {
                name: job.name.clone(),
                lane: job.lane,
                due: now,
                body: json!(body),
            };
            store
                .subscribe_later(environment, &body.list, body.replace, again, now)
                .await?;
            return Ok(JobStep::finished());
        }
        let (list, fill) = (&body.list, &job.name.key);
        let by = By::api(now);
        for chunk in body.people.chunks(PAGE) {
            let people = chunk.iter().map(|(user, preferences)| NewSubscription {
                user_id: user.as_str().into(),
                preferences: preferences.clone(),
            });
            if !store.fill_list(environment, list, fill, people.collect(), by).await? {
                break;
            }
        }
        let limit = u32::try_from(PAGE).unwrap_or(u32::MAX);
        while !store.end_fill(environment, list, fill, body.replace, limit, by).await? {}
        Ok(JobStep::finished())
    }
}
