//! Filing a message.

use serde_json::json;
use tidings_domain::digest::{matching, next_release};
use tidings_store::{DigestKey, Holding, JobKey, NewJob};
use tidings_types::{Environment, Lane, Timestamp, UserId};

use super::job::KIND;
use crate::resolve::Resolved;

/// What is filed of a message accepted then, and the job that sends what was gathered; none when it goes on its way.
pub(crate) fn hold(
    environment: Environment,
    user: Option<&UserId>,
    tenant: Option<&str>,
    resolved: &Resolved,
    accepted: Timestamp,
    now: Timestamp,
) -> Option<(Holding, NewJob)> {
    let (topic, effective) = resolved.topic.as_ref()?;
    let digest = topic.digest.as_ref()?;
    if resolved.spec.digest_instance.is_some() {
        // It is what was gathered.
        return None;
    }
    let chosen = effective.preference.digest_schedule_id.as_deref();
    let held = matching(digest, chosen, &resolved.data)?;
    let due = next_release(held.schedule, now)?;
    let key = DigestKey {
        user_id: user?.clone(),
        topic_id: topic.id.clone(),
        tenant_id: tenant.map(str::to_owned),
        schedule_id: held.schedule.schedule_id.clone(),
    };
    let job = job(environment, &key, due);
    let holding = Holding {
        key,
        categories: held.categories,
        data: resolved.data.clone(),
        // In the order of acceptance, whichever was carried out first.
        at: accepted,
    };
    Some((holding, job))
}

/// The job that sends what is gathered under a key. Asked for again while it waits, it is the same one.
pub(super) fn job(environment: Environment, key: &DigestKey, due: Timestamp) -> NewJob {
    let parts = [
        key.schedule_id.as_str(),
        key.topic_id.as_str(),
        key.tenant_id.as_deref().unwrap_or_default(),
        key.user_id.as_str(),
    ];
    NewJob {
        // As JSON, no part can run into the next.
        name: JobKey::new(environment, KIND, json!(parts).to_string()),
        lane: Lane::Normal,
        due,
        body: json!({
            "schedule": key.schedule_id, "topic": key.topic_id, "tenant": key.tenant_id, "user": key.user_id,
        }),
    }
}
