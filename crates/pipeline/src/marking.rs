//! Carrying out what people do with their messages, and letting everyone know who waits for it.

use tidings_bus::Hint;
use tidings_store::{Act, BulkMarking, Engagement, Mark, Marked, Marking, MessageFilter, PageRequest};
use tidings_types::id::person_number;
use tidings_types::{Environment, MessageId, RequestId, Result, UserId};

use crate::Services;

/// The channel, as messages' records name it.
const CHANNEL: &str = "inbox";

/// Does something to a message.
///
/// # Errors
/// When the store fails.
pub async fn one(services: &Services, marking: Marking) -> Result<Marked> {
    let hint = Hint::Feed(marking.environment, person_number(&marking.user_id));
    let marked = services.store.mark(marking).await?;
    if let Marked::Changed { woken, .. } = &marked {
        services.bus.send(hint);
        if let Some(lane) = woken {
            services.bus.send(Hint::Work(*lane));
        }
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

/// How many messages of a request are looked at with one question.
const PAGE: u32 = 100;

/// Puts the messages of a request away in their people's feeds, once they are hidden from listings.
///
/// # Errors
/// When the store fails.
pub async fn put_away(services: &Services, environment: Environment, request: &RequestId) -> Result<()> {
    let filter = MessageFilter {
        archived: Some(true),
        trace_id: Some(request.as_str().to_owned()),
        ..MessageFilter::default()
    };
    let mut page = PageRequest {
        after: None,
        limit: PAGE,
    };
    loop {
        let found = services
            .store
            .messages(environment, filter.clone(), page.clone())
            .await?;
        for message in found.items {
            let Some(user) = message.user_id else { continue };
            let marking = Marking {
                environment,
                user_id: user.into_string(),
                message_id: message.id,
                mark: Mark::Archived,
                at: services.clock.now(),
                source: None,
            };
            one(services, marking).await?;
        }
        page.after = found.next;
        if page.after.is_none() {
            return Ok(());
        }
    }
}
