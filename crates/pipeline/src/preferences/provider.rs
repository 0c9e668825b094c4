//! What a mail provider heard from a person: that they unsubscribed there, or reported a message as unwanted.

use tidings_types::{Environment, Error, KeyScope, MessageId, MessageSpec, PreferenceStatus, Result, TopicId};

use super::choice::Choice;
use super::write::{Origin, Speaker, change};
use crate::Services;
use crate::library::Found;

/// Opts the person of a message out of its topic, as far as that may be left. False when there is nothing to leave: no
/// such message, no topic, nobody known by an id, or a topic that is required.
///
/// # Errors
/// When the store fails.
pub async fn left_at_provider(
    services: &Services,
    environment: Environment,
    message_id: &MessageId,
    origin: Origin,
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
    let speaker = Speaker {
        environment,
        user,
        tenant: message.tenant_id.as_deref(),
        origin,
        message_id: Some(message_id.as_str()),
        wording: None,
    };
    let choices = vec![(topic, Choice::of_status(PreferenceStatus::OptedOut))];
    Ok(change(services, &speaker, choices).await?.is_ok())
}
