//! A list between the wire and the store.

use tidings_pipeline::{Services, preferences};
use tidings_store::{ListRow, NewSubscription};
use tidings_types::{Environment, Error, Object, Result};
use tidings_wire::list::{List, Subscriber};

use crate::validation;

/// How many people are put on a list in one transaction; more are put on it in the background.
pub(super) const AT_ONCE: usize = 1000;

/// Refuses what is no list's id.
///
/// # Errors
/// `Invalid`, naming the field.
pub(crate) fn check_id(field: &str, id: &str) -> Result<()> {
    match tidings_domain::list::refuse_id(id) {
        Some(refusal) => Err(Error::invalid(format!("{field}: {refusal}"))),
        None => Ok(()),
    }
}

/// What a body says of a subscription's preferences, as the store takes it: null clears them.
///
/// # Errors
/// `Invalid`, naming the field.
#[expect(
    clippy::option_option,
    reason = "absent, null and an object are three different wishes"
)]
pub(crate) fn said(field: &str, preferences: Option<Option<Object>>) -> Result<Option<Object>> {
    let said = preferences.map(Option::unwrap_or_default);
    if let Some(said) = &said {
        preferences::check_of_list(field, said)?;
    }
    Ok(said)
}

/// The people of a body, each checked.
///
/// # Errors
/// `Invalid`, naming the field.
pub(super) fn people(recipients: Vec<Subscriber>) -> Result<Vec<NewSubscription>> {
    let read = |(index, one): (usize, Subscriber)| {
        validation::user_id(&format!("recipients.{index}.recipientId"), &one.recipient_id)?;
        Ok(NewSubscription {
            user_id: one.recipient_id.into(),
            preferences: said(&format!("recipients.{index}.preferences"), one.preferences)?,
        })
    };
    recipients.into_iter().enumerate().map(read).collect()
}

/// A list that is there.
///
/// # Errors
/// `NotFound` when it is not.
pub(super) async fn find(services: &Services, environment: Environment, id: &str) -> Result<ListRow> {
    let found = services.store.list(environment, id).await?;
    found.ok_or_else(|| not_found(id))
}

/// How a list that is not there is told.
pub(super) fn not_found(id: &str) -> Error {
    Error::not_found(format!("List {id} not found"))
}

/// A list as reads show it, with the preferences of whoever is looked at.
pub(crate) fn on_the_wire(list: ListRow, preferences: Option<Object>) -> List {
    List {
        id: list.id,
        name: list.name,
        created: list.created.to_rfc3339(),
        updated: list.updated.to_rfc3339(),
        preferences,
    }
}
