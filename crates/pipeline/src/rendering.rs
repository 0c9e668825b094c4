//! What a template would say: every channel's rendering for one person, without sending. It takes the same way as a
//! message up to the provider, so it shows the same bytes.

use std::collections::BTreeMap;

use serde_json::Value;
use tidings_store::{MessageRow, RequestRow};
use tidings_types::id::new_trace_style_id;
use tidings_types::message::{ChannelOptions, Context};
use tidings_types::{
    Channel, Error, KeyScope, MessageSpec, Object, Rendered, RequestId, Result, TemplateContent, UserId,
};

use crate::deliver::{Traces, content_of, render_for};
use crate::resolve::{OUTBOX, Resolution, Resolved, Subject, resolve};
use crate::{Caller, Services};

/// What is to be shown.
#[derive(Clone, Debug, Default)]
pub struct Wish {
    /// The template.
    pub template: String,
    /// Which version: `draft`, `v002`, or none for the one in force.
    pub version: Option<String>,
    /// Content in its place, checked.
    pub content: Option<TemplateContent>,
    /// The person: `user_id`, `locale` and any profile key.
    pub to: Object,
    /// The values of the content.
    pub data: Object,
    /// The tenant.
    pub tenant_id: Option<String>,
    /// The brand in place of the template's.
    pub brand_id: Option<String>,
    /// Only these channels.
    pub channels: Option<Vec<Channel>>,
    /// Overrides per channel.
    pub overrides: BTreeMap<String, ChannelOptions>,
}

/// What would be shown.
#[derive(Clone, Debug)]
pub struct Shown {
    /// The version of the template.
    pub version: String,
    /// The person's language.
    pub locale: Option<String>,
    /// The brand.
    pub brand_id: Option<String>,
    /// One entry for each channel.
    pub channels: Vec<ShownChannel>,
}

/// One channel's rendering.
#[derive(Clone, Debug)]
pub struct ShownChannel {
    /// The channel.
    pub channel: Channel,
    /// The provider that would be called first.
    pub provider: String,
    /// What would be handed over and what was adjusted; in words, why there is nothing.
    pub rendered: std::result::Result<(Rendered, Vec<String>), String>,
}

impl ShownChannel {
    /// The rendering in the six fields in which the public API shows it.
    pub fn content(&self) -> Option<Value> {
        self.rendered.as_ref().ok().map(|(rendered, _)| content_of(rendered))
    }
}

/// Renders a template for a person, for each channel that has content.
///
/// # Errors
/// `Invalid` in the words in which a message would end, and those of the store.
pub async fn show(services: &Services, caller: &Caller, wish: Wish) -> Result<Shown> {
    let now = services.clock.now();
    let id = RequestId::from(new_trace_style_id(now, services.random.as_ref()));
    let draft = wish.version.as_deref() == Some("draft");
    let spec = MessageSpec {
        template: Some(wish.template.clone()),
        template_version: wish.version.filter(|_| !draft),
        data: wish.data,
        brand_id: wish.brand_id,
        channels: wish.overrides,
        context: Context {
            tenant_id: wish.tenant_id.clone(),
        },
        ..MessageSpec::default()
    };
    let request = RequestRow {
        id: id.clone(),
        environment: caller.environment,
        scope: if draft { KeyScope::Draft } else { caller.scope },
        mode: caller.mode,
        accepted_at: now,
        spec: serde_json::to_string(&spec).map_err(Error::internal)?,
        crowds: None,
        canceled_at: None,
    };
    let text = |name: &str| wish.to.get(name).and_then(Value::as_str).map(str::to_owned);
    let user_id = text("user_id");
    let recipient = user_id
        .clone()
        .or_else(|| text("email"))
        .or_else(|| text("phone_number"));
    let message = MessageRow {
        environment: caller.environment,
        recipient: recipient.unwrap_or_else(|| id.to_string()),
        id: id.as_message_id(),
        request_id: id,
        user_id: user_id.map(UserId::from),
        to: serde_json::to_string(&wish.to).map_err(Error::internal)?,
        event: wish.template.clone(),
        notification: wish.template,
        tenant_id: wish.tenant_id,
        enqueued: now,
        ..crate::preview::blank(caller.environment, now)
    };
    let subject = Subject {
        message: &message,
        request: &request,
        frozen: None,
        unsaved: wish.content.as_ref(),
    };
    let resolved = match resolve(services, &subject, now).await? {
        Resolution::Resolved(resolved) => resolved,
        Resolution::Ended(verdict) => return Err(Error::invalid(verdict.error)),
    };
    let wanted = wish.channels.unwrap_or_else(|| {
        let all = Channel::ALL.into_iter();
        all.filter(|channel| resolved.has_content(*channel)).collect()
    });
    let channels = wanted.into_iter().map(|channel| one(&resolved, channel)).collect();
    Ok(Shown {
        version: resolved
            .template
            .as_ref()
            .map(|template| template.version.clone())
            .unwrap_or_default(),
        locale: resolved.locale.clone(),
        brand_id: resolved.brands.common.as_ref().map(|brand| brand.brand().id.clone()),
        channels,
    })
}

fn one(resolved: &Resolved, channel: Channel) -> ShownChannel {
    let first = resolved.candidates.iter().find(|one| one.channel == channel);
    let provider = first.map_or(OUTBOX, |one| one.provider.as_str());
    let rendered = render_for(resolved, channel, provider, &[], Traces::default()).map(|output| {
        let notes = output.notes.iter().map(ToString::to_string).collect();
        (output.rendered, notes)
    });
    ShownChannel {
        channel,
        provider: provider.to_owned(),
        rendered,
    }
}
