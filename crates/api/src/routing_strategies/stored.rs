//! A routing strategy between the wire and the store: it is stored as it is written.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Value, json};
use tidings_store::Document;
use tidings_types::message::{ChannelOptions, ProviderOptions};
use tidings_types::{Error, Result, Routing, RoutingEntry};
use tidings_wire::routing_strategy::{RoutingStrategy, RoutingStrategySummary, RoutingStrategyWrite};

use crate::{document, validation};

/// How deep routing may nest.
const MAX_DEPTH: usize = 8;

/// What sending reads of a strategy.
#[derive(Deserialize)]
struct Readable {
    routing: Routing,
    #[serde(rename = "channels")]
    _channels: BTreeMap<String, ChannelOptions>,
    #[serde(rename = "providers")]
    _providers: BTreeMap<String, ProviderOptions>,
}

/// Refuses what sending could not read, and gives the strategy back as it is stored.
///
/// # Errors
/// `Invalid`, naming the field.
pub(super) fn checked(written: &RoutingStrategyWrite) -> Result<Value> {
    validation::no_control_characters("name", &written.name)?;
    validation::printable("description", written.description.as_deref().unwrap_or_default())?;
    for (index, tag) in written.tags.iter().enumerate() {
        validation::no_control_characters(&format!("tags.{index}"), tag)?;
    }
    if !written.routing.contains_key("channels") {
        return Err(Error::invalid("routing.channels: Required"));
    }
    let read: Readable = validation::decode(&json!({
        "routing": written.routing, "channels": written.channels, "providers": written.providers,
    }))?;
    check_tree("routing", &read.routing, 1)?;
    document::stored(written)
}

fn check_tree(field: &str, routing: &Routing, depth: usize) -> Result<()> {
    if depth > MAX_DEPTH {
        return Err(Error::invalid(format!(
            "{field}: Nested deeper than {MAX_DEPTH} levels"
        )));
    }
    for (index, entry) in routing.channels.iter().enumerate() {
        let field = format!("{field}.channels.{index}");
        match entry {
            RoutingEntry::Nested(nested) => check_tree(&field, nested, depth + 1)?,
            RoutingEntry::Target(target) => validation::no_control_characters(&field, &target.name)?,
        }
    }
    Ok(())
}

/// A strategy as reads show it.
pub(super) fn on_the_wire(document: Document) -> Result<RoutingStrategy> {
    let stored: RoutingStrategyWrite = document::read(document.body)?;
    Ok(RoutingStrategy {
        id: document.id,
        name: stored.name,
        description: stored.description,
        tags: stored.tags,
        routing: stored.routing,
        channels: stored.channels,
        providers: stored.providers,
        created: document.created,
        creator: document.creator,
        updated: document.updated,
        updater: document.updater,
    })
}

/// A strategy in listings.
pub(super) fn summary(document: Document) -> Result<RoutingStrategySummary> {
    let stored: RoutingStrategyWrite = document::read(document.body)?;
    Ok(RoutingStrategySummary {
        id: document.id,
        name: stored.name,
        description: stored.description,
        tags: stored.tags,
        created: document.created,
        creator: document.creator,
        updated: document.updated,
        updater: document.updater,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(strategy: &Value) -> Result<Value> {
        checked(&validation::decode(strategy)?)
    }

    #[test]
    fn what_was_written_is_stored_with_its_defaults() {
        let routing = json!({"method": "single", "channels": ["sms", {"method": "all", "channels": ["email"]}]});
        let expected = json!({"name": "A", "tags": [], "routing": routing, "channels": {}, "providers": {}});
        assert_eq!(
            check(&json!({"name": "A", "routing": routing, "description": null})).unwrap(),
            expected
        );
    }

    #[test]
    fn what_sending_could_not_read_is_refused_by_name() {
        let mut deep = json!("sms");
        for _ in 0..9 {
            deep = json!({"method": "all", "channels": [deep]});
        }
        let fine = json!({"channels": ["sms"]});
        for (strategy, named) in [
            (json!({"routing": fine}), "name: Required"),
            (json!({"name": "A"}), "routing: Required"),
            (json!({"name": "A", "routing": {}}), "routing.channels: Required"),
            (
                json!({"name": "A", "routing": {"method": "some", "channels": []}}),
                "routing.method: ",
            ),
            (
                json!({"name": "A", "routing": {"channels": [7]}}),
                "routing.channels.0: ",
            ),
            (json!({"name": "A", "routing": deep}), "Nested deeper"),
            (
                json!({"name": "A", "routing": fine, "channels": {"sms": {"providers": 7}}}),
                "channels.sms",
            ),
            (
                json!({"name": "A", "routing": fine, "providers": {"twilio": 7}}),
                "providers.twilio",
            ),
            (json!({"name": "A", "routing": fine, "tags": ["\u{7}"]}), "tags.0: "),
        ] {
            let told = check(&strategy).unwrap_err();
            assert!(told.message().contains(named), "{told} should name {named}");
        }
    }
}
