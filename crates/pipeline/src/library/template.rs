//! Templates, ready to be sent: by id or name, in a version and a language, and as tenants have them.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde_json::Value;
use tidings_render::Prepared;
use tidings_store::{Document, DocumentKind};
use tidings_types::{Environment, Error, KeyScope, Object, Result, Routing, TemplateContent};

use super::{Library, Snapshot, Strategy, lock, remember, text};
use crate::tenant_templates;

/// Which template: the tenant whose it is, id or name, which version, and the languages that it is read in.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Key {
    tenant: Option<String>,
    name: String,
    scope: KeyScope,
    locales: Vec<String>,
}

/// One version of a template in one language, ready to be sent.
#[derive(Clone, Debug)]
pub struct Template {
    /// The notification's id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// The version: `v002` or `draft`; `tenant/acme/v2` for one of a tenant's own.
    pub version: String,
    /// Its content, compiled.
    pub content: Arc<Prepared>,
    /// The languages that its content has beside its own.
    pub locales: Arc<BTreeSet<String>>,
    /// Its topic.
    pub topic_id: Option<String>,
    /// Its brand.
    pub brand_id: Option<String>,
    /// Its routing strategy.
    pub strategy_id: Option<String>,
    /// What a tenant's own version says of routing, laid over the strategy.
    pub own: Strategy,
    /// Its mail headers: `from`, `reply_to`, `cc`, `bcc`.
    pub email: Object,
}

/// What asking for a template came to.
pub enum Found {
    /// There it is.
    Template(Arc<Template>),
    /// It exists and was never published.
    Unpublished,
    /// It exists and cannot be read: its stored content is not what this program writes. In words.
    Broken(String),
    /// No template has this id or alias.
    Unknown,
}

/// How versions are spelled: `v001`, `v002`, ...
pub fn version_label(number: u32) -> String {
    format!("v{number:03}")
}

/// Reads what [`version_label`] writes.
pub fn version_number(label: &str) -> Option<u32> {
    label.strip_prefix('v')?.parse().ok()
}

/// The id of the document of a tenant's own version of a template.
pub fn tenant_document_id(tenant: &str, template: &str) -> String {
    // The first slash ends the tenant, whatever the ids hold.
    format!("{}/{template}", tenant.replace('%', "%25").replace('/', "%2F"))
}

/// How versions of tenants' templates are told from others.
const TENANT: &str = "tenant/";

/// The id or name of a template that a send calls `tenant/<id>`, as those who use the template designer do. A tenant's own
/// version goes before the workspace's in any case, so it says nothing more.
pub fn called(name: &str) -> &str {
    name.strip_prefix(TENANT).unwrap_or(name)
}

impl Library {
    /// A template by id or alias, in the version a key's scope asks for. Of `locales`, each element takes the first that
    /// it has.
    pub async fn template(
        &self,
        environment: Environment,
        name: &str,
        scope: KeyScope,
        locales: &[String],
    ) -> Result<Found> {
        let name = called(name);
        let snapshot = self.snapshot(environment);
        let key = |locales| Key {
            tenant: None,
            name: name.to_owned(),
            scope,
            locales,
        };
        let known = |key: &Key| lock(&snapshot.templates).get(key).cloned();
        let base = known(&key(Vec::new()));
        // Most people read a language that the template does not have: they share one.
        let effective = match &base {
            Some(base) => base.effective(locales),
            None => locales.to_vec(),
        };
        if let Some(base) = base.filter(|_| effective.is_empty()) {
            return Ok(Found::Template(base));
        }
        if let Some(known) = known(&key(effective)) {
            return Ok(Found::Template(known));
        }
        let kind = DocumentKind::Notification;
        let document = match self.document(environment, kind, name).await? {
            Some(document) => document,
            None => match self.store.document_by_name(environment, kind, name).await? {
                Some(document) => Arc::new(document),
                None => return Ok(Found::Unknown),
            },
        };
        let (body, version) = match in_scope(&document, scope) {
            Some((body, None)) => (body, "draft".to_owned()),
            Some((body, Some(number))) => (body, version_label(number)),
            None => return Ok(Found::Unpublished),
        };
        let body = self.hosted(environment, body).await?;
        let (base, content) = match Template::from_body(&document.id, version, &body) {
            Ok(read) => read,
            Err(error) => return Ok(Found::Broken(error)),
        };
        Ok(snapshot.keep_template(base, &content, locales, key))
    }

    /// A tenant's own version of a template: its content and routing, and all else from the workspace's, if there is one.
    /// None when the tenant has none in force.
    pub(crate) async fn tenant_template(
        &self,
        environment: Environment,
        tenant: &str,
        id: &str,
        workspace: Option<&Template>,
        scope: KeyScope,
        locales: &[String],
    ) -> Result<Option<Found>> {
        let document_id = tenant_document_id(tenant, id);
        let kind = DocumentKind::TenantTemplate;
        let Some(document) = self.document(environment, kind, &document_id).await? else {
            return Ok(None);
        };
        let Some((body, number)) = in_scope(&document, scope) else {
            return Ok(None);
        };
        let snapshot = self.snapshot(environment);
        let key = |locales| Key {
            tenant: Some(tenant.to_owned()),
            name: id.to_owned(),
            scope,
            locales,
        };
        let version = number.map_or_else(|| "draft".to_owned(), |number| format!("v{number}"));
        let version = format!("{TENANT}{document_id}/{version}");
        let known = |key: &Key| lock(&snapshot.templates).get(key).cloned();
        if let Some(base) = known(&key(Vec::new())) {
            let effective = base.effective(locales);
            let same = known(&key(effective));
            if let Some(same) = same {
                return Ok(Some(Found::Template(same)));
            }
        }
        let body = self.hosted(environment, body).await?;
        let (base, content) = match Template::of_tenant(id, version, &body, workspace) {
            Ok(read) => read,
            Err(error) => return Ok(Some(Found::Broken(error))),
        };
        Ok(Some(snapshot.keep_template(base, &content, locales, key)))
    }

    /// The version of a template that a message began with, or that a test asks for, by its label. None when it is no
    /// more.
    pub(crate) async fn template_version(
        &self,
        environment: Environment,
        id: &str,
        label: &str,
        workspace: Option<&Template>,
        locales: &[String],
    ) -> Result<Option<Template>> {
        let tenant = label.strip_prefix(TENANT).and_then(|rest| rest.rsplit_once('/'));
        let (kind, document, number) = match tenant {
            Some((document, version)) => (DocumentKind::TenantTemplate, document, version_number(version)),
            None => (DocumentKind::Notification, id, version_number(label)),
        };
        let Some(number) = number else { return Ok(None) };
        let Some(kept) = self.store.version(environment, kind, document, number).await? else {
            return Ok(None);
        };
        let body = self.hosted(environment, &kept.body).await?;
        let read = if tenant.is_some() {
            Template::of_tenant(id, label.to_owned(), &body, workspace)
        } else {
            Template::from_body(id, label.to_owned(), &body)
        };
        read.and_then(|(base, content)| base.with_language(&content, locales))
            .map(Some)
            .map_err(Error::internal)
    }
}

impl Snapshot {
    /// Keeps a template in its own language, and in those of `locales` that it has.
    fn keep_template(
        &self,
        base: Template,
        content: &TemplateContent,
        locales: &[String],
        key: impl Fn(Vec<String>) -> Key,
    ) -> Found {
        let base = Arc::new(base);
        remember(&self.templates, key(Vec::new()), Arc::clone(&base));
        let effective = base.effective(locales);
        if effective.is_empty() {
            return Found::Template(base);
        }
        match Template::clone(&base).with_language(content, locales) {
            Ok(localized) => {
                let localized = Arc::new(localized);
                remember(&self.templates, key(effective), Arc::clone(&localized));
                Found::Template(localized)
            }
            Err(error) => Found::Broken(error),
        }
    }
}

/// The body that a scope asks for, and its version unless it is the draft. None when nothing is published.
fn in_scope(document: &Document, scope: KeyScope) -> Option<(&Value, Option<u32>)> {
    match scope {
        KeyScope::Draft => Some((&document.body, None)),
        KeyScope::Published => {
            let body = document.published.as_ref()?;
            Some((body, Some(document.published_version.unwrap_or(1))))
        }
    }
}

impl Template {
    /// Content that is not stored, in the place of this template's.
    ///
    /// # Errors
    /// In words, when it cannot be read.
    pub(crate) fn saying(mut self, content: &TemplateContent, locales: &[String]) -> Result<Self, String> {
        self.locales = Arc::new(tidings_render::locales(content));
        "unsaved".clone_into(&mut self.version);
        self.content = Arc::new(Prepared::new(content).map_err(|error| error.to_string())?);
        self.with_language(content, locales)
    }

    /// Those languages that the content has.
    fn effective(&self, locales: &[String]) -> Vec<String> {
        locales
            .iter()
            .filter(|one| self.locales.contains(*one))
            .cloned()
            .collect()
    }

    /// Reads a body in its own language, and gives its content as it stands.
    fn from_body(id: &str, version: String, body: &Value) -> Result<(Self, TemplateContent), String> {
        let content = body.get("content").cloned().unwrap_or_default();
        let content: TemplateContent = serde_json::from_value(content).map_err(|error| error.to_string())?;
        let reference = |of: &str, name: &str| body.get(of).and_then(|value| text(value, name));
        let template = Self {
            id: id.to_owned(),
            name: text(body, "name").unwrap_or_default(),
            version,
            content: Arc::new(Prepared::new(&content).map_err(|error| error.to_string())?),
            locales: Arc::new(tidings_render::locales(&content)),
            topic_id: reference("subscription", "topic_id"),
            brand_id: reference("brand", "id"),
            strategy_id: reference("routing", "strategy_id"),
            own: Strategy::default(),
            email: body
                .get("email")
                .and_then(Value::as_object)
                .cloned()
                .unwrap_or_default(),
        };
        Ok((template, content))
    }

    /// A tenant's body over the workspace's template.
    fn of_tenant(
        id: &str,
        version: String,
        body: &Value,
        workspace: Option<&Self>,
    ) -> Result<(Self, TemplateContent), String> {
        let body = tenant_templates::body::read(body).map_err(in_words)?;
        let (own, content) = Self::from_body(id, version, &body)?;
        let read = |name: &str| body.get(name).filter(|value| !value.is_null()).cloned();
        let strategy = Strategy {
            routing: read("routing")
                .map_or_else(|| Ok(Routing::default()), serde_json::from_value)
                .map_err(in_words)?,
            channels: read("channels")
                .map_or_else(|| Ok(BTreeMap::new()), serde_json::from_value)
                .map_err(in_words)?,
            providers: read("providers")
                .map_or_else(|| Ok(BTreeMap::new()), serde_json::from_value)
                .map_err(in_words)?,
        };
        let template = match workspace {
            None => Self { own: strategy, ..own },
            Some(workspace) => Self {
                version: own.version,
                content: own.content,
                locales: own.locales,
                own: strategy,
                // A tenant's content says nothing of these.
                strategy_id: workspace.strategy_id.clone(),
                ..workspace.clone()
            },
        };
        Ok((template, content))
    }

    /// The same in the first of these languages that each element has.
    fn with_language(mut self, content: &TemplateContent, locales: &[String]) -> Result<Self, String> {
        let effective = self.effective(locales);
        if !effective.is_empty() {
            let localized = tidings_render::localize(content, &effective);
            self.content = Arc::new(Prepared::new(&localized).map_err(in_words)?);
        }
        Ok(self)
    }
}

#[expect(clippy::needless_pass_by_value, reason = "handed to map_err")]
fn in_words(error: impl ToString) -> String {
    error.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tenants_and_templates_never_meet_in_one_id() {
        let ids = [("a", "b/c"), ("a/b", "c"), ("a%2Fb", "c"), ("a%", "2Fb/c")];
        let ids: BTreeSet<String> = ids
            .iter()
            .map(|(tenant, template)| tenant_document_id(tenant, template))
            .collect();
        assert_eq!(ids.len(), 4);
    }
}
