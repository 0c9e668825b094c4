//! One attempt: render for the channel, call the provider, say what came of it.

use std::sync::Arc;
use std::time::Duration;

use serde_json::Value;
use tidings_domain::delivery::CallTo;
use tidings_providers::{Call, CallContext, Outgoing};
use tidings_render::{LinkRewriter, Meta, Prepared, Request, render};
use tidings_store::{NewCaught, NewFeedEntry};
use tidings_types::{
    Address, Channel, Environment, KeyMode, Leaf, Object, Outcome, Rendered, Settings, Target, TemplateContent,
    Timestamp, Topic,
};

use super::guards::Haste;
use super::marketing;
use super::slots::{Accounts, Entry, Through};
use super::tracking::Tracking;
use crate::Services;
use crate::accept::expiry;
use crate::resolve::{Content, OUTBOX, Resolved};

/// How long one attempt may take while there is another way, and when there is none.
const QUICK_ATTEMPT: Duration = Duration::from_secs(8);
const PATIENT_ATTEMPT: Duration = Duration::from_secs(30);

/// The message behind an attempt.
#[derive(Clone, Debug)]
pub(super) struct CallSubject {
    pub(super) environment: Environment,
    pub(super) message_id: String,
    pub(super) event: String,
    pub(super) recipient: String,
    pub(super) template: Option<String>,
    pub(super) mode: KeyMode,
    pub(super) tags: Vec<String>,
    pub(super) tenant_id: Option<String>,
    pub(super) user_id: Option<String>,
    pub(super) enqueued: Timestamp,
}

/// How an attempt ended.
pub(super) enum Answer {
    /// The provider was called.
    Called(Outcome),
    /// It was not: there is nothing to send it. In words.
    Unrendered(String),
    /// It was not: it is being given a rest after failures.
    Resting,
    /// It was not, and for no fault of anyone's: come again at this moment.
    Later(Timestamp),
}

impl Answer {
    fn taken() -> Self {
        Self::Called(Outcome::accepted(None))
    }
}

/// What an attempt came to.
pub(super) struct Attempted {
    pub(super) call: CallTo,
    pub(super) leaf: Leaf,
    pub(super) target: Target,
    pub(super) started: Timestamp,
    pub(super) answer: Answer,
    /// As rendered, before the send's overrides, and without what is tracked.
    pub(super) rendered: Option<Rendered>,
    /// What the content adds to the body of the provider's call.
    pub(super) body: Object,
    pub(super) notes: Vec<String>,
    pub(super) display_name: String,
    pub(super) feed: Vec<NewFeedEntry>,
    pub(super) caught: Vec<NewCaught>,
}

/// Makes one attempt.
pub(super) async fn attempt(
    services: &Services,
    accounts: &Accounts,
    resolved: Arc<Resolved>,
    subject: CallSubject,
    leaf: Leaf,
    target: Target,
    call: CallTo,
) -> Attempted {
    let started = services.clock.now();
    let display_name = services
        .registry
        .get(&target.provider)
        .map_or("Outbox", |provider| provider.spec().name);
    let mut attempted = Attempted {
        display_name: display_name.to_owned(),
        call,
        leaf,
        target,
        started,
        answer: Answer::Later(started),
        rendered: None,
        body: Object::new(),
        notes: Vec::new(),
        feed: Vec::new(),
        caught: Vec::new(),
    };
    let tracking = Tracking::of(services, &resolved, &subject, &attempted);
    resolved.run_programs(services, attempted.leaf.channel).await;
    let output = match render_for(
        &resolved,
        attempted.leaf.channel,
        &attempted.target.provider,
        &subject.tags,
        tracking.traces(),
    ) {
        Ok(output) => output,
        Err(error) => {
            attempted.answer = Answer::Unrendered(error);
            return attempted;
        }
    };
    attempted.notes = output.notes.iter().map(ToString::to_string).collect();
    attempted.body = output.body;
    let kept = if tracking.leaves_traces() {
        let (channel, provider) = (attempted.leaf.channel, attempted.target.provider.as_str());
        render_for(&resolved, channel, provider, &subject.tags, Traces::default()).ok()
    } else {
        None
    };
    let kept = kept.map(|kept| kept.original.unwrap_or(kept.rendered));
    let with_traces = || output.original.unwrap_or_else(|| output.rendered.clone());
    attempted.rendered = Some(kept.unwrap_or_else(with_traces));
    let rendered = tracking.put_into(output.rendered);
    let answer = hand_over(services, accounts, &resolved, &subject, &mut attempted, rendered).await;
    attempted.answer = answer;
    attempted
}

/// Hands a rendering over to every address of the target. One that takes it makes the target's success.
async fn hand_over(
    services: &Services,
    accounts: &Accounts,
    resolved: &Resolved,
    subject: &CallSubject,
    attempted: &mut Attempted,
    rendered: Rendered,
) -> Answer {
    if subject.mode == KeyMode::Mock {
        return Answer::taken();
    }
    if attempted.target.provider == OUTBOX {
        for address in attempted.target.addresses.clone() {
            let caught = catch(services, resolved, subject, attempted, &address, &rendered);
            attempted.caught.push(caught);
        }
        return Answer::taken();
    }
    if attempted.leaf.channel == Channel::Inbox {
        return Answer::Called(feed(services, resolved, subject, attempted, &rendered));
    }
    let settings = resolved
        .settings
        .get(&attempted.target.account)
        .cloned()
        .unwrap_or_default();
    let settings = reporting_here(services, &attempted.target, settings);
    let now = services.clock.now();
    let key = format!("{}/{}", subject.message_id, attempted.call.key.as_str());
    let through = Through::new(subject.environment, &attempted.target);
    let haste = if resolved.is_one_time() {
        Haste::Urgent
    } else {
        Haste::None
    };
    let slot = match accounts.enter(&through, &key, haste, &settings, now).await {
        Entry::Admitted(slot) => slot,
        Entry::Resting => return Answer::Resting,
        Entry::Later(at) => return Answer::Later(at),
    };
    let mut last = None;
    let mut accepted = None;
    for (index, address) in attempted.target.addresses.iter().enumerate() {
        let outcome = call(
            services, resolved, subject, attempted, &settings, address, &rendered, index,
        )
        .await;
        slot.report(&outcome, services.clock.now());
        if matches!(outcome, Outcome::Accepted { .. }) {
            accepted.get_or_insert(outcome);
        } else {
            last = Some(outcome);
        }
    }
    drop(slot);
    let nowhere = || Outcome::AddressDead {
        error: "there is no address".to_owned(),
    };
    Answer::Called(accepted.or(last).unwrap_or_else(nowhere))
}

/// An account whose provider can report what became of a message does so here, unless it is told otherwise. Providers
/// can reach this server only where its address is a public one.
fn reporting_here(services: &Services, target: &Target, settings: Settings) -> Settings {
    const CALLBACK: &str = "status_callback";
    let takes_one = services
        .registry
        .get(&target.provider)
        .is_some_and(|provider| provider.spec().setting(CALLBACK).is_some());
    let public_url = services.settings.public_url.trim_end_matches('/');
    if !takes_one || settings.text(CALLBACK).is_some() || !public_url.starts_with("https://") {
        return settings;
    }
    let mut object = settings.as_object().clone();
    let here = format!("{public_url}/inbound/providers/{}", target.account);
    object.insert(CALLBACK.to_owned(), Value::String(here));
    Settings::new(object)
}

#[expect(clippy::too_many_arguments, reason = "one call is made of exactly these")]
async fn call(
    services: &Services,
    resolved: &Resolved,
    subject: &CallSubject,
    attempted: &Attempted,
    settings: &Settings,
    address: &Address,
    rendered: &Rendered,
    index: usize,
) -> Outcome {
    let target = &attempted.target;
    let Some(provider) = services.registry.get(&target.provider) else {
        return Outcome::ProviderDown {
            permanent: true,
            error: format!("{} is unknown here", target.provider),
        };
    };
    // The same for every attempt at this target, so that a provider can tell a repetition.
    let idempotency_key = format!("{}/{}/{index}", subject.message_id, attempted.call.key.as_str());
    let message = context(subject, resolved);
    let call = Call {
        rendered,
        address,
        settings,
        idempotency_key: &idempotency_key,
        message: &message,
        now: attempted.started,
    };
    let none = Object::new();
    let overrides = resolved
        .providers
        .get(&target.provider)
        .map_or(&none, |options| &options.overrides);
    let with_body = (!attempted.body.is_empty()).then(|| with_body(&attempted.body, overrides));
    let overrides = with_body.as_ref().unwrap_or(overrides);
    let limit = if attempted.call.has_alternative {
        QUICK_ATTEMPT
    } else {
        PATIENT_ATTEMPT
    };
    let limit = limit.min(Duration::from_millis(target.timeout_ms.max(1)));
    services.driver.call(provider.as_ref(), &call, overrides, limit).await
}

fn context<'a>(subject: &'a CallSubject, resolved: &'a Resolved) -> CallContext<'a> {
    CallContext {
        message_id: &subject.message_id,
        event: &subject.event,
        recipient: &subject.recipient,
        template: subject.template.as_deref(),
        given_profile: &resolved.given_profile,
        profile: &resolved.profile,
        data: &resolved.data,
    }
}

/// A send's overrides over what the content itself says to the provider.
fn with_body(body: &Object, overrides: &Object) -> Object {
    let mut merged = overrides.clone();
    let mut body = body.clone();
    if let Some(Value::Object(own)) = overrides.get("body") {
        body.extend(own.clone());
    }
    merged.insert("body".to_owned(), Value::Object(body));
    merged
}

/// What of a rendering is tracked; nothing in a preview.
#[derive(Default)]
pub(crate) struct Traces {
    /// Where links lead instead.
    pub(crate) links: Option<Arc<dyn LinkRewriter>>,
    /// The pixel's address, for authors who place it themselves as `{$.urls.opened}`.
    pub(crate) opened: Option<String>,
}

/// Renders for a channel and provider.
pub(crate) fn render_for(
    resolved: &Resolved,
    channel: Channel,
    provider: &str,
    tags: &[String],
    traces: Traces,
) -> Result<tidings_render::Output, String> {
    let provider = resolved.speaks_for(channel, provider);
    let mut overrides = Object::new();
    for name in [channel.as_str(), provider] {
        if let Some(options) = resolved.channels.get(name) {
            overrides.extend(options.overrides.clone());
        }
    }
    let meta = Meta {
        locale: resolved.locale.clone(),
        tags: tags.to_vec(),
        programs: resolved.programs.get().cloned().unwrap_or_default(),
        email: resolved
            .template
            .as_ref()
            .map(|template| template.email.clone())
            .filter(|email| !email.is_empty()),
        links: traces.links,
        translations: resolved.language.translations.clone(),
        missing: resolved.language.missing,
        time_zone: resolved.zone.clone(),
    };
    let empty;
    let content: &Prepared = match &resolved.content {
        Content::Template(template) => &template.content,
        Content::Inline(prepared) => prepared,
        Content::Nothing => {
            empty = Prepared::new(&TemplateContent::default()).map_err(|error| error.to_string())?;
            &empty
        }
    };
    let request = Request {
        channel,
        provider: Some(provider),
        content,
        brand: resolved.brands.of(channel, provider),
        context: &resolved.context_of(channel, provider, traces.opened),
        overrides: &overrides,
        meta: &meta,
    };
    let mut output = render(&request).map_err(|error| error.to_string())?;
    let topic = resolved.topic.as_ref().map(|(topic, _)| topic);
    if let (Rendered::Email(email), Some(compliance)) = (&output.rendered, &resolved.compliance) {
        marketing::check(email, resolved.unsubscribe_url.as_deref(), compliance)?;
    }
    if let (Rendered::Email(email), Some(url)) = (&mut output.rendered, &resolved.unsubscribe_url)
        && topic.is_some_and(Topic::offers_one_click)
    {
        // RFC 8058: both headers together make one-click unsubscribe.
        email.headers.push(("List-Unsubscribe".to_owned(), format!("<{url}>")));
        email.headers.push((
            "List-Unsubscribe-Post".to_owned(),
            "List-Unsubscribe=One-Click".to_owned(),
        ));
    }
    Ok(output)
}

/// What the outbox keeps of a delivery that does not leave.
fn catch(
    services: &Services,
    resolved: &Resolved,
    subject: &CallSubject,
    attempted: &Attempted,
    address: &Address,
    rendered: &Rendered,
) -> NewCaught {
    NewCaught {
        provider: attempted.target.provider.clone(),
        to: address.display(),
        rendered: rendered.clone(),
        payload: payload(services, resolved, subject, attempted, address, rendered),
        at: attempted.started,
    }
}

/// The JSON that a webhook call would have carried.
fn payload(
    services: &Services,
    resolved: &Resolved,
    subject: &CallSubject,
    attempted: &Attempted,
    address: &Address,
    rendered: &Rendered,
) -> Option<Value> {
    let provider = services
        .registry
        .of_channel(Channel::Webhook)
        .next()
        .filter(|_| attempted.leaf.channel == Channel::Webhook)?;
    let settings = Settings::default();
    let message = context(subject, resolved);
    let key = attempted.call.key.as_str();
    let call = Call {
        rendered,
        address,
        settings: &settings,
        idempotency_key: key,
        message: &message,
        now: attempted.started,
    };
    match provider.request(&call).ok()? {
        Outgoing::Http(request) => match request.body {
            tidings_providers::Body::Json(body) => Some(body),
            _ => None,
        },
        _ => None,
    }
}

/// The feed is ours: the entry is written with the record of the step.
fn feed(
    services: &Services,
    resolved: &Resolved,
    subject: &CallSubject,
    attempted: &mut Attempted,
    rendered: &Rendered,
) -> Outcome {
    let (Rendered::Inbox(content), Some(user_id)) = (rendered, &subject.user_id) else {
        return Outcome::AddressDead {
            error: "the feed needs a user_id".to_owned(),
        };
    };
    attempted.feed.push(NewFeedEntry {
        user_id: user_id.clone(),
        tenant_id: subject.tenant_id.clone(),
        content: content.clone(),
        created: attempted.started,
        expires_at: expiry(&resolved.spec.expiry, subject.enqueued),
    });
    if services.settings.dev {
        let address = Address::User(user_id.clone());
        let caught = catch(services, resolved, subject, attempted, &address, rendered);
        attempted.caught.push(caught);
    }
    Outcome::accepted(None)
}
