//! The jobs that look at one gathering: what they are named and what they know.

use serde::{Deserialize, Serialize};
use serde_json::json;
use tidings_store::{DigestKey, JobKey, Lane, NewJob};
use tidings_types::digest::Digest;
use tidings_types::{Environment, Error, Object, Result, Timestamp, TopicId, UserId};

/// The kind of job.
pub(super) const KIND: &str = "release-digest";

/// What such a job knows.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Body {
    schedule: String,
    topic: TopicId,
    tenant: Option<String>,
    user: UserId,
    /// Why the gathering is looked at.
    #[serde(default)]
    pub(super) why: Why,
    /// The moment at which its rhythm comes round.
    #[serde(default)]
    pub(super) due: Option<Timestamp>,
    /// The digest that the topic had before it was changed or taken away.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) before: Option<Digest>,
    /// What is known of the person from sends alone, for digests that are sent though nothing was gathered.
    #[serde(default, skip_serializing_if = "Object::is_empty")]
    pub(super) recipient: Object,
}

/// Why a gathering is looked at.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Why {
    /// Its rhythm comes round.
    #[default]
    Due,
    /// The topic's digest was changed, or the person chose another rhythm.
    Review,
    /// Somebody asked for it.
    Asked,
}

impl Body {
    /// Of the moment at which a rhythm comes round.
    pub(super) fn at(key: &DigestKey, due: Timestamp) -> Self {
        Self {
            due: Some(due),
            ..Self::of(key, Why::Due)
        }
    }

    pub(super) fn of(key: &DigestKey, why: Why) -> Self {
        Self {
            schedule: key.schedule_id.clone(),
            topic: key.topic_id.clone(),
            tenant: key.tenant_id.clone(),
            user: key.user_id.clone(),
            why,
            due: None,
            before: None,
            recipient: Object::new(),
        }
    }

    pub(super) fn key(&self) -> DigestKey {
        DigestKey {
            user_id: self.user.clone(),
            topic_id: self.topic.clone(),
            tenant_id: self.tenant.clone(),
            schedule_id: self.schedule.clone(),
        }
    }

    /// The job. Asked for again while it waits, it is the same one: its name has the moment in it, so that a rhythm whose
    /// time changes gets a job of its own.
    pub(super) fn job(&self, environment: Environment) -> Result<NewJob> {
        let when = match (self.why, self.due) {
            (Why::Due, due) => json!(due),
            (why, _) => json!(why),
        };
        // As JSON, no part can run into the next.
        let name = json!([
            self.schedule,
            self.topic,
            self.tenant.as_deref().unwrap_or_default(),
            self.user,
            when
        ]);
        Ok(NewJob {
            name: JobKey::new(environment, KIND, name.to_string()),
            lane: Lane::Normal,
            // Without a moment: at once, whatever the time is.
            due: self.due.unwrap_or_default(),
            body: serde_json::to_value(self).map_err(Error::internal)?,
        })
    }
}
