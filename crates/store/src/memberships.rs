//! Memberships: which people belong to which tenants. The tenants themselves are documents.

use async_trait::async_trait;
use tidings_types::{Environment, Object, Result, Timestamp, UserId};

use crate::{Page, PageRequest};

/// A person in a tenant.
#[derive(Clone, Debug, PartialEq)]
pub struct Membership {
    /// The person.
    pub user_id: UserId,
    /// The tenant.
    pub tenant_id: String,
    /// What holds for this person within this tenant; laid over the person's own profile.
    pub profile: Option<Object>,
    /// When they were put there last.
    pub created: Timestamp,
}

/// A person who is to belong to a tenant.
#[derive(Clone, Debug, PartialEq)]
pub struct NewMembership {
    /// The person.
    pub user_id: UserId,
    /// The tenant.
    pub tenant_id: String,
    /// The profile within the tenant; none leaves what is there.
    pub profile: Option<Object>,
}

/// Who belongs where.
#[async_trait]
pub trait Memberships: Send + Sync + 'static {
    /// Adds people to tenants; who belongs there already keeps their place.
    async fn put_memberships(&self, environment: Environment, new: Vec<NewMembership>, now: Timestamp) -> Result<()>;

    /// Takes a person out of a tenant. False when they did not belong there.
    async fn delete_membership(&self, environment: Environment, user: &UserId, tenant: &str) -> Result<bool>;

    /// Takes a person out of all tenants.
    async fn delete_memberships(&self, environment: Environment, user: &UserId) -> Result<()>;

    /// Takes out of a tenant those who have belonged to it since `before` or earlier, at most `limit` of them. Returns
    /// how many.
    async fn clear_tenant(&self, environment: Environment, tenant: &str, before: Timestamp, limit: u32) -> Result<u32>;

    /// One membership.
    async fn membership(&self, environment: Environment, user: &UserId, tenant: &str) -> Result<Option<Membership>>;

    /// A person's memberships, by tenant id.
    async fn memberships(&self, environment: Environment, user: &UserId, page: PageRequest)
    -> Result<Page<Membership>>;

    /// A tenant's members, by person id.
    async fn members(&self, environment: Environment, tenant: &str, page: PageRequest) -> Result<Page<Membership>>;

    /// Which of these people belong to a tenant.
    async fn belonging(&self, environment: Environment, tenant: &str, users: Vec<UserId>) -> Result<Vec<UserId>>;

    /// Which of these people belong to exactly one tenant, and to which.
    async fn sole_tenants(&self, environment: Environment, users: Vec<UserId>) -> Result<Vec<(UserId, String)>>;
}
