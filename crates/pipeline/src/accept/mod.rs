//! Acceptance: a send is parsed, validated and written durably, or refused with no effect at all.

mod crowd;
mod inline;
mod message;
mod mold;
mod recipient;
mod when;

use serde_json::{Value, json};
use tidings_store::{Acceptance, IdempotencyKey, Lane, NewMessage, RequestRow, StoredReply};
use tidings_types::id::new_trace_style_id;
use tidings_types::{Environment, Error, KeyMode, KeyScope, MessageId, MessageSpec, Object, RequestId, Result};

use crate::expand::{self, Crowd};
use crate::webhooks::enqueued;
use crate::{Caller, Services};
pub(crate) use message::bulk_spec;
pub(crate) use mold::Mold;
pub(crate) use recipient::Recipient;
pub(crate) use recipient::check as check_recipient;
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
    pub(crate) crowds: Vec<Crowd>,
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
    let parsed = message::parse(services.documents().contents(), body)?;
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
    let parsed = message::parse_v1(services.documents().contents(), body)?;
    store(services, caller, parsed, idempotency, "messageId").await
}

/// Accepts the older form of a send to a list, `{"event", "list" or "pattern", "data", ...}`. The kept reply is
/// `{"messageId": ...}`.
///
/// # Errors
/// As [`send`].
pub async fn send_list(
    services: &Services,
    caller: &Caller,
    body: &Value,
    idempotency: Option<IdempotencyKey>,
) -> Result<Accepted> {
    let parsed = message::parse_list(services.documents().contents(), body)?;
    store(services, caller, parsed, idempotency, "messageId").await
}

/// What a send would do: plan, trace and renderings per recipient. Nothing is stored and nobody is called.
///
/// # Errors
/// As [`send`].
pub async fn dry_run(services: &Services, caller: &Caller, body: Value) -> Result<Value> {
    let parsed = message::parse(services.documents().contents(), body)?;
    crate::preview::preview(services, caller, parsed).await
}

/// Accepts a test of a template: `{"to", "data", ...}` with the template's id, as the `message` of a send. It bears the
/// tag `test`.
///
/// # Errors
/// As [`send`].
pub async fn test(services: &Services, caller: &Caller, message: Value, version: Option<String>) -> Result<Accepted> {
    let mut parsed = message::parse(services.documents().contents(), json!({ "message": message }))?;
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
    let to: Object = serde_json::from_str(&message.to).map_err(Error::internal)?;
    let to = expand::whole(to, request.crowds.as_deref())?;
    let parsed = Parsed {
        spec,
        recipients: vec![recipient::parse(Value::Object(to), "message.to")?],
        crowds: Vec::new(),
    };
    let accepted = store(services, caller, parsed, None, "requestId").await?;
    Ok(accepted.request_id.as_message_id())
}

/// A message that this server composed by itself, to one person, ready to be accepted.
///
/// # Errors
/// `Internal` when it cannot be written as JSON.
pub(crate) async fn composed(
    services: &Services,
    environment: Environment,
    spec: &MessageSpec,
    to: Value,
) -> Result<Acceptance> {
    let now = services.clock.now();
    let id = RequestId::from(new_trace_style_id(now, services.random.as_ref()));
    let recipient = recipient::parse(to, "to")?;
    let notification = spec.template.clone().unwrap_or_default();
    let event = spec.metadata.event.clone().unwrap_or_else(|| notification.clone());
    let one_time = spec.metadata.is_tagged_one_time();
    let message = NewMessage {
        id: id.as_message_id(),
        recipient: recipient.log_name().map_or_else(|| id.to_string(), str::to_owned),
        user_id: recipient.user_id().map(Into::into),
        tenant_id: spec.context.tenant_id.clone(),
        to: serde_json::to_string(recipient.as_object()).map_err(Error::internal)?,
        notification,
        event,
        tags: spec.metadata.tags.clone(),
        trace_id: None,
        one_time,
        lane: if one_time { Lane::Urgent } else { Lane::Normal },
        due: now,
        deadline: now.plus(MESSAGE_TIMEOUT_MS).plus(DEADLINE_GRACE_MS),
    };
    let request = RequestRow {
        id,
        environment,
        scope: KeyScope::Published,
        mode: KeyMode::Live,
        accepted_at: now,
        spec: serde_json::to_string(spec).map_err(Error::internal)?,
        crowds: None,
        canceled_at: None,
    };
    let acceptance = Acceptance {
        request,
        messages: vec![message],
        jobs: Vec::new(),
        idempotency: None,
    };
    Ok(told(services, acceptance).await)
}

/// The same under an id that was chosen before.
pub(crate) async fn named(services: &Services, mut acceptance: Acceptance, id: &RequestId) -> Acceptance {
    acceptance.request.id = id.clone();
    for message in &mut acceptance.messages {
        message.id = id.as_message_id();
    }
    told(services, acceptance).await
}

/// Has those who listen told of it.
async fn told(services: &Services, mut acceptance: Acceptance) -> Acceptance {
    let request = &acceptance.request;
    acceptance.jobs = enqueued(services, request.environment, &acceptance.messages, request.accepted_at).await;
    acceptance
}

async fn store(
    services: &Services,
    caller: &Caller,
    parsed: Parsed,
    idempotency: Option<IdempotencyKey>,
    reply_key: &str,
) -> Result<Accepted> {
    let request_id = RequestId::from(new_trace_style_id(services.clock.now(), services.random.as_ref()));
    store_as(services, caller, parsed, idempotency, reply_key, request_id).await
}

async fn store_as(
    services: &Services,
    caller: &Caller,
    parsed: Parsed,
    idempotency: Option<IdempotencyKey>,
    reply_key: &str,
    request_id: RequestId,
) -> Result<Accepted> {
    let now = services.clock.now();
    let random = services.random.as_ref();
    let Parsed {
        spec,
        recipients,
        crowds,
    } = parsed;
    let mold = Mold::new(services, caller.environment, caller.scope, &spec, now, None).await?;
    let single = recipients.len() == 1 && crowds.is_empty();
    let mut messages = Vec::with_capacity(recipients.len());
    for recipient in recipients {
        let id = if single {
            request_id.as_message_id()
        } else {
            new_trace_style_id(now, random).into()
        };
        messages.push(mold.message(id, recipient.as_object(), None)?);
    }
    crate::tenants::infer(services, caller.environment, &mut messages).await?;
    let reply = |key| {
        let body = json!({ reply_key: request_id.as_str() }).to_string();
        (key, StoredReply { status: 202, body })
    };
    let kept_crowds = (!crowds.is_empty()).then(|| serde_json::to_string(&crowds));
    let kept_crowds = kept_crowds.transpose().map_err(Error::internal)?;
    let request = RequestRow {
        id: request_id.clone(),
        environment: caller.environment,
        scope: caller.scope,
        mode: caller.mode,
        accepted_at: now,
        spec: serde_json::to_string(&spec).map_err(Error::internal)?,
        crowds: kept_crowds,
        canceled_at: None,
    };
    let mut jobs = expand::jobs_of(caller.environment, &request_id, &crowds, now)?;
    jobs.extend(enqueued(services, caller.environment, &messages, now).await);
    let has_jobs = !jobs.is_empty();
    let acceptance = Acceptance {
        request,
        messages,
        jobs,
        idempotency: idempotency.map(reply),
    };
    services.store.accept(acceptance).await?;
    metrics::counter!("tidings_requests_accepted_total").increment(1);
    services.bus.send(tidings_bus::Hint::Work(mold.lane));
    if has_jobs {
        services.bus.send(tidings_bus::Hint::Jobs);
    }
    Ok(Accepted { request_id })
}

/// Accepts a broadcast's message to a crowd under an id that was chosen before, so that doing it again does nothing.
///
/// # Errors
/// `Invalid` when the message is wrong; those of the store.
pub(crate) async fn send_as(
    services: &Services,
    caller: &Caller,
    id: RequestId,
    broadcast: &str,
    body: Value,
) -> Result<()> {
    let mut parsed = message::parse(services.documents().contents(), body)?;
    parsed.spec.broadcast_id = Some(broadcast.to_owned());
    match store_as(services, caller, parsed, None, "requestId", id).await {
        Err(error) if error.kind() == tidings_types::ErrorKind::Conflict => Ok(()),
        done => done.map(drop),
    }
}

/// Refuses a send that could not be accepted.
///
/// # Errors
/// As [`send`].
pub(crate) fn check(services: &Services, body: Value) -> Result<()> {
    message::parse(services.documents().contents(), body).map(drop)
}
