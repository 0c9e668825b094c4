//! Filing a message.

use tidings_domain::digest::{matching, next_release};
use tidings_store::{DigestKey, Holding, NewJob};
use tidings_types::{Environment, Result, Timestamp, UserId};

use super::body::Body;
use super::scene::is_in_scope;
use crate::Services;
use crate::resolve::Resolved;

/// What is filed of a message accepted then, and the job that sends what was gathered; none when it goes on its way.
///
/// # Errors
/// When the store cannot be read.
pub(crate) async fn hold(
    services: &Services,
    environment: Environment,
    user: Option<&UserId>,
    tenant: Option<&str>,
    resolved: &Resolved,
    (accepted, now): (Timestamp, Timestamp),
) -> Result<Option<(Holding, NewJob)>> {
    let (Some((topic, effective)), Some(user)) = (resolved.topic.as_ref(), user) else {
        return Ok(None);
    };
    let Some(digest) = &topic.digest else { return Ok(None) };
    if resolved.spec.digest_instance.is_some() {
        // It is what was gathered.
        return Ok(None);
    }
    let chosen = effective.preference.digest_schedule_id.as_deref();
    let Some(held) = matching(digest, chosen, &resolved.data) else {
        return Ok(None);
    };
    let Some(due) = next_release(held.schedule, now) else {
        return Ok(None);
    };
    if !is_in_scope(services, environment, digest, user).await? {
        return Ok(None);
    }
    let key = DigestKey {
        user_id: user.clone(),
        topic_id: topic.id.clone(),
        tenant_id: tenant.map(str::to_owned),
        schedule_id: held.schedule.schedule_id.clone(),
    };
    let job = Body::at(&key, due).job(environment)?;
    let holding = Holding {
        key,
        categories: held.categories,
        data: resolved.data.clone(),
        recipient: resolved.given_profile.clone(),
        // In the order of acceptance, whichever was carried out first.
        at: accepted,
    };
    Ok(Some((holding, job)))
}
