//! What a mail provider heard from a person: that they unsubscribed there, or reported a message as unwanted.

use tidings_store::{PageRequest, PreferenceLogFilter};
use tidings_types::{
    Classification, Environment, Error, KeyScope, MessageId, MessageSpec, PreferenceStatus, Result, Timestamp, TopicId,
    UserId,
};

use super::choice::{Choice, Refusal};
use super::write::{Origin, Speaker, change, leave_unknown};
use crate::Services;
use crate::library::Found;

/// Opts the person of a message out of its topic, as far as that may be left. False when there is nothing to leave: no
/// such message, no topic, nobody known by an id, a topic that is required or transactional, or a person who said something
/// of it after `at`, the moment of what is told.
///
/// # Errors
/// When the store fails.
pub async fn left_at_provider(
    services: &Services,
    environment: Environment,
    message_id: &MessageId,
    origin: Origin,
    at: Timestamp,
) -> Result<bool> {
    let Some(message) = services.store.message(environment, message_id).await? else {
        return Ok(false);
    };
    let Some(user) = &message.user_id else { return Ok(false) };
    let Some(request) = services.store.request(environment, &message.request_id).await? else {
        return Ok(false);
    };
    let spec: MessageSpec = serde_json::from_str(&request.spec).map_err(Error::internal)?;
    let mut topic = spec.preferences.subscription_topic_id.map(TopicId::from);
    if topic.is_none() && !message.notification.is_empty() {
        let found = services
            .documents()
            .template(environment, &message.notification, KeyScope::Published, &[])
            .await?;
        if let Found::Template(template) = found {
            topic = template.topic_id.clone().map(TopicId::from);
        }
    }
    let Some(topic) = topic else { return Ok(false) };
    let known = services
        .documents()
        .topic_there_or_removed(environment, topic.as_str())
        .await?;
    if known.is_some_and(|topic| topic.class() == Classification::Transactional)
        || spoke_since(services, environment, user, &topic, at).await?
    {
        return Ok(false);
    }
    let speaker = Speaker {
        environment,
        user,
        tenant: message.tenant_id.as_deref(),
        origin,
        message_id: Some(message_id.as_str()),
        wording: None,
        language: None,
    };
    let out = PreferenceStatus::OptedOut;
    match change(services, &speaker, vec![(topic.clone(), Choice::of_status(out))]).await? {
        Ok(_) => Ok(true),
        // What a topic that is gone goes on sending is unwanted all the same.
        Err(Refusal::UnknownTopic) => leave_unknown(services, &speaker, &topic, out).await.map(|()| true),
        Err(_) => Ok(false),
    }
}

/// Whether the person said something of a topic after a moment: what a provider tells late is no news then.
async fn spoke_since(
    services: &Services,
    environment: Environment,
    user: &UserId,
    topic: &TopicId,
    at: Timestamp,
) -> Result<bool> {
    let filter = PreferenceLogFilter {
        user_id: Some(user.clone()),
        tenant_id: None,
        since: Some(at),
    };
    let page = PageRequest {
        after: None,
        limit: LINES,
    };
    let log = services.store.preference_log(environment, filter, page).await?;
    let later =
        |change: &tidings_store::PreferenceChange| change.list.is_none() && change.at > at && change.topic_id == *topic;
    Ok(log.items.iter().any(later))
}

/// How many lines of the log are looked through.
const LINES: u32 = 500;
