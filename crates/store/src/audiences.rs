//! Audiences: people whose profiles pass a filter.
//!
//! Who belongs to an audience is kept, not computed when it is asked for. A profile that changes is looked at in the
//! transaction of the change, by those audiences alone that look at a key that changed. A filter that changes has everybody
//! looked at again, page by page, in the background; each page reads profiles and writes members in one transaction, so
//! that neither overtakes the other.

use async_trait::async_trait;
use serde_json::Value;
use tidings_types::{Environment, Result, Timestamp, UserId};

use crate::{NewJob, Page, PageRequest};

/// An audience.
#[derive(Clone, Debug, PartialEq)]
pub struct Audience {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// What it is for.
    pub description: String,
    /// The filter as it was written; none lets nobody pass.
    pub filter: Option<Value>,
    /// What stood beside the filter.
    pub operator: Option<String>,
    /// Grows by one with each change of the filter, from 1 on, or from where members of a deleted one of its id stood.
    pub version: i64,
    /// When it was made.
    pub created: Timestamp,
    /// When it was last changed.
    pub updated: Timestamp,
}

/// How an audience is written.
#[derive(Clone, Debug)]
pub struct AudienceWrite {
    /// Its id.
    pub id: String,
    /// Its name; none leaves it, or makes it the id.
    pub name: Option<String>,
    /// What it is for; none leaves it.
    pub description: Option<String>,
    /// The filter; none leaves it.
    pub filter: Option<Value>,
    /// What stands beside the filter.
    pub operator: Option<String>,
    /// The keys at the root of profiles that the filter looks at.
    pub keys: Vec<String>,
    /// The job that looks at everybody again; written when the filter changes.
    pub rebuild: NewJob,
    /// Now.
    pub now: Timestamp,
}

/// Somebody in an audience.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AudienceMember {
    /// The person.
    pub user_id: UserId,
    /// The version of the filter they passed.
    pub version: i64,
    /// Since when they belong.
    pub added: Timestamp,
    /// Why.
    pub reason: String,
}

/// Audiences and who belongs to them.
#[async_trait]
pub trait Audiences: Send + Sync + 'static {
    /// Makes an audience or changes it.
    async fn put_audience(&self, environment: Environment, write: AudienceWrite) -> Result<Audience>;

    /// One audience.
    async fn audience(&self, environment: Environment, id: &str) -> Result<Option<Audience>>;

    /// Audiences, by id.
    async fn audiences(&self, environment: Environment, page: PageRequest) -> Result<Page<Audience>>;

    /// Deletes an audience; `rebuild` takes its members away. False when there is none.
    async fn delete_audience(&self, environment: Environment, id: &str, rebuild: NewJob) -> Result<bool>;

    /// Who belongs to an audience, by person id.
    async fn audience_members(
        &self,
        environment: Environment,
        id: &str,
        page: PageRequest,
    ) -> Result<Page<AudienceMember>>;

    /// Whether somebody belongs to an audience.
    async fn is_audience_member(&self, environment: Environment, id: &str, user: &UserId) -> Result<bool>;

    /// Looks at people again, by their ids, from one on, and writes who passes. Returns the last one looked at; none when
    /// there are no more, or the audience is not there.
    async fn rebuild_audience(
        &self,
        environment: Environment,
        id: &str,
        after: Option<&UserId>,
        now: Timestamp,
        limit: u32,
    ) -> Result<Option<UserId>>;

    /// Looks at one person again for all audiences whose filters ask for this key.
    async fn review_audiences(&self, environment: Environment, user: &UserId, key: &str, now: Timestamp) -> Result<()>;

    /// Tells those who listen how many belong to an audience, once everybody was looked at.
    async fn tell_audience(&self, environment: Environment, id: &str, now: Timestamp) -> Result<()>;

    /// Takes away members who passed an earlier version of the filter, or all if the audience is not there. At most
    /// `limit`; returns how many.
    async fn sweep_audience(&self, environment: Environment, id: &str, now: Timestamp, limit: u32) -> Result<u32>;
}
