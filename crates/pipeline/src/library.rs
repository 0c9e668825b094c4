//! Everything a team edits, at hand: templates ready to render, topics, brands, strategies, provider accounts.
//!
//! What was read once is kept until any document of the environment changes. A change made on this node is seen by the
//! next lookup; one made by another node when its hint arrives, or at the latest when the revision is next polled.

mod inline;
mod template;

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use serde_json::Value;
use tidings_bus::Hint;
use tidings_providers::Registry;
use tidings_render::PreparedBrand;
use tidings_store::vault::Vault;
use tidings_store::{Document, DocumentKind, PageRequest, Store};
use tidings_template::Translations;
use tidings_types::message::{ChannelOptions, ProviderOptions};
use tidings_types::{
    Brand, BrandSettings, Environment, Error, ProviderAccount, Result, Routing, SettingsSection, Topic,
};

pub(crate) use self::inline::Contents;
pub use self::template::{Found, Template, called, tenant_document_id, version_label, version_number};
use crate::images::Gallery;
use crate::tenants::TenantChain;
use crate::{Services, translations};

/// How many accounts, at most, an environment's provider list is read for.
const MAX_ACCOUNTS: u32 = 1000;

/// How many documents, and how many templates, are kept at most.
const MAX_REMEMBERED: usize = 10_000;

/// Documents, as sending needs them.
pub struct Library {
    store: Arc<dyn Store>,
    vault: Arc<Vault>,
    registry: Arc<Registry>,
    gallery: Option<Gallery>,
    snapshots: RwLock<HashMap<Environment, Arc<Snapshot>>>,
    /// The sends' own content, which no change of a document makes stale.
    contents: Contents,
}

/// What was read since the last change.
#[derive(Default)]
struct Snapshot {
    /// What was read is at least as new as this; none until it was first asked for.
    revision: Option<i64>,
    documents: Mutex<HashMap<DocumentKey, Option<Arc<Document>>>>,
    /// Topics that were removed, as they were.
    removed_topics: Mutex<HashMap<String, Option<Topic>>>,
    templates: Mutex<HashMap<template::Key, Arc<Template>>>,
    translations: Mutex<HashMap<String, Option<Arc<Translations>>>>,
    brands: Mutex<HashMap<String, Option<Arc<PreparedBrand>>>>,
    accounts: Mutex<Option<Arc<Vec<ProviderAccount>>>>,
    /// Whether any endpoint is to be told what happens.
    listened: Mutex<Option<bool>>,
    tenants: Mutex<HashMap<String, Option<Arc<TenantChain>>>>,
    has_tenants: Mutex<Option<bool>>,
}

/// Which document: its kind and id.
type DocumentKey = (DocumentKind, String);

/// A routing strategy, or an inline equivalent.
#[derive(Clone, Debug, Default)]
pub struct Strategy {
    /// Which channels.
    pub routing: Routing,
    /// Settings per channel.
    pub channels: std::collections::BTreeMap<String, ChannelOptions>,
    /// Settings per provider.
    pub providers: std::collections::BTreeMap<String, ProviderOptions>,
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    // A panic while holding the lock leaves a cache, which is at worst stale.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Keeps what was read. Callers choose the names they ask for, so a cache that grows too large starts anew.
fn remember<K: Eq + std::hash::Hash, V>(cache: &Mutex<HashMap<K, V>>, key: K, value: V) {
    let mut cache = lock(cache);
    if cache.len() >= MAX_REMEMBERED {
        cache.clear();
    }
    cache.insert(key, value);
}

/// What was read of a chain of tenants before: none when there is no such tenant.
pub(crate) struct Known(pub(crate) Option<Arc<TenantChain>>);

impl Library {
    /// An empty library over a store.
    pub fn new(store: Arc<dyn Store>, vault: Arc<Vault>, registry: Arc<Registry>) -> Self {
        Self {
            store,
            vault,
            registry,
            gallery: None,
            snapshots: RwLock::new(HashMap::new()),
            contents: Contents::default(),
        }
    }

    /// The same, with a place for the pictures that content and brands hold within them.
    #[must_use]
    pub fn with_gallery(self, gallery: Gallery) -> Self {
        Self {
            gallery: Some(gallery),
            ..self
        }
    }

    /// A body whose inlined pictures are kept and named by their addresses.
    async fn hosted<'b>(&self, environment: Environment, body: &'b Value) -> Result<Cow<'b, Value>> {
        let hosted = match &self.gallery {
            Some(gallery) => gallery.hosted(environment, body).await?,
            None => None,
        };
        Ok(hosted.map_or(Cow::Borrowed(body), Cow::Owned))
    }

    /// Forgets what was read of an environment. To be called after every change of a document.
    pub fn changed(&self, environment: Environment) {
        self.snapshots
            .write()
            .unwrap_or_else(PoisonError::into_inner)
            .remove(&environment);
    }

    /// Looks whether another node changed something, and forgets what was read if so.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn refresh(&self, environment: Environment) -> Result<()> {
        let now = self.store.documents_revision(environment).await?;
        if self.snapshot(environment).revision != Some(now) {
            // What is read into the new snapshot is at least as new as its revision.
            let fresh = Arc::new(Snapshot {
                revision: Some(now),
                ..Snapshot::default()
            });
            self.snapshots
                .write()
                .unwrap_or_else(PoisonError::into_inner)
                .insert(environment, fresh);
        }
        Ok(())
    }

    fn snapshot(&self, environment: Environment) -> Arc<Snapshot> {
        if let Some(snapshot) = self
            .snapshots
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .get(&environment)
        {
            return Arc::clone(snapshot);
        }
        let mut snapshots = self.snapshots.write().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(snapshots.entry(environment).or_default())
    }

    pub(crate) fn store(&self) -> &Arc<dyn Store> {
        &self.store
    }

    /// A chain of tenants that was read before.
    pub(crate) fn known_chain(&self, environment: Environment, id: &str) -> Option<Known> {
        lock(&self.snapshot(environment).tenants).get(id).cloned().map(Known)
    }

    /// Where a chain of tenants is kept that is read from now on.
    pub(crate) fn chain_keeper(&self, environment: Environment) -> impl Fn(&str, Option<Arc<TenantChain>>) + use<> {
        let snapshot = self.snapshot(environment);
        move |id, chain| remember(&snapshot.tenants, id.to_owned(), chain)
    }

    /// Whether there are tenants, as it was read before.
    pub(crate) fn known_to_have_tenants(&self, environment: Environment) -> Option<bool> {
        *lock(&self.snapshot(environment).has_tenants)
    }

    /// Where it is kept whether there are tenants.
    pub(crate) fn tenants_keeper(&self, environment: Environment) -> impl Fn(bool) + use<> {
        let snapshot = self.snapshot(environment);
        move |has_tenants| *lock(&snapshot.has_tenants) = Some(has_tenants)
    }

    /// The sends' own content.
    pub(crate) fn contents(&self) -> &Contents {
        &self.contents
    }

    /// A live document by id.
    pub async fn document(
        &self,
        environment: Environment,
        kind: DocumentKind,
        id: &str,
    ) -> Result<Option<Arc<Document>>> {
        let snapshot = self.snapshot(environment);
        let key = (kind, id.to_owned());
        if let Some(known) = lock(&snapshot.documents).get(&key) {
            return Ok(known.clone());
        }
        let read = self.store.document(environment, kind, id).await?.map(Arc::new);
        remember(&snapshot.documents, key, read.clone());
        Ok(read)
    }

    /// A section of the environment's settings; its defaults where nothing was saved.
    ///
    /// # Errors
    /// When the store cannot be read, or holds what this program does not write.
    pub async fn settings<S: SettingsSection>(&self, environment: Environment) -> Result<S> {
        match self.document(environment, DocumentKind::Settings, S::NAME).await? {
            None => Ok(S::default()),
            Some(document) => S::deserialize(&document.body).map_err(Error::internal),
        }
    }

    /// The translations of one language, exactly. None when there are none.
    ///
    /// # Errors
    /// When the store cannot be read, or holds what this program does not write.
    pub async fn translations(&self, environment: Environment, locale: &str) -> Result<Option<Arc<Translations>>> {
        let snapshot = self.snapshot(environment);
        if let Some(known) = lock(&snapshot.translations).get(locale) {
            return Ok(known.clone());
        }
        let id = translations::document_id(translations::DOMAIN, locale);
        let found = self.store.document(environment, DocumentKind::Translation, &id).await?;
        let read = match found {
            None => None,
            Some(found) => Some(Arc::new(translations::stored(locale, &found.body)?)),
        };
        remember(&snapshot.translations, locale.to_owned(), read.clone());
        Ok(read)
    }

    /// A topic.
    pub async fn topic(&self, environment: Environment, id: &str) -> Result<Option<Topic>> {
        let Some(document) = self.document(environment, DocumentKind::Topic, id).await? else {
            return Ok(None);
        };
        self.with_section(environment, &document).await.map(Some)
    }

    /// A topic that was removed, as it was: what is still sent in its name is treated no worse than before. It gathers
    /// nothing any more.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn removed_topic(&self, environment: Environment, id: &str) -> Result<Option<Topic>> {
        let snapshot = self.snapshot(environment);
        if let Some(known) = lock(&snapshot.removed_topics).get(id) {
            return Ok(known.clone());
        }
        let kind = DocumentKind::Topic;
        let read = match self.store.archived_document(environment, kind, id).await? {
            None => None,
            Some(document) => Some(Topic {
                digest: None,
                ..self.with_section(environment, &document).await?
            }),
        };
        remember(&snapshot.removed_topics, id.to_owned(), read.clone());
        Ok(read)
    }

    /// A topic, or what it was before it was removed.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn topic_there_or_removed(&self, environment: Environment, id: &str) -> Result<Option<Topic>> {
        match self.topic(environment, id).await? {
            Some(topic) => Ok(Some(topic)),
            None => self.removed_topic(environment, id).await,
        }
    }

    async fn with_section(&self, environment: Environment, document: &Document) -> Result<Topic> {
        let mut found = topic(document)?;
        if let Some(parent) = &document.parent
            && let Some(section) = self.document(environment, DocumentKind::Section, parent).await?
        {
            let allowed = document.body.get("allowed_preferences").and_then(Value::as_array);
            let allows = allowed.is_some_and(|all| all.iter().any(|one| one == "channel_preferences"));
            let offers = section.body.get("has_custom_routing").and_then(Value::as_bool);
            found.offers_channels = allows || offers.unwrap_or(false);
        }
        Ok(found)
    }

    /// A brand by id, compiled, with what it takes from the default brand.
    pub async fn brand(&self, environment: Environment, id: &str) -> Result<Option<Arc<PreparedBrand>>> {
        let snapshot = self.snapshot(environment);
        if let Some(known) = lock(&snapshot.brands).get(id) {
            return Ok(known.clone());
        }
        let prepared = match self.stored_brand(environment, id).await? {
            Some(brand) => Some(Arc::new(self.prepare_brand(environment, &brand).await?)),
            None => None,
        };
        remember(&snapshot.brands, id.to_owned(), prepared.clone());
        Ok(prepared)
    }

    /// The brand that holds where none is named.
    pub async fn default_brand(&self, environment: Environment) -> Result<Option<Arc<PreparedBrand>>> {
        let id = self.default_brand_id(environment).await?;
        self.brand(environment, &id).await
    }

    /// The id of the brand that holds where none is named.
    pub async fn default_brand_id(&self, environment: Environment) -> Result<String> {
        Ok(self.settings::<BrandSettings>(environment).await?.default_brand_id)
    }

    /// Compiles a brand, with what it takes from the default brand.
    pub async fn prepare_brand(&self, environment: Environment, brand: &Brand) -> Result<PreparedBrand> {
        let id = self.default_brand_id(environment).await?;
        let default = self.stored_brand(environment, &id).await?;
        Ok(PreparedBrand::new(brand, default.as_ref()))
    }

    async fn stored_brand(&self, environment: Environment, id: &str) -> Result<Option<Brand>> {
        let document = self.document(environment, DocumentKind::Brand, id).await?;
        let Some(document) = document else { return Ok(None) };
        // What is being designed is not in force.
        let Some(body) = &document.published else {
            return Ok(None);
        };
        let body = self.hosted(environment, body).await?;
        Ok(Some(crate::brands::of_body(&document.id, &body)))
    }

    /// A routing strategy.
    pub async fn strategy(&self, environment: Environment, id: &str) -> Result<Option<Strategy>> {
        let Some(document) = self.document(environment, DocumentKind::RoutingStrategy, id).await? else {
            return Ok(None);
        };
        let part = |name: &str| document.body.get(name).filter(|value| !value.is_null()).cloned();
        let read = |value: Option<Value>| value.map(serde_json::from_value).transpose().map_err(Error::internal);
        let channels = part("channels")
            .map(serde_json::from_value)
            .transpose()
            .map_err(Error::internal)?;
        let providers = part("providers")
            .map(serde_json::from_value)
            .transpose()
            .map_err(Error::internal)?;
        Ok(Some(Strategy {
            routing: read(part("routing"))?.unwrap_or_default(),
            channels: channels.unwrap_or_default(),
            providers: providers.unwrap_or_default(),
        }))
    }

    /// Whether any endpoint is to be told what happens in an environment. When that cannot be read, there may be one.
    pub async fn anyone_listens(&self, environment: Environment) -> bool {
        let snapshot = self.snapshot(environment);
        if let Some(known) = *lock(&snapshot.listened) {
            return known;
        }
        let page = PageRequest { after: None, limit: 1 };
        let kind = DocumentKind::Webhook;
        let Ok(read) = self.store.documents(environment, kind, None, page).await else {
            return true;
        };
        let listened = !read.items.is_empty();
        *lock(&snapshot.listened) = Some(listened);
        listened
    }

    /// All configured provider accounts, oldest first. One whose secrets cannot be opened is left out, and the log
    /// says so.
    pub async fn accounts(&self, environment: Environment) -> Result<Arc<Vec<ProviderAccount>>> {
        let snapshot = self.snapshot(environment);
        if let Some(known) = lock(&snapshot.accounts).as_ref() {
            return Ok(Arc::clone(known));
        }
        let page = PageRequest {
            after: None,
            limit: MAX_ACCOUNTS,
        };
        let read = self
            .store
            .documents(environment, DocumentKind::Provider, None, page)
            .await?;
        let mut accounts = Vec::with_capacity(read.items.len());
        for document in &read.items {
            match crate::accounts::account(&self.vault, &self.registry, environment, document) {
                Ok(account) => accounts.push(account),
                Err(error) => tracing::error!(account = document.id, %error, "a provider account cannot be used"),
            }
        }
        let accounts = Arc::new(accounts);
        *lock(&snapshot.accounts) = Some(Arc::clone(&accounts));
        Ok(accounts)
    }
}

/// Makes this node and the others look again, after a document was changed.
pub fn announce(services: &Services, environment: Environment) {
    services.documents().changed(environment);
    services.bus.send(Hint::Documents(environment));
}

fn topic(document: &Document) -> Result<Topic> {
    let mut body = document.body.clone();
    if let Some(object) = body.as_object_mut() {
        object.insert("id".to_owned(), Value::String(document.id.clone()));
    }
    serde_json::from_value(body).map_err(Error::internal)
}

fn text(value: &Value, name: &str) -> Option<String> {
    value.get(name)?.as_str().map(str::to_owned)
}
