//! People: profiles, device tokens, preferences.

use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use tidings_types::consent::Consent;
use tidings_types::preference::names_a_topic;
use tidings_types::{
    Environment, Error, MessageId, Object, Preference, PreferenceStatus, Result, Timestamp, TopicId, UserId,
};

use crate::{Acceptance, Page, PageRequest};

/// A change to a profile, carried out within one transaction.
#[derive(Clone, Debug)]
pub enum ProfileChange {
    /// This instead of what was there.
    Replace(Object),
    /// Merged over what was there: objects key by key, everything else replaced.
    Merge(Object),
    /// RFC 6902 operations with the profile as document root.
    Patch(json_patch::Patch),
}

impl ProfileChange {
    /// The profile after the change.
    ///
    /// # Errors
    /// `Invalid` when a patch does not apply or leaves something that is no object.
    pub fn apply(&self, current: Option<Object>) -> Result<Object> {
        match self {
            Self::Replace(profile) => Ok(profile.clone()),
            Self::Merge(above) => {
                let mut profile = current.unwrap_or_default();
                merge_objects(&mut profile, above);
                Ok(profile)
            }
            Self::Patch(patch) => {
                let mut document = Value::Object(current.unwrap_or_default());
                json_patch::patch(&mut document, patch).map_err(|error| Error::invalid(format!("patch: {error}")))?;
                match document {
                    Value::Object(profile) => Ok(profile),
                    _ => Err(Error::invalid("patch: The profile must stay an object")),
                }
            }
        }
    }
}

/// Merges one object over another: objects key by key, everything else (arrays included) replaced.
pub fn merge_objects(below: &mut Object, above: &Object) {
    for (key, value) in above {
        match (below.get_mut(key), value) {
            (Some(Value::Object(inner)), Value::Object(over)) => merge_objects(inner, over),
            _ => {
                below.insert(key.clone(), value.clone());
            }
        }
    }
}

/// A device's push token, as the public API spells it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DeviceToken {
    /// The token.
    pub token: String,
    /// `firebase-fcm`, `apn`, `expo` or `onesignal`.
    pub provider_key: String,
    /// The device.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub device: Option<Value>,
    /// Where it was last seen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tracking: Option<Value>,
    /// When it stops being used: a moment, `false` for never.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expiry_date: Option<Value>,
    /// The app's own values.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub properties: Option<Value>,
    /// `active`, `unknown`, `failed` or `revoked`.
    pub status: String,
    /// Why it stands so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status_reason: Option<String>,
    /// The last moment at which it is used, computed from `expiry_date`; none means never ends.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<Timestamp>,
    /// When it was last registered.
    #[serde(default)]
    pub registered_at: Timestamp,
}

/// What a person said of one topic.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StoredPreference {
    /// The topic.
    pub topic_id: TopicId,
    /// What was said.
    pub preference: Preference,
}

impl StoredPreference {
    /// Nothing said yet.
    pub fn silent(topic_id: TopicId) -> Self {
        Self {
            topic_id,
            preference: Preference::default(),
        }
    }
}

/// A change of a person's preferences. Each changed topic gets a line in the preference log in the same transaction.
#[derive(Clone, Debug)]
pub struct PreferenceWrite {
    /// For this tenant only; none for everywhere.
    pub tenant_id: Option<String>,
    /// What is said from now on.
    pub set: Vec<StoredPreference>,
    /// What is said no more.
    pub unset: Vec<TopicId>,
    /// Whether every topic not in `set` is unset too. What was said of everything at once, or of templates, stays.
    pub replace_all: bool,
    /// Where the change came from: `api`, `page`, `unsubscribe-link`, `one-click`, ...
    pub source: String,
    /// What else the log keeps of it.
    pub evidence: Evidence,
    /// Lines of the consent ledger that are written with it.
    pub consents: Vec<Consent>,
    /// What is sent because of it, accepted with it.
    pub mail: Option<Acceptance>,
    /// What it was made of; none where that does not matter.
    pub seen: Option<Seen>,
    /// Now.
    pub now: Timestamp,
}

/// What a change was made of. Where anything of it is otherwise by now, the change is refused, so that of two who write at
/// once neither undoes what the other said.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Seen {
    /// What was said, for everywhere or for the tenant of the change.
    pub said: Vec<StoredPreference>,
    /// How many lines the person's consent ledger had, where it was looked at.
    pub consents: Option<u64>,
}

impl Seen {
    /// Refuses a change that was made of something else than what is there. `said` and `consents` are as they stand.
    ///
    /// # Errors
    /// `Conflict`: read again, and try anew.
    pub fn check(&self, said: &[StoredPreference], consents: u64) -> Result<()> {
        let same_words = self.said.len() == said.len() && said.iter().all(|one| self.said.contains(one));
        if same_words && self.consents.is_none_or(|seen| seen == consents) {
            Ok(())
        } else {
            Err(Error::conflict("The person's preferences were changed meanwhile"))
        }
    }
}

/// What the log keeps of a change besides what changed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Evidence {
    /// The message it began in.
    pub message_id: Option<String>,
    /// The domain of the person's mail address, for opt-outs that came by mail: a wave from one domain is a scanner.
    pub mail_domain: Option<String>,
}

/// A line of the preference log.
#[derive(Clone, Debug, PartialEq)]
pub struct PreferenceChange {
    /// Its place: later changes have higher numbers.
    pub number: i64,
    /// Whose preference.
    pub user_id: UserId,
    /// For this tenant only.
    pub tenant_id: Option<String>,
    /// The topic.
    pub topic_id: TopicId,
    /// When.
    pub at: Timestamp,
    /// Where it came from.
    pub source: String,
    /// The message it began in.
    pub message_id: Option<String>,
    /// What was said before.
    pub before: Option<StoredPreference>,
    /// What has been said since; none when it was taken back.
    pub after: Option<StoredPreference>,
    /// The list it was said of, and what; `before` and `after` are none then.
    pub list: Option<OfList>,
}

/// What a person said of a topic for the messages of one list.
#[derive(Clone, Debug, PartialEq)]
pub struct OfList {
    /// The list.
    pub id: String,
    /// What was said before, as it was written.
    pub before: Option<Value>,
    /// What has been said since.
    pub after: Option<Value>,
}

/// Which lines of the preference log are wanted. Empty fields do not filter.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PreferenceLogFilter {
    /// Of this person.
    pub user_id: Option<UserId>,
    /// Of this person for this tenant.
    pub tenant_id: Option<String>,
    /// From this moment on.
    pub since: Option<Timestamp>,
}

/// Opt-outs by mail from one mail domain within a time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OptOuts {
    /// The domain.
    pub mail_domain: String,
    /// By how many different people.
    pub people: u32,
    /// When the first was.
    pub first: Timestamp,
    /// When the last was.
    pub last: Timestamp,
}

/// A message that is to be counted towards a person's limits.
#[derive(Clone, Debug)]
pub struct Admission {
    /// The message.
    pub message_id: MessageId,
    /// Its topic; empty where it has none.
    pub topic_id: TopicId,
    /// The limits, in the order in which they are named to people.
    pub limits: Vec<AdmissionLimit>,
    /// Now.
    pub now: Timestamp,
    /// What was counted before this moment is forgotten.
    pub forget_before: Timestamp,
}

/// A limit of messages to one person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AdmissionLimit {
    /// Whether messages of all topics count, or only those of the message's own.
    pub all_topics: bool,
    /// From this moment on, excluded.
    pub since: Timestamp,
    /// At most so many, this one included.
    pub max: u32,
}

impl PreferenceWrite {
    /// The mail domain that a line of the log keeps, given what is said from now on: of opt-outs only. Whoever takes one
    /// back is part of no wave.
    pub fn mail_domain_of(&self, after: Option<&StoredPreference>) -> Option<&str> {
        let leaves = after.is_some_and(|said| said.preference.status == Some(PreferenceStatus::OptedOut));
        self.evidence.mail_domain.as_deref().filter(|_| leaves)
    }

    /// Whether something that was said before is said no more.
    pub fn takes_back(&self, topic: &TopicId) -> bool {
        let kept = self.set.iter().any(|one| one.topic_id == *topic);
        let replaced = self.replace_all && names_a_topic(topic.as_str());
        !kept && (replaced || self.unset.contains(topic))
    }
}

/// Profiles, device tokens, preferences.
#[async_trait]
pub trait People: Send + Sync + 'static {
    /// A profile.
    async fn profile(&self, environment: Environment, user: &UserId) -> Result<Option<Object>>;

    /// All profiles, by person id.
    async fn profiles(&self, environment: Environment, page: PageRequest) -> Result<Page<(UserId, Object)>>;

    /// Whether anything at all is known of a person: a profile, a token, a preference.
    async fn is_known(&self, environment: Environment, user: &UserId) -> Result<bool>;

    /// Changes a profile, making it if need be, and returns it as it is now.
    async fn change_profile(
        &self,
        environment: Environment,
        user: &UserId,
        change: ProfileChange,
        now: Timestamp,
    ) -> Result<Object>;

    /// Deletes a profile and nothing else. False when there was none.
    async fn delete_profile(&self, environment: Environment, user: &UserId) -> Result<bool>;

    /// A person's device tokens, oldest registration first.
    async fn tokens(&self, environment: Environment, user: &UserId) -> Result<Vec<DeviceToken>>;

    /// Registers tokens. One that was another person's moves.
    async fn put_tokens(&self, environment: Environment, user: &UserId, tokens: Vec<DeviceToken>) -> Result<()>;

    /// Forgets a token. False when the person has none such.
    async fn delete_token(&self, environment: Environment, user: &UserId, token: &str) -> Result<bool>;

    /// What a person said, by topic id, for everywhere (`None`) or for one tenant only.
    async fn preferences(
        &self,
        environment: Environment,
        user: &UserId,
        tenant: Option<&str>,
    ) -> Result<Vec<StoredPreference>>;

    /// What a person said of one topic.
    async fn preference(
        &self,
        environment: Environment,
        user: &UserId,
        tenant: Option<&str>,
        topic: &TopicId,
    ) -> Result<Option<StoredPreference>>;

    /// Changes preferences; returns the topics that were unset. `Conflict` when they are not what the change has
    /// [`seen`](PreferenceWrite::seen): nothing is written then.
    async fn write_preferences(
        &self,
        environment: Environment,
        user: &UserId,
        write: PreferenceWrite,
    ) -> Result<Vec<TopicId>>;

    /// The preference log, newest first. The cursor's `sort` is the number of the last line seen.
    async fn preference_log(
        &self,
        environment: Environment,
        filter: PreferenceLogFilter,
        page: PageRequest,
    ) -> Result<Page<PreferenceChange>>;

    /// Opt-outs that came by mail since a moment, by mail domain: those of at least `people` different people, most
    /// first.
    async fn opt_outs_by_domain(&self, environment: Environment, since: Timestamp, people: u32)
    -> Result<Vec<OptOuts>>;

    /// Makes every preference link of a person that was made before a moment useless. It only moves forward.
    async fn revoke_links(&self, environment: Environment, user: &UserId, before: Timestamp) -> Result<()>;

    /// Before which moment a person's preference links are useless, if ever any were revoked.
    async fn links_revoked(&self, environment: Environment, user: &UserId) -> Result<Option<Timestamp>>;

    /// A person's lines of the consent ledger, oldest first.
    async fn consents(&self, environment: Environment, user: &UserId) -> Result<Vec<Consent>>;

    /// Counts a message towards a person's limits, unless one of them is reached: then the place of that limit. A message
    /// that was counted before is not counted again.
    async fn admit(&self, environment: Environment, user: &UserId, admission: Admission) -> Result<Option<usize>>;

    /// Forgets what a person said, and puts a pseudonym in their place in the log and the consent ledger, where one more
    /// line says so: proof stays, and names nobody. Returns how many lines of the ledger stay.
    async fn erase_preferences(
        &self,
        environment: Environment,
        user: &UserId,
        pseudonym: &UserId,
        now: Timestamp,
    ) -> Result<u64>;
}
