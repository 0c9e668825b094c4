//! Acceptance: a send is parsed, validated and written durably, or refused with no effect at all.

mod message;
mod recipient;
mod when;

use serde_json::{Value, json};
use tidings_store::{Acceptance, IdempotencyKey, Lane, NewMessage, RequestRow, StoredReply};
use tidings_types::id::new_trace_style_id;
use tidings_types::{Error, MessageId, MessageSpec, RequestId, Result};

use crate::library::Found;
use crate::{Caller, Services};
pub(crate) use recipient::Recipient;
pub(crate) use when::{delay_end, expiry};

/// How long a message may take in all, unless the caller says otherwise: 72 hours.
pub const MESSAGE_TIMEOUT_MS: u64 = 72 * 60 * 60 * 1000;
/// How much later than its timeout a message without a final status becomes an alarm.
const DEADLINE_GRACE_MS: u64 = 5 * 60 * 1000;

/// What tells test sends from others in the log.
const TEST_TAG: &str = "test";

/// What an accepted send answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Accepted {
    /// The request's id. With a single recipient it is the message's id as well.
    pub request_id: RequestId,
}

/// A send, parsed and checked.
pub(crate) struct Parsed {
    pub(crate) spec: MessageSpec,
    pub(crate) recipients: Vec<Recipient>,
}

/// Accepts `{"message": {...}}`. When `idempotency` is given, the reply `{"requestId": ...}` (202) is kept in the same
/// transaction.
///
/// # Errors
/// `Invalid`, naming the field, when it is wrong. Nothing is stored then.
pub async fn send(
    services: &Services,
    caller: &Caller,
    body: Value,
    idempotency: Option<IdempotencyKey>,
) -> Result<Accepted> {
    let parsed = message::parse(body)?;
    store(services, caller, parsed, idempotency, "requestId").await
}

/// Accepts the older form, `{"event", "recipient", "data", "profile", ...}`. The kept reply is `{"messageId": ...}`.
///
/// # Errors
/// As [`send`].
pub async fn send_v1(
    services: &Services,
    caller: &Caller,
    body: Value,
    idempotency: Option<IdempotencyKey>,
) -> Result<Accepted> {
    let parsed = message::parse_v1(body)?;
    store(services, caller, parsed, idempotency, "messageId").await
}

/// What a send would do: plan, trace and renderings per recipient. Nothing is stored and nobody is called.
///
/// # Errors
/// As [`send`].
pub async fn dry_run(services: &Services, caller: &Caller, body: Value) -> Result<Value> {
    let parsed = message::parse(body)?;
    crate::preview::preview(services, caller, parsed).await
}

/// Accepts a test of a template: `{"to", "data", ...}` with the template's id, as the `message` of a send. It bears the
/// tag `test`.
///
/// # Errors
/// As [`send`].
pub async fn test(services: &Services, caller: &Caller, message: Value, version: Option<String>) -> Result<Accepted> {
    let mut parsed = message::parse(json!({ "message": message }))?;
    parsed.spec.template_version = version;
    parsed.spec.metadata.tags = vec![TEST_TAG.to_owned()];
    store(services, caller, parsed, None, "requestId").await
}

/// Sends a stored message again, to the same recipient, as a new message.
///
/// # Errors
/// `NotFound` when there is no such message, `Conflict` when its data was redacted.
pub async fn resend(services: &Services, caller: &Caller, id: &MessageId) -> Result<MessageId> {
    let environment = caller.environment;
    let missing = || Error::not_found("Message not found");
    let message = services.store.message(environment, id).await?.ok_or_else(missing)?;
    if message.redacted {
        return Err(Error::conflict(
            "The message's data was redacted, so it cannot be sent again",
        ));
    }
    let request = services
        .store
        .request(environment, &message.request_id)
        .await?
        .ok_or_else(missing)?;
    let spec: MessageSpec = serde_json::from_str(&request.spec).map_err(Error::internal)?;
    let to: Value = serde_json::from_str(&message.to).map_err(Error::internal)?;
    let parsed = Parsed {
        spec,
        recipients: vec![recipient::parse(to, "message.to")?],
    };
    let accepted = store(services, caller, parsed, None, "requestId").await?;
    Ok(accepted.request_id.as_message_id())
}

async fn store(
    services: &Services,
    caller: &Caller,
    parsed: Parsed,
    idempotency: Option<IdempotencyKey>,
    reply_key: &str,
) -> Result<Accepted> {
    let now = services.clock.now();
    let random = services.random.as_ref();
    let request_id = RequestId::from(new_trace_style_id(now, random));
    let about = About::find(services, caller, &parsed.spec).await?;
    let lane = if about.one_time { Lane::Urgent } else { Lane::Normal };
    let single = parsed.recipients.len() == 1;
    let timeout = parsed.spec.timeout.message.unwrap_or(MESSAGE_TIMEOUT_MS);
    let deadline = when::latest_begin(&parsed.spec.delay, now)
        .plus(timeout)
        .plus(DEADLINE_GRACE_MS);
    let spec = serde_json::to_string(&parsed.spec).map_err(Error::internal)?;
    let mut messages = Vec::with_capacity(parsed.recipients.len());
    for recipient in parsed.recipients {
        let id = if single {
            request_id.as_message_id()
        } else {
            new_trace_style_id(now, random).into()
        };
        let name = recipient.log_name().map_or_else(|| id.to_string(), str::to_owned);
        messages.push(NewMessage {
            id,
            recipient: name,
            user_id: recipient.user_id().map(Into::into),
            tenant_id: recipient
                .tenant_id()
                .or(parsed.spec.context.tenant_id.as_deref())
                .map(str::to_owned),
            to: serde_json::to_string(recipient.as_object()).map_err(Error::internal)?,
            event: about.event.clone(),
            notification: about.notification.clone(),
            tags: parsed.spec.metadata.tags.clone(),
            trace_id: parsed.spec.metadata.trace_id.clone(),
            one_time: about.one_time,
            lane,
            due: now,
            deadline,
        });
    }
    crate::tenants::infer(services, caller.environment, &mut messages).await?;
    let reply = |key| {
        let body = json!({ reply_key: request_id.as_str() }).to_string();
        (key, StoredReply { status: 202, body })
    };
    let request = RequestRow {
        id: request_id.clone(),
        environment: caller.environment,
        scope: caller.scope,
        mode: caller.mode,
        accepted_at: now,
        spec,
    };
    let acceptance = Acceptance {
        request,
        messages,
        jobs: Vec::new(),
        idempotency: idempotency.map(reply),
    };
    services.store.accept(acceptance).await?;
    metrics::counter!("tidings_requests_accepted_total").increment(1);
    services.bus.send(tidings_bus::Hint::Work(lane));
    Ok(Accepted { request_id })
}

/// What can be said of a message before anything is resolved: enough for its queue and the log.
struct About {
    event: String,
    notification: String,
    one_time: bool,
}

impl About {
    async fn find(services: &Services, caller: &Caller, spec: &MessageSpec) -> Result<Self> {
        let environment = caller.environment;
        let mut topic_id = spec.preferences.subscription_topic_id.clone();
        let mut notification = String::new();
        if spec.content.is_none()
            && let Some(name) = &spec.template
        {
            notification.clone_from(name);
            // A template that cannot be read is told when the message is carried out; the send itself is accepted.
            if let Ok(Found::Template(template)) = services.library.template(environment, name, caller.scope, &[]).await
            {
                notification.clone_from(&template.id);
                topic_id = topic_id.or_else(|| template.topic_id.clone());
            }
        }
        let mut one_time = spec.metadata.is_tagged_one_time();
        if let Some(topic_id) = topic_id.filter(|_| !one_time) {
            one_time = services
                .library
                .topic(environment, &topic_id)
                .await?
                .is_some_and(|topic| topic.is_one_time());
        }
        let event = spec
            .metadata
            .event
            .clone()
            .or_else(|| spec.template.clone())
            .unwrap_or_default();
        Ok(Self {
            event,
            notification,
            one_time,
        })
    }
}
