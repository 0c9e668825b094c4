//! A section between the wire and the store: it is stored as it is written.

use tidings_pipeline::Services;
use tidings_store::{Document, DocumentKind};
use tidings_types::id::new_prefixed_id;
use tidings_types::{Environment, Result, Timestamp};
use tidings_wire::section::{Section, SectionWrite};
use tidings_wire::topic::Topic;

use crate::{document, topics, validation};

/// A new id of a section or topic: 26 capitals and digits, without a prefix.
pub(crate) fn new_id(services: &Services) -> String {
    new_prefixed_id("", services.clock.now(), services.random.as_ref()).to_ascii_uppercase()
}

/// Refuses texts no page can show.
///
/// # Errors
/// `Invalid`, naming the field.
pub(super) fn check(written: &SectionWrite) -> Result<()> {
    validation::name("name", &written.name)?;
    validation::printable("description", written.description.as_deref().unwrap_or_default())
}

/// A section with the topics stored for it.
pub(super) async fn with_topics(services: &Services, environment: Environment, section: Document) -> Result<Section> {
    let found = document::all(services, environment, DocumentKind::Topic, Some(&section.id)).await?;
    let topics = found.into_iter().map(topics::on_the_wire).collect::<Result<_>>()?;
    on_the_wire(section, topics)
}

/// A section with these topics.
pub(super) fn on_the_wire(section: Document, topics: Vec<Topic>) -> Result<Section> {
    let stored: SectionWrite = document::read(section.body)?;
    Ok(Section {
        id: section.id,
        name: stored.name,
        description: stored.description,
        routing_options: stored.routing_options,
        has_custom_routing: stored.has_custom_routing,
        topics,
        created: section.created.to_rfc3339(),
        creator: section.creator,
        updated: section.updated.map(Timestamp::to_rfc3339),
        updater: section.updater,
    })
}
