//! Who counts on a provider account.

use std::collections::BTreeMap;

use serde::Deserialize;
use tidings_pipeline::Services;
use tidings_providers::Registry;
use tidings_store::{Document, DocumentKind};
use tidings_types::message::ChannelOptions;
use tidings_types::{Environment, Result, Routing, RoutingEntry};

use super::stored::StoredProvider;
use crate::document;

/// What a strategy says of providers.
#[derive(Deserialize)]
struct Strategy {
    routing: Routing,
    channels: BTreeMap<String, ChannelOptions>,
}

/// The id of a routing strategy that names an account, if there is one.
///
/// An account is named by its alias; by its provider's key only if it is the last of that provider.
pub(super) async fn strategy_naming(
    services: &Services,
    environment: Environment,
    account: &Document,
) -> Result<Option<String>> {
    let stored: StoredProvider = document::read(account.body.clone())?;
    let accounts = document::all(services, environment, DocumentKind::Provider, None).await?;
    let mut names: Vec<String> = stored.alias.into_iter().collect();
    let is_another = |one: &Document| one.id != account.id && provider(one) == Some(stored.provider.as_str());
    if !accounts.iter().any(is_another) {
        names.push(stored.provider);
    }
    for strategy in document::all(services, environment, DocumentKind::RoutingStrategy, None).await? {
        let said: Strategy = document::read(strategy.body)?;
        if said.names_any(&names) {
            return Ok(Some(strategy.id));
        }
    }
    Ok(None)
}

fn provider(account: &Document) -> Option<&str> {
    account.body.get("provider")?.as_str()
}

impl Strategy {
    fn names_any(&self, names: &[String]) -> bool {
        let is_one = |name: &String| names.iter().any(|one| one == Registry::canonical_key(name));
        in_tree(&self.routing.channels, &is_one)
            || self
                .channels
                .values()
                .any(|channel| channel.providers.iter().any(is_one))
    }
}

fn in_tree(entries: &[RoutingEntry], is_one: &impl Fn(&String) -> bool) -> bool {
    entries.iter().any(|entry| match entry {
        RoutingEntry::Nested(nested) => in_tree(&nested.channels, is_one),
        RoutingEntry::Target(target) => is_one(&target.name) || target.providers.iter().any(is_one),
    })
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn names(routing: &Value, channels: &Value) -> bool {
        let strategy: Strategy = serde_json::from_value(json!({"routing": routing, "channels": channels})).unwrap();
        strategy.names_any(&["bulk".to_owned()])
    }

    #[test]
    fn a_name_is_found_wherever_it_may_stand() {
        let tree = json!({"channels": ["email", {"method": "all", "channels": ["bulk"]}]});
        assert!(names(&tree, &json!({})));
        let narrowed = json!({"channels": [{"channel": "email", "providers": ["bulk"]}]});
        assert!(names(&narrowed, &json!({})));
        let email = json!({"channels": ["email"]});
        assert!(names(&email, &json!({"email": {"providers": ["smtp", "bulk"]}})));
        assert!(!names(&email, &json!({"email": {"providers": ["smtp"]}})));
    }
}
