//! Holding clicks for a moment, to see whether they come in a burst.
//!
//! A gateway that checks a mail follows all of its links within a second or two, under a browser's name. So a click waits
//! a few seconds before it counts; when several different links of the message were followed around it, none of them does.

use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use tidings_store::{Act, Hit, JobKey, JobRow, Lane, NewJob};
use tidings_types::{Error, MessageId, Result, Timestamp};

use super::act::{scanned, told};
use super::claims::TrackingClaims;
use crate::Services;
use crate::jobs::{JobHandler, JobStep};

/// The kind of job that decides about a held click.
const KIND: &str = "tracked_click";
/// How long a click is held, in milliseconds.
const HELD_MS: u64 = 4_000;
/// Clicks as close together as this belong together, in milliseconds.
const BURST_MS: u64 = 3_000;
/// So many different links followed together are a machine's doing.
const BURST_LINKS: usize = 3;

/// A held click.
#[derive(Serialize, Deserialize)]
struct Held {
    claims: TrackingClaims,
    at: Timestamp,
}

/// Keeps a click until it is clear what it was, and lets nothing wait for that.
pub(super) async fn hold(services: &Services, claims: &TrackingClaims, now: Timestamp) -> Result<()> {
    let held = Held {
        claims: claims.clone(),
        at: now,
    };
    let hit = Hit {
        at: now,
        link: digest(claims.target.as_deref().unwrap_or_default()),
    };
    let job = NewJob {
        name: JobKey::new(
            claims.environment,
            KIND,
            format!("{}/{}/{}", claims.message_id, now.as_millis(), hit.link),
        ),
        lane: Lane::Normal,
        due: now.plus(HELD_MS),
        body: serde_json::to_value(held).map_err(Error::internal)?,
    };
    let mut engagement = told(claims, Act::Followed(hit), now, "link");
    engagement.jobs.push(job);
    crate::engage(services, vec![engagement]).await?;
    Ok(())
}

/// Tells links apart without keeping them: they may hold secrets.
fn digest(link: &str) -> String {
    let digest = Sha256::digest(link.as_bytes());
    hex::encode(digest.get(..8).unwrap_or_default())
}

/// Decides about held clicks.
pub struct Clicks;

#[async_trait]
impl JobHandler for Clicks {
    fn kind(&self) -> &'static str {
        KIND
    }

    fn places(&self) -> usize {
        8
    }

    async fn run(&self, services: &Services, job: &JobRow) -> Result<JobStep> {
        let Held { claims, at } = serde_json::from_value(job.body.clone()).map_err(Error::internal)?;
        let id = MessageId::from(claims.message_id.as_str());
        let Some(message) = services.store.message(claims.environment, &id).await? else {
            return Ok(JobStep::finished());
        };
        let engagement = if is_burst(&message.told.hits, at) {
            scanned(&claims, at, "link", "several links were followed at once")
        } else {
            told(&claims, Act::Clicked, at, "link")
        };
        // Telling the same twice changes nothing, so a job that is done again does no harm.
        crate::engage(services, vec![engagement]).await?;
        Ok(JobStep::finished())
    }
}

fn is_burst(hits: &[Hit], at: Timestamp) -> bool {
    let near = |hit: &&Hit| hit.at.since(at).max(at.since(hit.at)) <= BURST_MS;
    let mut links: Vec<_> = hits.iter().filter(near).map(|hit| hit.link.as_str()).collect();
    links.sort_unstable();
    links.dedup();
    links.len() >= BURST_LINKS
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hits(of: &[(i64, &str)]) -> Vec<Hit> {
        let hit = |(at, link): &(i64, &str)| Hit {
            at: Timestamp::from_millis(*at),
            link: (*link).to_owned(),
        };
        of.iter().map(hit).collect()
    }

    #[test]
    fn many_links_at_once_are_a_burst_and_one_link_often_is_not() {
        let at = Timestamp::from_millis(10_000);
        assert!(is_burst(&hits(&[(9_000, "a"), (10_000, "b"), (11_500, "c")]), at));
        assert!(!is_burst(&hits(&[(9_000, "a"), (10_000, "a"), (10_100, "a")]), at));
        assert!(!is_burst(&hits(&[(1_000, "a"), (10_000, "b"), (30_000, "c")]), at));
        assert!(!is_burst(&[], at));
    }
}
