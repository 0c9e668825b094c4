//! Digests: messages that are gathered for a person and sent as one.
//!
//! A message is filed in the transaction that ends it as `DIGESTED` ([`crate::Record::hold`]), together with the job that
//! releases what was gathered. A release ends the gathering and accepts the one message that follows from it in one
//! transaction, so that every message goes into exactly one digest, whatever crashes.
//!
//! What is gathered follows its topic and its person: a digest that is changed or taken away, and a rhythm that is chosen,
//! write in their own transaction the job that looks at it again ([`after_document`], [`after_choice`]).

use std::collections::BTreeMap;

use async_trait::async_trait;
use serde_json::{Value, json};
use tidings_types::{Environment, Lane, MessageId, Object, Result, Timestamp, TopicId, UserId};

use crate::jobs::REVIEW_DIGESTS;
use crate::{Acceptance, DocumentKind, JobKey, NewJob, Page, PageRequest, StoredPreference};

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
    /// What the send said of the person besides their id, such as an address that is stored nowhere else.
    pub recipient: Object,
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
    /// The message.
    pub message_id: MessageId,
    /// When it was accepted.
    pub at: Timestamp,
    /// In which categories.
    pub categories: Vec<String>,
    /// Its data, whole.
    pub data: Object,
    /// What the send said of the person besides their id.
    pub recipient: Object,
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
    async fn release_digest(
        &self,
        environment: Environment,
        instance: DigestInstance,
        acceptances: Vec<Acceptance>,
        now: Timestamp,
    ) -> Result<bool>;

    /// Forgets gatherings that were released before a moment, and what was gathered in them. At most `limit` a call;
    /// returns how many.
    async fn prune_digests(&self, before: Timestamp, limit: u32) -> Result<u32>;

    /// Moves an open gathering to another rhythm, into the one that is open there if there is one, and asks for jobs.
    /// `Ok(false)` when it is not open any more: nothing was written.
    async fn move_digest(
        &self,
        environment: Environment,
        instance: DigestInstance,
        schedule_id: &str,
        jobs: Vec<NewJob>,
    ) -> Result<bool>;
}

/// The job that follows from a topic's document, given its body before and its body from now on (none: archived). It
/// carries the digest there was, with which what was gathered is sent should there be none any more. None when the digest
/// stays as it is.
pub fn after_document(
    environment: Environment,
    kind: DocumentKind,
    id: &str,
    before: &Value,
    after: Option<&Value>,
) -> Option<NewJob> {
    let before = digest_of(before).filter(|_| kind == DocumentKind::Topic)?;
    if after.and_then(digest_of) == Some(before) {
        return None;
    }
    Some(review(
        environment,
        format!("topic/{id}"),
        json!({ "topic": id, "digest": before }),
    ))
}

fn digest_of(topic: &Value) -> Option<&Value> {
    topic.get("digest").filter(|digest| !digest.is_null())
}

/// The job that follows from what a person said of a topic before and says from now on; none when the rhythm they chose
/// stays.
pub fn after_choice(
    environment: Environment,
    user: &UserId,
    before: Option<&StoredPreference>,
    after: Option<&StoredPreference>,
) -> Option<NewJob> {
    let chosen = |said: Option<&StoredPreference>| said.and_then(|said| said.preference.digest_schedule_id.clone());
    (chosen(before) != chosen(after)).then(|| review(environment, format!("person/{user}"), json!({ "person": user })))
}

fn review(environment: Environment, key: String, body: Value) -> NewJob {
    NewJob {
        name: JobKey::new(environment, REVIEW_DIGESTS, key),
        lane: Lane::Normal,
        // At once, whatever the time is.
        due: Timestamp::default(),
        body,
    }
}
