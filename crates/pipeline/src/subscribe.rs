//! Putting very many people on a list, in the background.

use std::collections::HashSet;

use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use serde_json::json;
use tidings_store::{JobKey, JobRow, Lane, NewJob, NewSubscription, PageRequest};
use tidings_types::id::new_trace_style_id;
use tidings_types::{Environment, Error, Object, Result};

use crate::Services;
use crate::jobs::{JobHandler, JobStep};

/// The kind of job that puts people on a list.
const SUBSCRIBE: &str = "subscribe";

/// How many people are written per transaction.
const PAGE: usize = 256;

/// The job that puts these people on a list; with `replace`, everybody else leaves it.
pub fn job(
    services: &Services,
    environment: Environment,
    list: &str,
    people: &[NewSubscription],
    replace: bool,
) -> NewJob {
    let now = services.clock.now();
    let people: Vec<_> = people
        .iter()
        .map(|one| json!([one.user_id.as_str(), one.preferences]))
        .collect();
    NewJob {
        name: JobKey::new(
            environment,
            SUBSCRIBE,
            new_trace_style_id(now, services.random.as_ref()),
        ),
        lane: Lane::Normal,
        due: now,
        body: json!({ "list": list, "people": people, "replace": replace }),
    }
}

/// What such a job carries.
#[derive(Serialize, Deserialize)]
struct Body {
    list: String,
    people: Vec<(String, Option<Object>)>,
    replace: bool,
}

/// Does jobs of the kind [`SUBSCRIBE`].
pub(crate) struct Subscribe;

#[async_trait]
impl JobHandler for Subscribe {
    fn kind(&self) -> &'static str {
        SUBSCRIBE
    }

    fn places(&self) -> usize {
        // One after the other, in the order in which they were asked for.
        1
    }

    /// Page by page, each in its own transaction, so that nobody else waits for all of it. Begun again after a crash, it
    /// writes the same.
    async fn run(&self, services: &Services, job: &JobRow) -> Result<JobStep> {
        let body = Body::deserialize(&job.body).map_err(Error::internal)?;
        let (store, environment, now) = (&services.store, job.name.environment, services.clock.now());
        for chunk in body.people.chunks(PAGE) {
            let people = chunk.iter().map(|(user, preferences)| NewSubscription {
                user_id: user.as_str().into(),
                preferences: preferences.clone(),
            });
            store
                .subscribe(environment, &body.list, people.collect(), false, now)
                .await?;
        }
        if body.replace {
            let staying: HashSet<&str> = body.people.iter().map(|(user, _)| user.as_str()).collect();
            let mut page = PageRequest {
                after: None,
                limit: 256,
            };
            loop {
                let read = store.subscriptions(environment, &body.list, page.clone()).await?;
                let leaving = read.items.into_iter().map(|one| one.user_id);
                let leaving: Vec<_> = leaving.filter(|user| !staying.contains(user.as_str())).collect();
                if !leaving.is_empty() {
                    store.unsubscribe(environment, &body.list, leaving).await?;
                }
                match read.next {
                    Some(next) => page.after = Some(next),
                    None => break,
                }
            }
        }
        Ok(JobStep::finished())
    }
}
