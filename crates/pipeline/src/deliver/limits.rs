//! How many messages one person gets.

use tidings_store::{Admission, AdmissionLimit};
use tidings_types::topic_rules::{Limit, Period};
use tidings_types::{Classification, Reason, Result, SendLimits, Status, Timestamp, TopicId, Verdict};

use super::ledger::Ledger;
use crate::Services;
use crate::resolve::Resolved;

/// Counts a message the first time it is about to go, and says which limit forbids it. What answers the person's own
/// doing is neither counted nor held back.
pub(super) async fn reached(
    services: &Services,
    ledger: &Ledger,
    resolved: &Resolved,
    now: Timestamp,
) -> Result<Option<Verdict>> {
    let message = &ledger.claimed.message;
    let Some(user) = &message.user_id else { return Ok(None) };
    // A message without a topic counts towards what the person gets in all.
    let topic = resolved.topic.as_ref().map(|(topic, _)| topic);
    let is_transactional = topic.is_some_and(|topic| topic.class() == Classification::Transactional);
    if ledger.progress.routed_at.is_some() || is_transactional || ledger.one_time {
        return Ok(None);
    }
    let settings: SendLimits = services.documents().settings(message.environment).await?;
    let of_topic: &[Limit] = match topic {
        None => &[],
        Some(topic) if topic.limits.is_empty() => &settings.per_user_and_topic,
        Some(topic) => &topic.limits,
    };
    if of_topic.is_empty() && settings.per_user.is_empty() {
        return Ok(None);
    }
    let of_topic = of_topic.iter().map(|limit| (false, *limit));
    let named: Vec<(bool, Limit)> = of_topic
        .chain(settings.per_user.iter().map(|limit| (true, *limit)))
        .collect();
    let topic_id = topic.map_or_else(|| TopicId::from(""), |topic| topic.id.clone());
    let exempt = settings.excluded_topics.iter().any(|id| id == topic_id.as_str());
    let limits = named.iter().map(|(all_topics, limit)| AdmissionLimit {
        all_topics: *all_topics,
        since: now.minus(limit.per.millis()),
        max: limit.max,
    });
    let admission = Admission {
        message_id: message.id.clone(),
        topic_id,
        limits: if exempt { Vec::new() } else { limits.collect() },
        now,
        forget_before: now.minus(Period::Month.millis()),
    };
    let reached = services.store.admit(message.environment, user, admission).await?;
    let Some((all_topics, limit)) = reached.and_then(|index| named.get(index)) else {
        return Ok(None);
    };
    let of = match topic {
        Some(topic) if !all_topics => format!("topic \"{}\"", topic.name),
        _ => "all topics".to_owned(),
    };
    Ok(Some(Verdict {
        status: Status::Throttled,
        reason: Reason::Filtered,
        error: format!(
            "The person has had {} messages of {of} in the last {}",
            limit.max,
            limit.per.as_str()
        ),
    }))
}
