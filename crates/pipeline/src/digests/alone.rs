//! A gathered message that no digest takes any more: it goes by itself, as it was sent.

use serde_json::{Value, json};
use tidings_store::{Acceptance, DigestEvent, DigestInstance};
use tidings_types::message::Delay;
use tidings_types::{Environment, Error, KeyScope, MessageSpec, Result};

use crate::Services;
use crate::accept;

/// The message once more, ready to be accepted, with the data it had.
pub(super) async fn alone(
    services: &Services,
    environment: Environment,
    instance: &DigestInstance,
    event: DigestEvent,
) -> Result<Acceptance> {
    let key = &instance.key;
    let message = services.store.message(environment, &event.message_id).await?;
    let request = match &message {
        Some(message) => services.store.request(environment, &message.request_id).await?,
        None => None,
    };
    let (mut spec, scope) = match request {
        Some(request) => (
            serde_json::from_str::<MessageSpec>(&request.spec).map_err(Error::internal)?,
            request.scope,
        ),
        None => (MessageSpec::default(), KeyScope::Published),
    };
    spec.data = event.data;
    // It has waited.
    spec.delay = Delay::default();
    spec.digest_instance = Some(instance.id.clone());
    spec.preferences.subscription_topic_id = Some(key.topic_id.to_string());
    spec.context.tenant_id.clone_from(&key.tenant_id);
    let mut to = event.recipient;
    to.insert("user_id".to_owned(), json!(key.user_id));
    let mut acceptance = accept::composed(services, environment, &spec, Value::Object(to)).await?;
    acceptance.request.scope = scope;
    if let Some(before) = message {
        for message in &mut acceptance.messages {
            message.event.clone_from(&before.event);
            message.notification.clone_from(&before.notification);
            message.trace_id.clone_from(&before.trace_id);
        }
    }
    Ok(acceptance)
}
