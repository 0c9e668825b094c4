//! Tenants at send time: what a tenant and those above it give to a message, and which tenant a person's message is for.

mod clear;
mod infer;

use std::sync::Arc;

use serde::Deserialize;
use serde_json::{Value, json};
use tidings_store::people::merge_objects;
use tidings_store::{Document, DocumentKind, PageRequest};
use tidings_types::{Channel, Environment, Error, Object, Preference, PreferenceStatus, Result, TopicId};

use crate::Library;
use crate::library::Known;

pub(crate) use clear::ClearTenant;
pub(crate) use infer::{infer, sole};

/// How many tenants deep a hierarchy is: a tenant and three above it.
pub const MAX_LEVELS: usize = tidings_store::documents::MAX_TENANT_LEVELS;

/// The kind of job that takes the people of a tenant that is gone out of it. Its body: `tenant`, and `before`, the moment
/// of the deletion in milliseconds.
pub const CLEAR: &str = "clear-tenant";

/// One tenant, as it was written.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
pub struct Tenant {
    /// Its id.
    #[serde(skip)]
    pub id: String,
    /// Its name.
    #[serde(default)]
    pub name: String,
    /// The brand its messages are rendered with.
    #[serde(default)]
    pub brand_id: Option<String>,
    /// What holds for its people who said nothing.
    #[serde(default)]
    default_preferences: Option<Defaults>,
    /// Values that content reads.
    #[serde(default)]
    properties: Option<Object>,
    /// Profile values for all its people.
    #[serde(default)]
    user_profile: Option<Object>,
}

#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
struct Defaults {
    #[serde(default)]
    items: Vec<TopicDefault>,
}

#[derive(Clone, Debug, PartialEq, Deserialize)]
struct TopicDefault {
    id: TopicId,
    status: PreferenceStatus,
    #[serde(default)]
    has_custom_routing: Option<bool>,
    #[serde(default)]
    custom_routing: Option<Vec<Channel>>,
}

impl Tenant {
    /// What this tenant alone says of a topic for people who said nothing.
    pub fn default_preference(&self, topic: &TopicId) -> Option<Preference> {
        let mut items = self.default_preferences.iter().flat_map(|defaults| &defaults.items);
        // The last one counts, as in any other list of settings.
        items.rfind(|item| item.id == *topic).map(|item| Preference {
            status: Some(item.status),
            has_custom_routing: item.has_custom_routing,
            custom_routing: item.custom_routing.clone().unwrap_or_default(),
            ..Preference::default()
        })
    }
}

/// A tenant with those above it, and what they come to together.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TenantChain {
    /// The tenants, the topmost first; at most [`MAX_LEVELS`]. The last one is the one asked for.
    pub tenants: Vec<Tenant>,
    /// The properties of all, those further down winning key by key, with `id` and `name` of the tenant itself: what
    /// content reads as `{{tenant.x}}`.
    pub values: Object,
    /// The profile values of all, those further down winning key by key.
    pub user_profile: Object,
    /// The brand of the lowest tenant that has one.
    pub brand_id: Option<String>,
}

impl TenantChain {
    fn new(tenants: Vec<Tenant>) -> Self {
        let mut chain = Self::default();
        for tenant in &tenants {
            merge_objects(&mut chain.values, tenant.properties.as_ref().unwrap_or(&Object::new()));
            merge_objects(
                &mut chain.user_profile,
                tenant.user_profile.as_ref().unwrap_or(&Object::new()),
            );
            if tenant.brand_id.is_some() {
                chain.brand_id.clone_from(&tenant.brand_id);
            }
        }
        if let Some(own) = tenants.last() {
            chain.values.insert("id".to_owned(), json!(own.id));
            chain.values.insert("name".to_owned(), json!(own.name));
        }
        chain.tenants = tenants;
        chain
    }

    /// What the tenants say of a topic for people who said nothing, the topmost first: later ones win field by field.
    pub fn default_preferences(&self, topic: &TopicId) -> Vec<Preference> {
        self.tenants
            .iter()
            .filter_map(|tenant| tenant.default_preference(topic))
            .collect()
    }
}

impl Library {
    /// A tenant and those above it. None when there is no such tenant. Kept until a document changes.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn tenant_chain(&self, environment: Environment, id: &str) -> Result<Option<Arc<TenantChain>>> {
        if let Some(Known(known)) = self.known_chain(environment, id) {
            return Ok(known);
        }
        let keep = self.chain_keeper(environment);
        let mut tenants = Vec::new();
        let mut next = Some(id.to_owned());
        while let Some(name) = next.take().filter(|_| tenants.len() < MAX_LEVELS) {
            let Some(document) = self.document(environment, DocumentKind::Tenant, &name).await? else {
                break;
            };
            tenants.push(tenant(&document)?);
            next.clone_from(&document.parent);
        }
        tenants.reverse();
        let chain = (!tenants.is_empty()).then(|| Arc::new(TenantChain::new(tenants)));
        keep(id, chain.clone());
        Ok(chain)
    }

    /// Whether the environment has any tenant.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn has_tenants(&self, environment: Environment) -> Result<bool> {
        if let Some(known) = self.known_to_have_tenants(environment) {
            return Ok(known);
        }
        let keep = self.tenants_keeper(environment);
        let page = PageRequest { after: None, limit: 1 };
        let found = self
            .store()
            .documents(environment, DocumentKind::Tenant, None, page)
            .await?;
        keep(!found.items.is_empty());
        Ok(!found.items.is_empty())
    }
}

fn tenant(document: &Document) -> Result<Tenant> {
    let body: &Value = &document.body;
    let mut tenant = Tenant::deserialize(body).map_err(Error::internal)?;
    tenant.id.clone_from(&document.id);
    Ok(tenant)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(id: &str, body: Value) -> Tenant {
        let mut tenant: Tenant = serde_json::from_value(body).unwrap();
        tenant.id = id.to_owned();
        tenant
    }

    #[test]
    fn what_is_further_down_wins_key_by_key() {
        let chain = TenantChain::new(vec![
            read(
                "root",
                json!({"name": "Root", "brand_id": "b1", "properties": {"a": 1, "n": {"x": 1, "y": 1}},
                       "user_profile": {"locale": "de"},
                       "default_preferences": {"items": [{"id": "t", "status": "OPTED_OUT"}]}}),
            ),
            read(
                "leaf",
                json!({"name": "Leaf", "properties": {"n": {"y": 2}}, "user_profile": {"zoneinfo": "UTC"},
                       "default_preferences": {"items": [{"id": "t", "status": "REQUIRED"}]}}),
            ),
        ]);
        assert_eq!(
            json!(chain.values),
            json!({"id": "leaf", "name": "Leaf", "a": 1, "n": {"x": 1, "y": 2}})
        );
        assert_eq!(json!(chain.user_profile), json!({"locale": "de", "zoneinfo": "UTC"}));
        assert_eq!(chain.brand_id.as_deref(), Some("b1"));
        let said: Vec<_> = chain.default_preferences(&TopicId::from("t"));
        assert_eq!(
            said.iter().filter_map(|one| one.status).collect::<Vec<_>>(),
            [PreferenceStatus::OptedOut, PreferenceStatus::Required]
        );
        assert!(chain.default_preferences(&TopicId::from("other")).is_empty());
    }
}
