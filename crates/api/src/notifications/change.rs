//! Changing what a template's draft says.

use serde_json::Value;
use tidings_pipeline::Services;
use tidings_store::{Document, DocumentKind, DocumentWrite, WriteMode};
use tidings_types::{Environment, Error, Result, TemplateContent};
use tidings_wire::notification::{ContentWrite, Mutation, NotificationState};

use super::checksum::flattened;
use super::stored::StoredNotification;
use super::submissions;
use super::written::{checked_content, mode};
use crate::document;

/// What a change does with the draft.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Then {
    /// The draft alone changes.
    Keep,
    /// The draft is published with the change, whatever else changed in it.
    Publish,
    /// As [`Then::Publish`], unless something else in the draft would be published with it.
    PublishAlone,
}

impl Then {
    /// Reads the `state` of a request.
    ///
    /// # Errors
    /// `Invalid` when it is unknown.
    pub(super) fn of(state: Option<&str>) -> Result<Self> {
        Ok(match mode(state)?.0 {
            WriteMode::Publish => Self::Publish,
            _ => Self::Keep,
        })
    }
}

/// Changes the elements of a template's draft; everything is checked again before anything is written.
///
/// # Errors
/// `NotFound` when there is no such template, `Conflict` when it is submitted for approval, `Invalid` when it would not
/// be a template any more, and those of `edit`.
pub(super) async fn change_elements(
    services: &Services,
    environment: Environment,
    id: &str,
    then: Then,
    edit: impl FnOnce(&mut Vec<Value>) -> Result<()>,
) -> Result<Mutation> {
    let found = document::find(services, environment, DocumentKind::Notification, id).await?;
    let before: StoredNotification = document::read(found.body.clone())?;
    let mut elements = before.content.elements.clone().unwrap_or_default();
    edit(&mut elements)?;
    let written = ContentWrite {
        version: before.content.version.clone(),
        elements,
        scope: before.content.scope.clone(),
    };
    let content = checked_content(services, "content", written, false)?;
    replace_content(services, environment, found, before, content, then).await
}

/// Puts content in the place of that of a template's draft.
///
/// # Errors
/// `Conflict` when the template is submitted for approval; those of the store.
pub(super) async fn replace_content(
    services: &Services,
    environment: Environment,
    found: Document,
    before: StoredNotification,
    content: TemplateContent,
    then: Then,
) -> Result<Mutation> {
    submissions::must_not_wait(services, environment, &found.id).await?;
    if then == Then::PublishAlone && found.has_changes && found.published.is_some() {
        let told = format!(
            "The draft of template {} has changes that are not published: write to the draft, and publish it",
            found.id
        );
        return Err(Error::conflict(told));
    }
    let (mode, state) = match then {
        Then::Keep => (WriteMode::Draft, NotificationState::Draft),
        Then::Publish | Then::PublishAlone => (WriteMode::Publish, NotificationState::Published),
    };
    let answer = Mutation {
        id: found.id.clone(),
        version: content.version.clone().unwrap_or_default(),
        elements: flattened(content.elements.as_deref().unwrap_or_default()),
        state,
    };
    let stored = StoredNotification { content, ..before }.without_idle_headers(services);
    let change = DocumentWrite {
        mode,
        ..document::change(services, &found, document::stored(&stored)?)
    };
    document::write(services, environment, change).await?;
    Ok(answer)
}
