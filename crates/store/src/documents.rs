//! Documents: everything a team edits. One collection with drafts, versions, names and archive.

use async_trait::async_trait;
use serde_json::Value;
use tidings_types::{Environment, Result, Timestamp};

use crate::{Page, PageRequest};

/// How many levels of tenants there may be. The public API loads no more.
pub const MAX_TENANT_LEVELS: usize = 4;

/// How a tenant is told of that would stand beneath itself.
pub const TENANT_CIRCLE: &str = "parent_tenant_id: A tenant cannot stand beneath itself";

/// How a tenant is told of that would stand too deep, or have others do so.
pub const TENANT_TOO_DEEP: &str = "parent_tenant_id: Tenants stand at most 4 levels deep";

/// What kind of document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum DocumentKind {
    /// A notification template.
    Notification,
    /// A brand.
    Brand,
    /// A section of the preference page.
    Section,
    /// A subscription topic; its parent is a section.
    Topic,
    /// A routing strategy.
    RoutingStrategy,
    /// A configured provider.
    Provider,
    /// A section of the environment's settings; its id is the section's name.
    Settings,
    /// The translations of one language; its id is `domain/locale`.
    Translation,
    /// A tenant's own version of a template; its parent is the tenant.
    TenantTemplate,
    /// The checks that a submitted template waits for; its id is `template/submission`.
    Submission,
    /// A tenant; its parent is a tenant.
    Tenant,
    /// What the preference page shows, as it was published.
    PreferencePage,
    /// An endpoint that is told what happens.
    Webhook,
    /// A message prepared for a list or an audience.
    Broadcast,
}

impl DocumentKind {
    /// All kinds.
    pub const ALL: [Self; 14] = [
        Self::Notification,
        Self::Brand,
        Self::Section,
        Self::Topic,
        Self::RoutingStrategy,
        Self::Provider,
        Self::Settings,
        Self::Translation,
        Self::TenantTemplate,
        Self::Submission,
        Self::Tenant,
        Self::PreferencePage,
        Self::Webhook,
        Self::Broadcast,
    ];

    /// As stored.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Notification => "notification",
            Self::Brand => "brand",
            Self::Section => "section",
            Self::Topic => "topic",
            Self::RoutingStrategy => "routing_strategy",
            Self::Provider => "provider",
            Self::Settings => "settings",
            Self::Translation => "translation",
            Self::TenantTemplate => "tenant_template",
            Self::Submission => "submission",
            Self::Tenant => "tenant",
            Self::PreferencePage => "preference_page",
            Self::Webhook => "webhook",
            Self::Broadcast => "broadcast",
        }
    }
}

/// A stored document as it stands now.
#[derive(Clone, Debug, PartialEq)]
pub struct Document {
    /// Its kind.
    pub kind: DocumentKind,
    /// Its id, unique within environment and kind.
    pub id: String,
    /// The document it belongs to, such as a topic's section.
    pub parent: Option<String>,
    /// Further names it is found by, unique within environment and kind.
    pub names: Vec<String>,
    /// The latest body: the draft where there is one, else what is live.
    pub body: Value,
    /// The published body; none when it was never published. For documents without drafts, the body.
    pub published: Option<Value>,
    /// The number of the published version, counting from 1. None when never published or without versions.
    pub published_version: Option<u32>,
    /// Whether `body` differs from `published`.
    pub has_changes: bool,
    /// When it was made.
    pub created: Timestamp,
    /// By whom.
    pub creator: String,
    /// When it was last changed, if ever.
    pub updated: Option<Timestamp>,
    /// By whom.
    pub updater: Option<String>,
    /// When it was last published.
    pub published_at: Option<Timestamp>,
    /// Whether it was archived: absent for everyone but its versions.
    pub archived: bool,
}

/// One version in a document's history.
#[derive(Clone, Debug, PartialEq)]
pub struct DocumentVersion {
    /// Its number, counting from 1.
    pub number: u32,
    /// Its body.
    pub body: Value,
    /// When it was published.
    pub created: Timestamp,
    /// By whom.
    pub creator: String,
    /// Whether the next [`WriteMode::Revise`] of the same sitting takes its place.
    pub is_revisable: bool,
}

impl DocumentVersion {
    /// Whether a [`WriteMode::Revise`] takes its place now.
    pub fn is_revised_at(&self, now: Timestamp) -> bool {
        self.is_revisable && now.since(self.created) < SITTING_MS
    }
}

/// How long after the last revision another one counts as of the same sitting, in milliseconds: ten minutes.
pub const SITTING_MS: u64 = 10 * 60 * 1000;

/// How a body is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WriteMode {
    /// As a draft: what is published stays.
    Draft,
    /// As a draft that is published at once: a new version.
    Publish,
    /// For documents without drafts: the body is live, no version is kept.
    Live,
    /// As a new version that is not in force: what is published stays.
    Save,
    /// As a new version that is in force at once.
    SaveAndPublish,
    /// As a version that is not in force: in place of the newest if that was revised too, less than [`SITTING_MS`] ago, and
    /// never in force; else as a new one. So an editor that saves all the time leaves one version of each sitting, and one
    /// that begins with the wrong content does not take the place of yesterday's.
    Revise,
}

/// A document to be made.
#[derive(Clone, Debug)]
pub struct NewDocument {
    /// Its kind.
    pub kind: DocumentKind,
    /// Its id.
    pub id: String,
    /// The document it belongs to.
    pub parent: Option<String>,
    /// Further names.
    pub names: Vec<String>,
    /// Its body.
    pub body: Value,
    /// How it is written.
    pub mode: WriteMode,
    /// Now.
    pub now: Timestamp,
    /// By whom.
    pub by: String,
}

/// What becomes of a document's parent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum ParentChange {
    /// It stays.
    #[default]
    Keep,
    /// It is this one, or none.
    Set(Option<String>),
}

/// A change to a document.
#[derive(Clone, Debug)]
pub struct DocumentWrite {
    /// Its kind.
    pub kind: DocumentKind,
    /// Its id.
    pub id: String,
    /// Its names from now on; none leaves them.
    pub names: Option<Vec<String>>,
    /// What it belongs to from now on.
    pub parent: ParentChange,
    /// The new body.
    pub body: Value,
    /// How it is written.
    pub mode: WriteMode,
    /// The body the writer has seen; when given and no longer so, the write is refused as `Busy`.
    pub seen: Option<Value>,
    /// Now.
    pub now: Timestamp,
    /// By whom.
    pub by: String,
}

/// Everything a team edits. Archived documents are absent from every verb but [`Documents::archived_document`],
/// [`Documents::version`] and [`Documents::versions`].
#[async_trait]
pub trait Documents: Send + Sync + 'static {
    /// Makes a document. An archived one of the same id makes way; what stood beneath that does not stand beneath this.
    ///
    /// # Errors
    /// `Invalid` for a tenant that would stand beneath itself or deeper than [`MAX_TENANT_LEVELS`]; `Conflict` when the id or one of the names is taken; the message says which.
    async fn create_document(&self, environment: Environment, new: NewDocument) -> Result<Document>;

    /// Changes a document. None when there is none.
    ///
    /// # Errors
    /// `Invalid` as in [`Self::create_document`]; `Conflict` when one of the names is another document's; `Busy` when `seen` no longer holds.
    async fn write_document(&self, environment: Environment, write: DocumentWrite) -> Result<Option<Document>>;

    /// Publishes the draft, or an older version again (as a new one). Publishing an unchanged draft changes nothing.
    /// None when there is no such document.
    ///
    /// # Errors
    /// `NotFound` when the version does not exist.
    async fn publish_document(
        &self,
        environment: Environment,
        kind: DocumentKind,
        id: &str,
        version: Option<u32>,
        now: Timestamp,
        by: &str,
    ) -> Result<Option<Document>>;

    /// Puts a kept version in force as it is, without making a new one. None when there is no such document. When `seen` is
    /// given, the version must still say that.
    ///
    /// # Errors
    /// `NotFound` when the version does not exist; `Busy` when it was revised meanwhile.
    async fn put_in_force(
        &self,
        environment: Environment,
        kind: DocumentKind,
        id: &str,
        version: u32,
        seen: Option<&Value>,
        now: Timestamp,
    ) -> Result<Option<Document>>;

    /// Gives a document one more name, taken from whichever had it. False, with no effect, when there is no such
    /// document.
    async fn name_document(&self, environment: Environment, kind: DocumentKind, name: &str, id: &str) -> Result<bool>;

    /// All further names of a kind with the documents they name, by name.
    async fn document_names(&self, environment: Environment, kind: DocumentKind) -> Result<Vec<(String, String)>>;

    /// Archives a document and frees its names. Tenants beneath a tenant stand on their own from then on. False when there
    /// is none.
    async fn archive_document(&self, environment: Environment, kind: DocumentKind, id: &str) -> Result<bool>;

    /// One document by id.
    async fn document(&self, environment: Environment, kind: DocumentKind, id: &str) -> Result<Option<Document>>;

    /// What an archived document was; none when it is not archived, or another of its id took its place.
    async fn archived_document(
        &self,
        environment: Environment,
        kind: DocumentKind,
        id: &str,
    ) -> Result<Option<Document>>;

    /// One document by one of its names.
    async fn document_by_name(
        &self,
        environment: Environment,
        kind: DocumentKind,
        name: &str,
    ) -> Result<Option<Document>>;

    /// Documents of a kind, oldest first, optionally only those that belong to `parent`.
    async fn documents(
        &self,
        environment: Environment,
        kind: DocumentKind,
        parent: Option<&str>,
        page: PageRequest,
    ) -> Result<Page<Document>>;

    /// A document's published versions, newest first.
    async fn versions(
        &self,
        environment: Environment,
        kind: DocumentKind,
        id: &str,
        page: PageRequest,
    ) -> Result<Page<DocumentVersion>>;

    /// One published version.
    async fn version(
        &self,
        environment: Environment,
        kind: DocumentKind,
        id: &str,
        number: u32,
    ) -> Result<Option<DocumentVersion>>;

    /// A number that grows with every change to any document of the environment, so that caches know when to look again.
    async fn documents_revision(&self, environment: Environment) -> Result<i64>;
}
