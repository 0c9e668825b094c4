//! A notification as reads show it.

use tidings_pipeline::Services;
use tidings_pipeline::library::version_label;
use tidings_store::{Document, DocumentKind};
use tidings_types::{Environment, Error, Result, Timestamp};
use tidings_wire::notification::{Alias, Notification, NotificationState, NotificationSummary};

use super::stored::StoredNotification;
use super::version::Which;
use crate::document;

/// One version of a notification, and what holds for all of them.
pub(super) struct Shown {
    id: String,
    alias: Option<Alias>,
    created: Timestamp,
    creator: String,
    updated: Option<Timestamp>,
    updater: Option<String>,
    state: NotificationState,
    /// What the version says.
    pub(super) stored: StoredNotification,
}

impl Shown {
    /// Looks a version up. Those once published can be read even when the notification was archived.
    ///
    /// # Errors
    /// `NotFound` when there is no such notification or version.
    pub(super) async fn find(services: &Services, environment: Environment, id: &str, which: Which) -> Result<Self> {
        let kind = DocumentKind::Notification;
        let found = services.store.document(environment, kind, id).await?;
        let unknown = || document::not_found(kind, id);
        match which {
            Which::Number(number) => {
                let version = services.store.version(environment, kind, id, number).await?;
                let version = version.ok_or_else(|| match &found {
                    None => unknown(),
                    Some(_) => Error::not_found(format!(
                        "Version {} of notification template {id} not found",
                        version_label(number)
                    )),
                })?;
                let stored = document::read(version.body)?;
                Ok(match found {
                    Some(found) => Self::new(found, stored, NotificationState::Published),
                    None => Self {
                        id: id.to_owned(),
                        alias: None,
                        created: version.created,
                        creator: version.creator,
                        updated: None,
                        updater: None,
                        state: NotificationState::Published,
                        stored,
                    },
                })
            }
            Which::Published => {
                let mut found = found.ok_or_else(unknown)?;
                let stored = document::read(found.published.take().ok_or_else(unknown)?)?;
                Ok(Self::new(found, stored, NotificationState::Published))
            }
            Which::Draft => Self::latest(found.ok_or_else(unknown)?, NotificationState::Draft),
        }
    }

    /// What was written last, said to be in a state.
    pub(super) fn latest(mut document: Document, state: NotificationState) -> Result<Self> {
        let stored = document::read(document.body.take())?;
        Ok(Self::new(document, stored, state))
    }

    fn new(document: Document, stored: StoredNotification, state: NotificationState) -> Self {
        Self {
            id: document.id,
            alias: Alias::of(document.names),
            created: document.created,
            creator: document.creator,
            updated: document.updated,
            updater: document.updater,
            state,
            stored,
        }
    }

    /// On the wire.
    ///
    /// # Errors
    /// `Internal` when content cannot be written as JSON.
    pub(super) fn on_the_wire(self) -> Result<Notification> {
        let Self {
            id,
            alias,
            created,
            creator,
            updated,
            updater,
            state,
            stored,
        } = self;
        let StoredNotification {
            name,
            tags,
            brand,
            subscription,
            routing,
            content,
            email,
        } = stored;
        let content = document::read(document::stored(&content)?)?;
        Ok(Notification {
            id,
            name,
            tags,
            brand,
            subscription,
            routing,
            content,
            email,
            alias,
            state,
            created,
            creator,
            updated,
            updater,
        })
    }
}

/// A notification in listings, as it was written last.
pub(crate) fn summary(document: Document) -> Result<NotificationSummary> {
    let stored: StoredNotification = document::read(document.body)?;
    let published: Option<StoredNotification> = document.published.map(document::read).transpose()?;
    let state = match published {
        Some(_) => NotificationState::Published,
        None => NotificationState::Draft,
    };
    let topic = published.and_then(|published| Some(published.subscription?.topic_id));
    Ok(NotificationSummary {
        id: document.id,
        name: stored.name,
        tags: stored.tags,
        state,
        created: document.created,
        creator: document.creator,
        updated: document.updated,
        updater: document.updater,
        subscription_topic_id: topic.clone(),
        topic_id: topic,
    })
}
