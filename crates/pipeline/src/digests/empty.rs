//! Digests that are sent though nothing was gathered.

use tidings_domain::digest::{NextStep, next_release, next_step, released};
use tidings_domain::preference::Standing;
use tidings_store::DigestKey;
use tidings_types::digest::{Digest, Frequency};
use tidings_types::{Environment, ErrorKind, Result, Timestamp};

use super::body::{Body, Why};
use super::job::followed_by;
use super::message::{compose, id_of_round};
use super::scene::{Scene, is_in_scope};
use crate::jobs::JobStep;
use crate::{Services, accept};

/// What follows when nothing is gathered under a key: nothing; or, where the digest's owner wants that, an empty digest,
/// and another one the next time. It ends with the person's wish, and begins again with the next message that is filed.
pub(super) async fn nothing_gathered(
    services: &Services,
    environment: Environment,
    body: &Body,
    scene: Option<Scene>,
) -> Result<JobStep> {
    let key = body.key();
    let (Some(scene), Some(due)) = (scene.filter(|scene| scene.digest.trigger_empty), body.due) else {
        return Ok(JobStep::finished());
    };
    let wanted = body.why == Why::Due
        && matches!(
            scene.effective.standing,
            Standing::In | Standing::Required | Standing::Snoozed { .. }
        )
        && is_in_scope(services, environment, &scene.digest, &key.user_id).await?
        && is_known(services, environment, body, &key).await?;
    if !wanted {
        return Ok(JobStep::finished());
    }
    let now = services.clock.now();
    let again = |key: &DigestKey, until: Timestamp| {
        let mut next = Body::at(key, until);
        next.recipient.clone_from(&body.recipient);
        next.job(environment)
    };
    match next_step(&scene.digest, scene.chosen(), &key.schedule_id, Some(due), now) {
        NextStep::Wait { schedule_id, until } => {
            let key = DigestKey { schedule_id, ..key };
            Ok(followed_by(again(&key, until)?))
        }
        NextStep::Send => {
            let Some(next) = next_round(&scene.digest, scene.chosen(), now) else {
                return Ok(JobStep::finished());
            };
            let job = again(&key, next)?;
            if matches!(scene.effective.standing, Standing::Snoozed { .. }) {
                return Ok(followed_by(job));
            }
            let data = released(&scene.digest.categories, &[]);
            let message = compose(
                services,
                environment,
                &scene.digest,
                &key,
                "empty",
                data,
                &body.recipient,
            )
            .await?;
            let mut acceptance = accept::named(services, message, &id_of_round(&key, due)).await;
            acceptance.jobs.push(job);
            let lane = acceptance.messages.first().map(|message| message.lane);
            match services.store.accept(acceptance).await {
                Ok(()) => {
                    if let Some(lane) = lane {
                        services.bus.send(tidings_bus::Hint::Work(lane));
                    }
                }
                // The digest of this round was sent before.
                Err(error) if error.kind() == ErrorKind::Conflict => {}
                Err(error) => return Err(error),
            }
            Ok(JobStep::finished())
        }
    }
}

/// When the person's rhythm comes round next; none where it is at once.
fn next_round(digest: &Digest, chosen: Option<&str>, now: Timestamp) -> Option<Timestamp> {
    let schedule = digest
        .schedule(chosen)
        .filter(|one| one.frequency != Frequency::Instant)?;
    next_release(schedule, now)
}

/// Whether there is an address to send to, as far as can be told: from the profile, or from the last send.
async fn is_known(services: &Services, environment: Environment, body: &Body, key: &DigestKey) -> Result<bool> {
    Ok(!body.recipient.is_empty() || services.store.profile(environment, &key.user_id).await?.is_some())
}
