//! The dry run: everything up to the first call, for each recipient, with nothing stored and nobody called.

use serde_json::{Value, json};
use tidings_domain::delivery::{Rules, Step, next};
use tidings_store::{MessageRow, NewMessage, RequestRow, Told};
use tidings_types::id::new_trace_style_id;
use tidings_types::{
    Environment, Error, MessageId, Node, Plan, Progress, RequestId, Result, Status, Timestamp, Trace, UserId, Verdict,
};

use crate::accept::{MESSAGE_TIMEOUT_MS, Parsed, Recipient, delay_end};
use crate::deliver::{Traces, content_of, render_for};
use crate::expand::{self, Crowd};
use crate::resolve::{Resolution, Subject, resolve};
use crate::{Caller, Services};

/// What a send would do.
pub(crate) async fn preview(services: &Services, caller: &Caller, parsed: Parsed) -> Result<Value> {
    let now = services.clock.now();
    let crowds = (!parsed.crowds.is_empty()).then(|| serde_json::to_string(&parsed.crowds));
    let request = RequestRow {
        id: RequestId::from(new_trace_style_id(now, services.random.as_ref())),
        environment: caller.environment,
        scope: caller.scope,
        mode: caller.mode,
        accepted_at: now,
        spec: serde_json::to_string(&parsed.spec).map_err(Error::internal)?,
        crowds: crowds.transpose().map_err(Error::internal)?,
        canceled_at: None,
    };
    let mut results = Vec::with_capacity(parsed.recipients.len());
    let users = parsed
        .recipients
        .iter()
        .filter_map(Recipient::user_id)
        .map(UserId::from);
    let sole = crate::tenants::sole(services, caller.environment, users.collect()).await?;
    for recipient in &parsed.recipients {
        let inferred = || recipient.user_id().and_then(|user| sole.get(&UserId::from(user)));
        let tenant = recipient.tenant_id().or(parsed.spec.context.tenant_id.as_deref());
        let tenant = tenant.or_else(|| inferred().map(String::as_str));
        let message = imagine(&request, recipient, &parsed, tenant, now)?;
        results.push(one(services, &message, &request, now).await?);
    }
    for crowd in &parsed.crowds {
        results.push(many(services, &request, crowd, now).await?);
    }
    Ok(json!({ "dryRun": true, "results": results }))
}

/// For how many people of a crowd it is shown what would become of their messages.
const SAMPLE: usize = 5;

/// How many people a crowd has, and what would become of the first of them.
async fn many(services: &Services, request: &RequestRow, crowd: &Crowd, now: Timestamp) -> Result<Value> {
    let seen = expand::look(services, request, crowd, SAMPLE).await?;
    let mut sample = Vec::with_capacity(seen.sample.len());
    for message in seen.sample {
        sample.push(one(services, &row_of(request, message), request, now).await?);
    }
    Ok(json!({
        "recipient": format!("{} {}", crowd.kind.as_str(), crowd.id), "status": Status::Enqueued, "expands": true,
        "people": seen.people, "more": seen.more, "notes": seen.notes, "sample": sample, "trace": [], "output": [],
    }))
}

async fn one(services: &Services, message: &MessageRow, request: &RequestRow, now: Timestamp) -> Result<Value> {
    let subject = Subject {
        message,
        request,
        frozen: None,
        unsaved: None,
    };
    let ended = |verdict: &Verdict, trace: Value| {
        json!({ "recipient": message.recipient, "status": verdict.status, "reason": verdict.reason,
                "error": verdict.error, "plan": Plan { root: Node::default(), verdict: Some(verdict.clone()) },
                "trace": trace, "output": [] })
    };
    let resolved = match resolve(services, &subject, now).await? {
        Resolution::Resolved(resolved) => resolved,
        Resolution::Ended(verdict) => return Ok(ended(&verdict, json!([]))),
    };
    let decision = resolved.decide(services, now);
    if let Some(verdict) = &decision.plan.verdict {
        return Ok(ended(verdict, json!(decision.trace)));
    }
    let mut outputs = Vec::new();
    for leaf in decision.plan.root.leaves() {
        for target in &leaf.targets {
            let key = format!("{}:{}", leaf.channel, target.provider);
            resolved.run_programs(services, leaf.channel).await;
            outputs.push(
                match render_for(
                    &resolved,
                    leaf.channel,
                    &target.provider,
                    &message.tags,
                    Traces::default(),
                ) {
                    Ok(output) => json!({ "channel": key, "content": content_of(&output.rendered),
                    "rendered": output.rendered,
                    "notes": output.notes.iter().map(ToString::to_string).collect::<Vec<_>>() }),
                    Err(error) => json!({ "channel": key, "error": error }),
                },
            );
        }
    }
    let held = delay_end(&resolved.spec.delay, resolved.zone.as_deref(), now).map_err(Error::invalid)?;
    let rules = Rules {
        one_time: resolved.is_one_time(),
        deadline: now.plus(MESSAGE_TIMEOUT_MS),
        escalation: None,
    };
    let first = match next(
        &decision.plan,
        &Progress::default(),
        &rules,
        &std::collections::BTreeSet::new(),
        now,
    ) {
        Step::Call { calls, .. } => calls.into_iter().map(|call| call.key.as_str().to_owned()).collect(),
        _ => Vec::new(),
    };
    Ok(json!({
        "recipient": message.recipient, "status": Status::Routed, "plan": decision.plan, "trace": decision.trace,
        "firstCalls": first, "heldUntil": held.map(Timestamp::to_rfc3339),
        "oneTime": resolved.is_one_time(), "output": outputs,
    }))
}

/// The message that would be stored.
fn imagine(
    request: &RequestRow,
    recipient: &Recipient,
    parsed: &Parsed,
    tenant: Option<&str>,
    now: Timestamp,
) -> Result<MessageRow> {
    let id: MessageId = request.id.as_message_id();
    Ok(MessageRow {
        environment: request.environment,
        recipient: recipient.log_name().map_or_else(|| id.to_string(), str::to_owned),
        id,
        request_id: request.id.clone(),
        user_id: recipient.user_id().map(UserId::from),
        to: serde_json::to_string(recipient.as_object()).map_err(Error::internal)?,
        event: parsed
            .spec
            .metadata
            .event
            .clone()
            .or_else(|| parsed.spec.template.clone())
            .unwrap_or_default(),
        notification: String::new(),
        tags: parsed.spec.metadata.tags.clone(),
        trace_id: parsed.spec.metadata.trace_id.clone(),
        tenant_id: tenant.map(str::to_owned),
        enqueued: now,
        ..blank(request.environment, now)
    })
}

/// A message that was made and not stored.
fn row_of(request: &RequestRow, new: NewMessage) -> MessageRow {
    MessageRow {
        id: new.id,
        request_id: request.id.clone(),
        recipient: new.recipient,
        user_id: new.user_id,
        to: new.to,
        event: new.event,
        notification: new.notification,
        tags: new.tags,
        trace_id: new.trace_id,
        tenant_id: new.tenant_id,
        one_time: new.one_time,
        ..blank(request.environment, request.accepted_at)
    }
}

/// A message of which nothing is known.
pub(crate) fn blank(environment: Environment, now: Timestamp) -> MessageRow {
    MessageRow {
        environment,
        id: MessageId::from(String::new()),
        request_id: RequestId::from(String::new()),
        recipient: String::new(),
        user_id: None,
        to: String::new(),
        event: String::new(),
        notification: String::new(),
        tags: Vec::new(),
        trace_id: None,
        tenant_id: None,
        one_time: false,
        redacted: false,
        status: Status::Enqueued,
        reason: None,
        error: None,
        enqueued: now,
        sent: None,
        delivered: None,
        opened: None,
        clicked: None,
        canceled_at: None,
        archived: false,
        providers: Vec::new(),
        progress: Progress::default(),
        trace: Trace::default(),
        told: Told::default(),
    }
}
