//! Digests: messages that are gathered for a person and sent as one.
//!
//! A message is filed in the transaction that ends it as `DIGESTED` ([`crate::Record::hold`]), together with the job that
//! releases what was gathered. A release ends the gathering and accepts the one message that follows from it in one
//! transaction, so that every message goes into exactly one digest, whatever crashes.

use std::collections::BTreeMap;

use async_trait::async_trait;
use tidings_types::{Environment, Object, Result, Timestamp, TopicId, UserId};

use crate::{Acceptance, Page, PageRequest};

/// Whose messages are gathered where: one gathering at a time for each.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DigestKey {
    /// The person.
    pub user_id: UserId,
    /// The topic.
    pub topic_id: TopicId,
    /// The tenant, if the messages are for one.
    pub tenant_id: Option<String>,
    /// The rhythm.
    pub schedule_id: String,
}

/// A message to be filed.
#[derive(Clone, Debug, PartialEq)]
pub struct Holding {
    /// Where.
    pub key: DigestKey,
    /// In which categories.
    pub categories: Vec<String>,
    /// Its data, whole.
    pub data: Object,
    /// When the message was accepted.
    pub at: Timestamp,
}

/// A gathering.
#[derive(Clone, Debug, PartialEq)]
pub struct DigestInstance {
    /// Its id.
    pub id: String,
    /// Whose messages are gathered where.
    pub key: DigestKey,
    /// Whether it was released.
    pub released: bool,
    /// How many messages.
    pub events: u32,
    /// How many in each category.
    pub counts: BTreeMap<String, u32>,
    /// When it began.
    pub created: Timestamp,
}

/// A message as it was filed.
#[derive(Clone, Debug, PartialEq)]
pub struct DigestEvent {
    /// When it was accepted.
    pub at: Timestamp,
    /// In which categories.
    pub categories: Vec<String>,
    /// Its data, whole.
    pub data: Object,
}

/// Which gatherings are wanted. Empty fields do not filter.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DigestFilter {
    /// In this rhythm.
    pub schedule_id: Option<String>,
    /// Of this person.
    pub user_id: Option<UserId>,
    /// Of this topic.
    pub topic_id: Option<TopicId>,
    /// For this tenant; `Some(None)` for none.
    pub tenant_id: Option<Option<String>>,
    /// Only those not yet released.
    pub open: bool,
}

/// Digests.
#[async_trait]
pub trait Digests: Send + Sync + 'static {
    /// Gatherings, newest first.
    async fn digest_instances(
        &self,
        environment: Environment,
        filter: DigestFilter,
        page: PageRequest,
    ) -> Result<Page<DigestInstance>>;

    /// What was gathered, in the order of arrival.
    async fn digest_events(&self, environment: Environment, user: &UserId, instance: &str) -> Result<Vec<DigestEvent>>;

    /// Ends a gathering and accepts what follows from it. `Ok(false)` when it was released before, or something was filed
    /// since it was read: nothing was written.
    async fn release_digest(&self, instance: DigestInstance, acceptance: Acceptance) -> Result<bool>;
}
