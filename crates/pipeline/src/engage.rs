//! Telling what became of messages, and waking what waited for it.

use tidings_bus::Hint;
use tidings_store::{Engaged, Engagement};
use tidings_types::Result;

use crate::Services;

/// Tells what happened to messages: one transaction, safe to repeat. Work that waited for a reaction is looked at now.
///
/// # Errors
/// When the store cannot be written.
pub async fn engage(services: &Services, engagements: Vec<Engagement>) -> Result<Vec<Engaged>> {
    let answers = services.store.engage(engagements).await?;
    for lane in answers.iter().filter_map(|answer| answer.woken) {
        services.bus.send(Hint::Work(lane));
    }
    if answers.iter().any(|answer| answer.changed) {
        services.bus.send(Hint::Jobs);
    }
    Ok(answers)
}
