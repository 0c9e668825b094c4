//! What all messages of a request have in common, and how one of them is made of it.

use tidings_store::NewMessage;
use tidings_types::{Environment, Error, KeyScope, Lane, MessageId, MessageSpec, Object, Result, Timestamp};

use super::recipient::{log_name, tenant_id, user_id};
use super::{DEADLINE_GRACE_MS, MESSAGE_TIMEOUT_MS, when};
use crate::Services;
use crate::library::{Found, called};

/// What all messages of a request have in common.
pub(crate) struct Mold<'a> {
    spec: &'a MessageSpec,
    about: About,
    accepted: Timestamp,
    deadline: Timestamp,
    /// The lane its messages wait in.
    pub(crate) lane: Lane,
}

impl<'a> Mold<'a> {
    /// Looks up what there is to know before anything is resolved. `lane` is where the messages wait, unless they are for
    /// single people: one-time messages go first then.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub(crate) async fn new(
        services: &Services,
        environment: Environment,
        scope: KeyScope,
        spec: &'a MessageSpec,
        accepted: Timestamp,
        lane: Option<Lane>,
    ) -> Result<Self> {
        let about = About::find(services, environment, scope, spec).await?;
        let timeout = spec.timeout.message.unwrap_or(MESSAGE_TIMEOUT_MS);
        let own = if about.one_time { Lane::Urgent } else { Lane::Normal };
        Ok(Self {
            spec,
            about,
            accepted,
            deadline: when::latest_begin(&spec.delay, accepted)
                .plus(timeout)
                .plus(DEADLINE_GRACE_MS),
            lane: lane.unwrap_or(own),
        })
    }

    /// Whether it is treated as a code.
    pub(crate) fn is_one_time(&self) -> bool {
        self.about.one_time
    }

    /// The message to one recipient. `tenant` is the one that is sent to, which counts for more than what is written.
    ///
    /// # Errors
    /// `Internal` when the recipient cannot be written as JSON.
    pub(crate) fn message(&self, id: MessageId, to: &Object, tenant: Option<&str>) -> Result<NewMessage> {
        let name = log_name(to).map_or_else(|| id.to_string(), str::to_owned);
        let tenant = tenant
            .or_else(|| tenant_id(to))
            .or(self.spec.context.tenant_id.as_deref());
        Ok(NewMessage {
            id,
            recipient: name,
            user_id: user_id(to).map(Into::into),
            tenant_id: tenant.map(str::to_owned),
            to: serde_json::to_string(to).map_err(Error::internal)?,
            event: self.about.event.clone(),
            notification: self.about.notification.clone(),
            tags: self.spec.metadata.tags.clone(),
            trace_id: self.spec.metadata.trace_id.clone(),
            one_time: self.about.one_time,
            lane: self.lane,
            due: self.accepted,
            deadline: self.deadline,
        })
    }
}

/// What can be said of a message before anything is resolved: enough for its queue and the log.
struct About {
    event: String,
    notification: String,
    one_time: bool,
}

impl About {
    async fn find(services: &Services, environment: Environment, scope: KeyScope, spec: &MessageSpec) -> Result<Self> {
        let library = services.documents();
        let mut topic_id = spec.preferences.subscription_topic_id.clone();
        let mut notification = spec.broadcast_id.clone().unwrap_or_default();
        if spec.content.is_none()
            && let Some(name) = &spec.template
        {
            called(name).clone_into(&mut notification);
            // A template that cannot be read is told when the message is carried out; the send itself is accepted.
            if let Ok(Found::Template(template)) = library.template(environment, name, scope, &[]).await {
                notification.clone_from(&template.id);
                topic_id = topic_id.or_else(|| template.topic_id.clone());
            }
        }
        let mut one_time = spec.metadata.is_tagged_one_time();
        if let Some(topic_id) = topic_id.filter(|_| !one_time) {
            let topic = library.topic_there_or_removed(environment, &topic_id).await?;
            one_time = topic.is_some_and(|topic| topic.is_one_time());
        }
        let event = spec.metadata.event.clone().or_else(|| spec.template.clone());
        Ok(Self {
            event: event.unwrap_or_default(),
            notification,
            one_time,
        })
    }
}
