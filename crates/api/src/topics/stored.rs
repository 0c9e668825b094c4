//! A topic between the wire and the store: it is stored as it is written.

use serde_json::Value;
use tidings_pipeline::Services;
use tidings_store::{Document, DocumentKind};
use tidings_types::digest::Digest;
use tidings_types::section::check_limits;
use tidings_types::{Classification, Environment, Error, PreferenceStatus, Result};
use tidings_wire::topic::{Topic, TopicWrite};

use super::digest;
use crate::{document, validation};

/// Refuses what a topic cannot be, and gives it back as it is stored.
///
/// # Errors
/// `Invalid`, naming the field.
pub(super) async fn checked(
    services: &Services,
    environment: Environment,
    mut written: TopicWrite,
    before: Option<&Document>,
) -> Result<Value> {
    validation::name("name", &written.name)?;
    validation::printable("description", written.description.as_deref().unwrap_or_default())?;
    let stored = before.and_then(|before| before.body.get("digest").cloned());
    let stored: Option<Digest> = stored
        .map(serde_json::from_value)
        .transpose()
        .map_err(Error::internal)?;
    let digest = match written.digest.take() {
        None => stored,
        Some(None) => None,
        Some(Some(digest)) => Some(digest::checked(services, environment, &digest, stored.as_ref()).await?),
    };
    check_class(&written)?;
    if let Some(wording) = &written.consent_wording {
        validation::wording("consent_wording", wording)?;
    }
    check_limits("limits", &written.limits)?;
    let mut body = document::stored(&written)?;
    if let (Some(digest), Some(fields)) = (digest, body.as_object_mut()) {
        fields.insert("digest".to_owned(), document::stored(&digest)?);
    }
    Ok(body)
}

/// What a kind of message rules out.
fn check_class(written: &TopicWrite) -> Result<()> {
    match written.classification {
        Some(Classification::Product | Classification::Marketing)
            if written.default_status == PreferenceStatus::Required =>
        {
            Err(Error::invalid(
                "default_status: Only transactional topics can be REQUIRED",
            ))
        }
        Some(Classification::Transactional) if written.default_status == PreferenceStatus::OptedOut => Err(
            Error::invalid("default_status: Nobody opts in to transactional messages: expected OPTED_IN or REQUIRED"),
        ),
        Some(Classification::Transactional) if written.include_unsubscribe_header => Err(Error::invalid(
            "include_unsubscribe_header: Nobody unsubscribes from transactional messages",
        )),
        Some(Classification::Transactional) if written.quiet_hours.is_some() => {
            Err(Error::invalid("quiet_hours: Transactional messages never wait"))
        }
        other if written.double_opt_in && other != Some(Classification::Marketing) => Err(Error::invalid(
            "double_opt_in: Only opting in to marketing is confirmed by mail",
        )),
        _ => Ok(()),
    }
}

/// A topic of a section.
///
/// # Errors
/// `NotFound` when there is none, or it stands in another section.
pub(crate) async fn find(services: &Services, environment: Environment, section: &str, id: &str) -> Result<Document> {
    let topic = document::find(services, environment, DocumentKind::Topic, id).await?;
    if topic.parent.as_deref() == Some(section) {
        Ok(topic)
    } else {
        Err(document::not_found(DocumentKind::Topic, id))
    }
}

/// A topic as reads show it.
pub(crate) fn on_the_wire(topic: Document) -> Result<Topic> {
    let digest = topic.body.get("digest").cloned();
    let digest: Option<Digest> = digest
        .map(serde_json::from_value)
        .transpose()
        .map_err(Error::internal)?;
    let stored: TopicWrite = document::read(topic.body)?;
    Ok(Topic {
        id: topic.id,
        name: stored.name,
        description: stored.description,
        default_status: stored.default_status,
        routing_options: stored.routing_options,
        allowed_preferences: stored.allowed_preferences,
        include_unsubscribe_header: stored.include_unsubscribe_header,
        topic_data: stored.topic_data,
        classification: stored.classification,
        double_opt_in: stored.double_opt_in,
        consent_wording: stored.consent_wording,
        quiet_hours: stored.quiet_hours,
        limits: stored.limits,
        digest: digest.map(Into::into),
        created: topic.created.to_rfc3339(),
        creator: topic.creator,
        // Clients expect it of topics that never changed too.
        updated: topic.updated.unwrap_or(topic.created).to_rfc3339(),
        updater: topic.updater,
    })
}
