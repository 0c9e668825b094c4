//! What a followed link, a loaded pixel and an app's report come to.

use tidings_store::{Act, Engagement, Mark, Marking};
use tidings_types::{MessageId, Object, Result, Timestamp};

use super::claims::{TrackingClaims, TrackingKind};
use super::hold;
use super::machine::{Visitor, machine};
use crate::{Services, marking};

/// Notes that a link was followed or the pixel loaded, by whoever it was.
///
/// # Errors
/// When the store cannot be written.
pub async fn follow(services: &Services, claims: &TrackingClaims, visitor: &Visitor<'_>) -> Result<()> {
    let now = services.clock.now();
    let (act, source) = match claims.kind {
        TrackingKind::Open => (Act::Opened, "pixel"),
        TrackingKind::Click | TrackingKind::Device => (Act::Clicked, "link"),
    };
    if let Some(why) = machine(visitor) {
        return tell(services, scanned(claims, now, source, why)).await;
    }
    if act == Act::Clicked {
        return hold::hold(services, claims, now).await;
    }
    tell(services, told(claims, act, now, source)).await
}

/// Notes what an app reports of a push. Apps are no machines of others: whatever they call themselves counts. What the
/// person did shows in their feed too, if the message stands there.
///
/// # Errors
/// When the store cannot be written.
pub async fn report(services: &Services, claims: &TrackingClaims, act: Act) -> Result<()> {
    let now = services.clock.now();
    if let Some(mark) = Mark::of(&act) {
        let id = MessageId::from(claims.message_id.as_str());
        let message = services.store.message(claims.environment, &id).await?;
        if let Some(user) = message.and_then(|message| message.user_id) {
            let marking = Marking {
                environment: claims.environment,
                user_id: user.into_string(),
                message_id: id,
                mark,
                at: now,
                source: None,
                via: Some(claims.via.clone()),
            };
            marking::one(services, marking).await?;
        }
    }
    // Said again it changes nothing.
    tell(services, told(claims, act, now, "device")).await
}

async fn tell(services: &Services, engagement: Engagement) -> Result<()> {
    crate::engage(services, vec![engagement]).await?;
    Ok(())
}

pub(super) fn told(claims: &TrackingClaims, act: Act, at: Timestamp, source: &str) -> Engagement {
    let engagement = Engagement::new(claims.environment, claims.message_id.as_str(), act, at, source);
    Engagement {
        fields: shown(claims),
        ..engagement.via(claims.via.clone())
    }
}

pub(super) fn scanned(claims: &TrackingClaims, at: Timestamp, source: &str, why: &str) -> Engagement {
    let mut engagement = told(claims, Act::Scanned, at, source);
    engagement.fields.insert("because".to_owned(), why.into());
    engagement
}

/// Where a link leads, for the history: without its query, which may hold a secret.
fn shown(claims: &TrackingClaims) -> Object {
    let mut fields = Object::new();
    if let Some(target) = &claims.target {
        let end = target.find(['?', '#']).unwrap_or(target.len());
        fields.insert("url".to_owned(), target.get(..end).unwrap_or_default().into());
    }
    fields
}
