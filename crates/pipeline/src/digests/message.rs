//! The one message that a gathering becomes.

use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use tidings_store::{Acceptance, DigestKey};
use tidings_types::digest::Digest;
use tidings_types::{Environment, MessageSpec, Object, RequestId, Result, Timestamp, UserId};

use crate::Services;
use crate::accept;

/// A digest with this data, ready to be accepted.
pub(super) async fn compose(
    services: &Services,
    environment: Environment,
    digest: &Digest,
    key: &DigestKey,
    instance: &str,
    data: Object,
    recipient: &Object,
) -> Result<Acceptance> {
    let mut spec = MessageSpec {
        template: Some(digest.template_id.clone()),
        data,
        digest_instance: Some(instance.to_owned()),
        ..MessageSpec::default()
    };
    // The person's wish is asked once more when it goes.
    spec.preferences.subscription_topic_id = Some(key.topic_id.to_string());
    spec.context.tenant_id.clone_from(&key.tenant_id);
    let to = to(services, environment, &key.user_id, recipient).await?;
    accept::composed(services, environment, &spec, to).await
}

/// The recipient: the person, with what is known of them from sends alone. What their profile says meanwhile counts more.
async fn to(services: &Services, environment: Environment, user: &UserId, recipient: &Object) -> Result<Value> {
    let profile = services.store.profile(environment, user).await?.unwrap_or_default();
    let mut to = recipient.clone();
    to.retain(|key, _| !profile.contains_key(key));
    to.insert("user_id".to_owned(), json!(user));
    Ok(Value::Object(to))
}

/// The id of the digest of one round: however often the round is looked at, there is one.
pub(super) fn id_of_round(key: &DigestKey, due: Timestamp) -> RequestId {
    let parts = json!([key.schedule_id, key.topic_id, key.tenant_id, key.user_id, due]);
    let hash = hex::encode(Sha256::digest(parts.to_string()));
    let seconds = u32::try_from(due.as_millis() / 1000).unwrap_or(0);
    // In the shape of all ids of messages.
    RequestId::from(format!("1-{seconds:08x}-{}", hash.get(..24).unwrap_or_default()))
}
