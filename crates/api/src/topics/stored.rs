//! A topic between the wire and the store: it is stored as it is written.

use serde_json::Value;
use tidings_pipeline::Services;
use tidings_store::{Document, DocumentKind};
use tidings_types::{Environment, Error, Result};
use tidings_wire::topic::{Topic, TopicWrite};

use crate::{document, validation};

/// Refuses what a topic cannot be, and gives it back as it is stored.
///
/// # Errors
/// `Invalid`, naming the field.
pub(super) fn checked(mut written: TopicWrite) -> Result<Value> {
    validation::no_control_characters("name", &written.name)?;
    validation::printable("description", written.description.as_deref().unwrap_or_default())?;
    if written.digest.take().is_some_and(|digest| !digest.is_null()) {
        return Err(Error::invalid("digest: Digests are not supported yet"));
    }
    document::stored(&written)
}

/// A topic of a section.
///
/// # Errors
/// `NotFound` when there is none, or it stands in another section.
pub(super) async fn find(services: &Services, environment: Environment, section: &str, id: &str) -> Result<Document> {
    let topic = document::find(services, environment, DocumentKind::Topic, id).await?;
    if topic.parent.as_deref() == Some(section) {
        Ok(topic)
    } else {
        Err(document::not_found(DocumentKind::Topic, id))
    }
}

/// A topic as reads show it.
pub(crate) fn on_the_wire(topic: Document) -> Result<Topic> {
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
        created: topic.created.to_rfc3339(),
        creator: topic.creator,
        // Clients expect it of topics that never changed too.
        updated: topic.updated.unwrap_or(topic.created).to_rfc3339(),
        updater: topic.updater,
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn check(more: &Value) -> Result<Value> {
        let mut topic = json!({"name": "News", "default_status": "OPTED_IN"});
        topic.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        checked(validation::decode(&topic)?)
    }

    #[test]
    fn defaults_are_stored_and_nulls_are_absent() {
        let nulls = json!({"description": null, "routing_options": null, "allowed_preferences": null, "digest": null,
                           "topic_data": null, "include_unsubscribe_header": null});
        let expected = json!({"name": "News", "default_status": "OPTED_IN", "routing_options": [],
                              "allowed_preferences": [], "include_unsubscribe_header": false, "topic_data": {}});
        assert_eq!(check(&json!({})).unwrap(), expected);
        assert_eq!(check(&nulls).unwrap(), expected);
    }

    #[test]
    fn what_is_wrong_is_named() {
        for (more, field) in [
            (json!({"digest": {"schedules": []}}), "digest: "),
            (json!({"name": "a\u{0}"}), "name: "),
            (json!({"default_status": "MAYBE"}), "default_status: "),
            (json!({"routing_options": ["pigeon"]}), "routing_options.0: "),
            (
                json!({"allowed_preferences": ["everything"]}),
                "allowed_preferences.0: ",
            ),
        ] {
            let told = check(&more).unwrap_err();
            assert!(told.message().starts_with(field), "{told}");
        }
    }
}
