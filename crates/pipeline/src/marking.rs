//! Carrying out what people do with their messages, and letting everyone know who waits for it.

use tidings_bus::Hint;
use tidings_store::{Act, BulkMarking, Engagement, Marked, Marking};
use tidings_types::id::person_number;
use tidings_types::{Environment, MessageId, Result, UserId};

use crate::Services;

/// The channel, as messages' records name it.
const CHANNEL: &str = "inbox";

/// Does something to a message.
///
/// # Errors
/// When the store fails.
pub async fn one(services: &Services, marking: Marking) -> Result<Marked> {
    let marked = each(services, vec![marking]).await?.pop();
    Ok(marked.unwrap_or(Marked::Unknown))
}

/// Does something to messages of one person, with one write.
///
/// # Errors
/// When the store fails.
pub async fn each(services: &Services, markings: Vec<Marking>) -> Result<Vec<Marked>> {
    let Some(first) = markings.first() else {
        return Ok(Vec::new());
    };
    let hint = Hint::Feed(first.environment, person_number(&first.user_id));
    let marked = services.store.mark_each(markings).await?;
    let woken = |one: &Marked| match one {
        Marked::Changed { woken, .. } => Some(*woken),
        Marked::Unknown | Marked::Unchanged(_) => None,
    };
    let changed: Vec<_> = marked.iter().filter_map(woken).collect();
    if !changed.is_empty() {
        services.bus.send(hint);
    }
    for lane in changed.into_iter().flatten() {
        services.bus.send(Hint::Work(lane));
    }
    Ok(marked)
}

/// Does something to many messages; returns those that changed.
///
/// # Errors
/// When the store fails.
pub async fn many(services: &Services, marking: BulkMarking) -> Result<Vec<MessageId>> {
    let hint = Hint::Feed(marking.environment, person_number(&marking.user_id));
    let marked = services.store.mark_all(marking).await?;
    if !marked.messages.is_empty() {
        services.bus.send(hint);
    }
    for lane in marked.woken {
        services.bus.send(Hint::Work(lane));
    }
    Ok(marked.messages)
}

/// Notes that a message reached a device. False when the person has no such message.
///
/// # Errors
/// When the store fails.
pub async fn delivered(
    services: &Services,
    environment: Environment,
    user: &UserId,
    message: &MessageId,
) -> Result<bool> {
    let now = services.clock.now();
    let found = services
        .store
        .feed_entry(environment, user.as_str(), message, now)
        .await?;
    if found.is_some() {
        let told = Engagement::new(environment, message.clone(), Act::Delivered, now, CHANNEL).via(CHANNEL);
        crate::engage(services, vec![told]).await?;
    }
    Ok(found.is_some())
}
