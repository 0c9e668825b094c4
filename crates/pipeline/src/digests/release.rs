//! Sending what was gathered as one message.

use serde_json::{Value, json};
use tidings_domain::digest::{Gathered, released};
use tidings_store::{DigestFilter, DigestInstance, DigestKey, PageRequest};
use tidings_types::digest::Digest;
use tidings_types::{Environment, Error, MessageSpec, Object, Result, TopicId, UserId};

use crate::Services;
use crate::accept;

/// How many gatherings are read at once.
const PAGE: u32 = 200;
/// How often a release is tried anew because something was filed meanwhile.
const TRIES: usize = 20;

/// Sends what is gathered under a key; an empty digest where its owner wants one.
pub(super) async fn release(services: &Services, environment: Environment, key: &DigestKey) -> Result<()> {
    let filter = DigestFilter {
        schedule_id: Some(key.schedule_id.clone()),
        user_id: Some(key.user_id.clone()),
        topic_id: Some(key.topic_id.clone()),
        tenant_id: Some(key.tenant_id.clone()),
        open: true,
    };
    let page = PageRequest { after: None, limit: 1 };
    let open = services.store.digest_instances(environment, filter, page).await?;
    match open.items.into_iter().next() {
        Some(instance) => send(services, environment, instance).await,
        None => send_empty(services, environment, key).await,
    }
}

/// Sends all that is gathered in a rhythm now.
///
/// # Errors
/// When the store fails.
pub async fn release_all(services: &Services, environment: Environment, schedule_id: &str) -> Result<()> {
    let filter = DigestFilter {
        schedule_id: Some(schedule_id.to_owned()),
        open: true,
        ..DigestFilter::default()
    };
    release_found(services, environment, filter).await
}

/// Sends all that is gathered for a person and a topic now.
///
/// # Errors
/// When the store fails.
pub async fn release_for(
    services: &Services,
    environment: Environment,
    user: &UserId,
    topic: &TopicId,
    tenant: Option<&str>,
) -> Result<()> {
    let filter = DigestFilter {
        user_id: Some(user.clone()),
        topic_id: Some(topic.clone()),
        tenant_id: Some(tenant.map(str::to_owned)),
        open: true,
        ..DigestFilter::default()
    };
    release_found(services, environment, filter).await
}

async fn release_found(services: &Services, environment: Environment, filter: DigestFilter) -> Result<()> {
    let mut page = PageRequest {
        after: None,
        limit: PAGE,
    };
    loop {
        let found = services
            .store
            .digest_instances(environment, filter.clone(), page.clone())
            .await?;
        for instance in found.items {
            send(services, environment, instance).await?;
        }
        match found.next {
            Some(next) => page.after = Some(next),
            None => return Ok(()),
        }
    }
}

/// Sends one gathering, with everything that is in it at that moment.
async fn send(services: &Services, environment: Environment, mut instance: DigestInstance) -> Result<()> {
    let Some(digest) = digest(services, environment, &instance.key.topic_id).await? else {
        // Without a template there is nothing to send it with. It waits in case the digest comes back.
        tracing::warn!(topic = %instance.key.topic_id, "a digest waits: its topic has none any more");
        return Ok(());
    };
    for _ in 0..TRIES {
        let events = services
            .store
            .digest_events(environment, &instance.key.user_id, &instance.id)
            .await?;
        let gathered: Vec<Gathered> = events
            .into_iter()
            .map(|event| Gathered {
                at: event.at,
                data: event.data,
                categories: event.categories,
            })
            .collect();
        let data = released(&digest.categories, &gathered);
        instance.events = u32::try_from(gathered.len()).unwrap_or(u32::MAX);
        let acceptance = accept::composed(
            services,
            environment,
            &message(&digest, &instance.key, &instance.id, data),
            to(&instance.key),
        )?;
        let lane = acceptance.messages.first().map(|message| message.lane);
        if services.store.release_digest(instance.clone(), acceptance).await? {
            if let Some(lane) = lane {
                services.bus.send(tidings_bus::Hint::Work(lane));
            }
            return Ok(());
        }
        let filter = DigestFilter {
            schedule_id: Some(instance.key.schedule_id.clone()),
            user_id: Some(instance.key.user_id.clone()),
            topic_id: Some(instance.key.topic_id.clone()),
            tenant_id: Some(instance.key.tenant_id.clone()),
            open: true,
        };
        let page = PageRequest { after: None, limit: 1 };
        let now = services.store.digest_instances(environment, filter, page).await?;
        match now.items.into_iter().next() {
            // Something was filed meanwhile: it goes along.
            Some(again) if again.id == instance.id => {}
            // Somebody else was first.
            _ => return Ok(()),
        }
    }
    Err(Error::busy(
        "A digest could not be released, because messages are filed in it all the time",
    ))
}

async fn send_empty(services: &Services, environment: Environment, key: &DigestKey) -> Result<()> {
    let Some(digest) = digest(services, environment, &key.topic_id)
        .await?
        .filter(|digest| digest.trigger_empty)
    else {
        return Ok(());
    };
    let data = released(&digest.categories, &[]);
    let acceptance = accept::composed(services, environment, &message(&digest, key, "empty", data), to(key))?;
    let lane = acceptance.messages.first().map(|message| message.lane);
    services.store.accept(acceptance).await?;
    if let Some(lane) = lane {
        services.bus.send(tidings_bus::Hint::Work(lane));
    }
    Ok(())
}

async fn digest(services: &Services, environment: Environment, topic: &TopicId) -> Result<Option<Digest>> {
    let topic = services.documents().topic(environment, topic.as_str()).await?;
    Ok(topic.and_then(|topic| topic.digest))
}

fn to(key: &DigestKey) -> Value {
    json!({ "user_id": key.user_id })
}

fn message(digest: &Digest, key: &DigestKey, instance: &str, data: Object) -> MessageSpec {
    let mut spec = MessageSpec {
        template: Some(digest.template_id.clone()),
        data,
        digest_instance: Some(instance.to_owned()),
        ..MessageSpec::default()
    };
    // The person's wish is asked once more when it goes.
    spec.preferences.subscription_topic_id = Some(key.topic_id.to_string());
    spec.context.tenant_id.clone_from(&key.tenant_id);
    spec
}
