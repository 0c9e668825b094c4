//! Everything a decision and a rendering need, looked up afresh: who the person is, what they prefer, what is sent, and
//! through which accounts it could go.

mod brands;
mod candidates;
mod content;
mod context;
mod options;

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::Value;
use tidings_domain::decide::{Candidate, Decision, Input, decide};
use tidings_domain::preference::{Effective, Standing, effective};
use tidings_domain::quiet::next_allowed;
use tidings_render::Prepared;
use tidings_store::people::merge_objects;
use tidings_store::{MessageRow, RequestRow};
use tidings_template::{Condition, Context, Env};
use tidings_types::message::{ChannelOptions, ProviderOptions};
use tidings_types::progress::Frozen;
use tidings_types::trace::TraceCode;
use tidings_types::{
    Channel, Classification, ComplianceSettings, Environment, Error, MessageSpec, Object, PreferenceStatus, Reason,
    Result, Routing, Settings, Status, TemplateContent, Timestamp, Topic, TraceEntry, TrackingSettings, UserId,
    Verdict,
};
use tokio::sync::OnceCell;

pub(crate) use candidates::OUTBOX;
pub(crate) use content::Language;

use crate::library::{Strategy, Template};
use crate::preferences::{Clock, Said};
use crate::tenants::TenantChain;
use crate::{Services, expand};

/// A message with everything looked up.
pub(crate) struct Resolved {
    pub(crate) spec: MessageSpec,
    pub(crate) template: Option<Arc<Template>>,
    pub(crate) content: Content,
    pub(crate) given_profile: Object,
    pub(crate) stored_profile: Option<Object>,
    pub(crate) profile: Object,
    pub(crate) data: Object,
    pub(crate) locale: Option<String>,
    pub(crate) language: Language,
    pub(crate) zone: Option<String>,
    /// By which quiet hours hold.
    pub(crate) clock: Clock,
    pub(crate) topic: Option<(Topic, Effective)>,
    /// Whether the topic was removed, and what it was decides.
    is_topic_removed: bool,
    pub(crate) brands: brands::Brands,
    pub(crate) routing: Routing,
    pub(crate) routing_source: String,
    pub(crate) channels: BTreeMap<String, ChannelOptions>,
    pub(crate) providers: BTreeMap<String, ProviderOptions>,
    pub(crate) candidates: Vec<Candidate>,
    pub(crate) settings: BTreeMap<String, Settings>,
    pub(crate) context: Context,
    pub(crate) unsubscribe_url: Option<String>,
    /// What the content's programs came to, once they were run.
    pub(crate) programs: OnceCell<Programs>,
    pub(crate) tracking: TrackingSettings,
    /// What marketing mail must show; none where it is no marketing.
    pub(crate) compliance: Option<ComplianceSettings>,
}

/// What programs came to, by their source.
pub(crate) type Programs = BTreeMap<String, std::result::Result<Value, String>>;

/// What is rendered.
pub(crate) enum Content {
    /// A template's.
    Template(Arc<Template>),
    /// The send's own.
    Inline(Arc<Prepared>),
    /// Nothing but overrides.
    Nothing,
}

/// Quiet hours that keep a message waiting.
pub(crate) struct Quiet {
    /// Until then.
    pub(crate) until: Timestamp,
    /// By which clock, in words.
    clock: String,
}

impl Quiet {
    /// In words.
    pub(crate) fn told(&self) -> String {
        let Self { until, clock } = self;
        format!(
            "The person's quiet hours last until {} (by the clock of {clock})",
            until.to_rfc3339()
        )
    }
}

/// What looking everything up came to.
pub(crate) enum Resolution {
    /// All there.
    Resolved(Box<Resolved>),
    /// The message ends here.
    Ended(Verdict),
}

/// A message as it is looked up.
pub(crate) struct Subject<'a> {
    pub(crate) message: &'a MessageRow,
    pub(crate) request: &'a RequestRow,
    pub(crate) frozen: Option<&'a Frozen>,
    /// Content that is not stored yet, in the place of the template's.
    pub(crate) unsaved: Option<&'a TemplateContent>,
}

/// Looks everything up.
///
/// # Errors
/// When the store cannot be read; the message is then tried again.
pub(crate) async fn resolve(services: &Services, subject: &Subject<'_>, now: Timestamp) -> Result<Resolution> {
    let environment = subject.message.environment;
    let spec: MessageSpec = serde_json::from_str(&subject.request.spec).map_err(Error::internal)?;
    let to: Object = serde_json::from_str(&subject.message.to).map_err(Error::internal)?;

    let user = subject.message.user_id.as_ref();
    let stored_profile = match user {
        Some(user) => services.store.profile(environment, user).await?,
        None => None,
    };
    let given_profile = given_profile(&to);
    let (tenants, within) = tenants(services, subject).await?;
    let of_tenants = tenants.as_ref().map(|chain| &chain.user_profile);
    let layers = of_tenants.into_iter().chain(&stored_profile).chain(&within);
    let profile = laid_over(layers.chain([&given_profile]));
    let text = |name: &str| profile.get(name).and_then(Value::as_str).map(str::to_owned);
    let locale = text("locale");
    let zone = text("zoneinfo").or_else(|| text("timezone"));

    let language = content::Language::find(services, environment, locale.as_deref()).await?;
    let (template, content) = match content::find(services, subject, &spec, &language, tenants.as_deref()).await? {
        Ok(found) => found,
        Err(verdict) => return Ok(Resolution::Ended(verdict)),
    };
    let topic = topic(services, subject, &spec, template.as_deref(), &to, now).await?;
    if topic.is_none() && options::is_out_of_list(&to, template.as_deref().map(|template| template.id.as_str())) {
        return Ok(Resolution::Ended(Verdict {
            status: Status::Undeliverable,
            reason: Reason::Unsubscribed,
            error: "Notification opted out for the list".to_owned(),
        }));
    }
    let strategy = strategy(services, subject, template.as_deref()).await?;
    let mut data = spec.data.clone();
    merge_objects(&mut data, &expand::data_of(&to, subject.request.crowds.as_deref())?);
    if let Some(Value::Object(own)) = to.get("data") {
        merge_objects(&mut data, own);
    }
    let (candidates, settings) =
        candidates::candidates(services, environment, user.map(UserId::as_str), &profile).await?;

    let channels = options::merge_channels(&strategy.channels, &spec.channels);
    let providers = options::merge_providers(&strategy.providers, &spec.providers);
    let named = brands::Named {
        message: spec.brand_id.as_deref(),
        tenant: tenants.as_deref().and_then(|tenants| tenants.brand_id.as_deref()),
        template: template.as_deref().and_then(|template| template.brand_id.as_deref()),
    };
    let brands = brands::brands(services, environment, &named, &channels).await?;
    let (routing, routing_source) = given_routing(subject, &spec, strategy.routing).unwrap_or_else(|| {
        let has = |channel| has_content(&content, &channels, channel, None);
        (
            options::default_routing(&candidates, &profile, user.map(UserId::as_str), has),
            "No routing was given: the first channel that works",
        )
    });

    let parts = context::Parts {
        subject,
        spec: &spec,
        template: template.as_deref(),
        topic: topic.as_ref().map(|(topic, _)| topic),
        // Nobody leaves what a tenant requires either.
        may_leave: topic
            .as_ref()
            .is_some_and(|(topic, effective)| topic.may_be_left() && effective.standing != Standing::Required),
        brand: brands.common.as_deref(),
        tenants: tenants.as_deref(),
        profile: &profile,
        data: &data,
        now,
    };
    let compliance = compliance(services, environment, topic.as_ref()).await?;
    let (values, unsubscribe_url) = context::build(services, &parts);
    Ok(Resolution::Resolved(Box::new(Resolved {
        spec,
        template,
        content,
        given_profile,
        stored_profile,
        profile,
        data,
        locale,
        language,
        clock: Clock::of(services, environment, zone.as_deref()).await?,
        zone,
        is_topic_removed: is_removed(services, environment, topic.as_ref()).await?,
        topic,
        brands,
        routing,
        routing_source: routing_source.to_owned(),
        channels,
        providers,
        candidates,
        settings,
        context: values,
        unsubscribe_url,
        programs: OnceCell::new(),
        tracking: tracking(services, environment).await?,
        compliance,
    })))
}

/// Whether a topic that decides was removed.
async fn is_removed(services: &Services, environment: Environment, topic: Option<&(Topic, Effective)>) -> Result<bool> {
    let Some((topic, _)) = topic else { return Ok(false) };
    let documents = services.documents();
    Ok(documents.removed_topic(environment, topic.id.as_str()).await?.is_some())
}

/// What marketing has to say of its sender; none where the message is of another class.
async fn compliance(
    services: &Services,
    environment: Environment,
    topic: Option<&(Topic, Effective)>,
) -> Result<Option<ComplianceSettings>> {
    match topic {
        Some((topic, _)) if topic.class() == Classification::Marketing => {
            Ok(Some(services.documents().settings(environment).await?))
        }
        _ => Ok(None),
    }
}

/// Layers of a profile, the most general one first, as one.
fn laid_over<'a>(layers: impl Iterator<Item = &'a Object>) -> Object {
    let mut profile = Object::new();
    layers.for_each(|layer| merge_objects(&mut profile, layer));
    profile
}

/// The routing that was chosen for the message, and in words by whom: at an earlier attempt, by the send, by its
/// template. None when nobody chose.
fn given_routing(subject: &Subject<'_>, spec: &MessageSpec, of_template: Routing) -> Option<(Routing, &'static str)> {
    if let Some(frozen) = subject.frozen {
        return Some((frozen.routing.clone(), "The routing chosen at the first attempt"));
    }
    if let Some(routing) = &spec.routing {
        return Some((routing.clone(), "The send's own routing"));
    }
    (!of_template.channels.is_empty()).then_some((of_template, "The template's routing strategy"))
}

impl Resolved {
    /// Decides, from what was looked up.
    pub(crate) fn decide(&self, services: &Services, now: Timestamp) -> Decision {
        let condition = |value: &Value| {
            let condition = Condition::parse(value).map_err(|error| error.to_string())?;
            condition
                .evaluate(&Env::new(&self.context))
                .map_err(|error| error.to_string())
        };
        let mut decision = decide(&Input {
            now,
            routing: &self.routing,
            routing_source: &self.routing_source,
            channels: &self.channels,
            providers: &self.providers,
            timeout: &self.spec.timeout,
            preference: self.topic.clone(),
            candidates: &self.candidates,
            catalog: &|name| candidates::channel_of(services, name),
            has_content: &|channel, provider| {
                let provider = self.speaks_for(channel, provider);
                has_content(&self.content, &self.channels, channel, Some(provider))
            },
            condition: &condition,
        });
        if let Some(id) = self.topic_id().filter(|_| self.topic.is_none()) {
            let told = format!("There is no topic \"{id}\": no preference decides");
            decision.trace.push(TraceEntry::new(now, TraceCode::Note, told));
        }
        if let Some((topic, _)) = self.topic.as_ref().filter(|_| self.is_topic_removed) {
            let told = format!("The topic \"{}\" was removed: what it was still decides", topic.id);
            decision.trace.push(TraceEntry::new(now, TraceCode::Note, told));
        }
        for id in &self.brands.missing {
            let told = format!("There is no brand \"{id}\": the next that is named holds");
            decision.trace.push(TraceEntry::new(now, TraceCode::Note, told));
        }
        decision
    }

    /// Runs the content's programs, unless they were run or the channel has no use for them: data and profile are the
    /// same for all of them.
    pub(crate) async fn run_programs(&self, services: &Services, channel: Channel) {
        let sources = match &self.content {
            Content::Template(template) => template.content.programs(),
            Content::Inline(prepared) => prepared.programs(),
            Content::Nothing => &[],
        };
        if channel != Channel::DirectMessage || sources.is_empty() {
            return;
        }
        let run = async || {
            let mut programs = Programs::new();
            for source in sources {
                let value = services
                    .settings
                    .sandbox
                    .evaluate(source, &self.data, &self.profile)
                    .await;
                programs.insert(source.clone(), value);
            }
            programs
        };
        self.programs.get_or_init(run).await;
    }

    /// The provider whose content and form are used: the outbox shows a chat message as the person's own chat program
    /// would have had it.
    pub(crate) fn speaks_for<'a>(&self, channel: Channel, provider: &'a str) -> &'a str {
        if channel == Channel::DirectMessage && provider == OUTBOX {
            candidates::chat_behind_outbox(&self.profile).unwrap_or(provider)
        } else {
            provider
        }
    }

    /// Whether anything is said on a channel.
    pub(crate) fn has_content(&self, channel: Channel) -> bool {
        has_content(&self.content, &self.channels, channel, None)
    }

    /// The topic that should decide, whether or not there is one by that id.
    fn topic_id(&self) -> Option<&str> {
        topic_id(&self.spec, self.template.as_deref())
    }

    /// The values as a channel's content sees them: with the channel's own brand, where it has one, and the address of
    /// its pixel, if opens are tracked there.
    pub(crate) fn context_of(&self, channel: Channel, provider: &str, opened: Option<String>) -> Cow<'_, Context> {
        let has_own_brand = self.brands.is_own(channel, provider);
        if !has_own_brand && opened.is_none() {
            return Cow::Borrowed(&self.context);
        }
        let mut roots = self.context.root().as_object().cloned().unwrap_or_default();
        if has_own_brand {
            match self.brands.of(channel, provider) {
                Some(brand) => roots.insert("brand".to_owned(), context::brand_value(brand)),
                None => roots.remove("brand"),
            };
        }
        if let (Some(opened), Some(Value::Object(urls))) = (opened, roots.get_mut("urls")) {
            urls.insert("opened".to_owned(), Value::String(opened));
        }
        Cow::Owned(Context::new(roots))
    }

    /// The person's quiet hours, if they keep it waiting now.
    pub(crate) fn quiet(&self, now: Timestamp) -> Option<Quiet> {
        if self.spec.metadata.is_tagged_one_time() {
            return None;
        }
        let hours = self.topic.as_ref().and_then(|(_, effective)| effective.quiet_hours)?;
        let until = next_allowed(hours, &self.clock.zone, now);
        (until > now).then(|| Quiet {
            until,
            clock: self.clock.told(),
        })
    }

    /// Whether it is a one-time message, now that its topic is known.
    pub(crate) fn is_one_time(&self) -> bool {
        self.spec.metadata.is_tagged_one_time() || self.topic.as_ref().is_some_and(|(topic, _)| topic.is_one_time())
    }
}

/// The profile keys of a recipient: everything but what only steers the send.
fn given_profile(to: &Object) -> Object {
    const STEERING: [&str; 8] = [
        "user_id",
        "data",
        "preferences",
        "context",
        "list_id",
        "account_id",
        expand::ENTRY,
        expand::LIST_PREFERENCES,
    ];
    to.iter()
        .filter(|(key, _)| !STEERING.contains(&key.as_str()))
        .map(|(key, value)| (key.clone(), value.clone()))
        .collect()
}

/// The tenant the message is for with those above it, and the person's profile within it.
async fn tenants(services: &Services, subject: &Subject<'_>) -> Result<(Option<Arc<TenantChain>>, Option<Object>)> {
    let message = subject.message;
    let Some(id) = message.tenant_id.as_deref() else {
        return Ok((None, None));
    };
    let chain = services.documents().tenant_chain(message.environment, id).await?;
    let membership = match &message.user_id {
        Some(user) if chain.is_some() => services.store.membership(message.environment, user, id).await?,
        _ => None,
    };
    Ok((chain, membership.and_then(|membership| membership.profile)))
}

/// The send's own topic, else its template's.
fn topic_id<'a>(spec: &'a MessageSpec, template: Option<&'a Template>) -> Option<&'a str> {
    let own = spec.preferences.subscription_topic_id.as_deref();
    own.or(template.and_then(|template| template.topic_id.as_deref()))
}

/// The topic and what the person's preferences come to.
async fn topic(
    services: &Services,
    subject: &Subject<'_>,
    spec: &MessageSpec,
    template: Option<&Template>,
    to: &Object,
    now: Timestamp,
) -> Result<Option<(Topic, Effective)>> {
    let environment = subject.message.environment;
    let Some(id) = topic_id(spec, template) else {
        return Ok(None);
    };
    // What is sent in the name of a removed topic is what it was: advertising needs consent as before.
    let known = services.documents().topic_there_or_removed(environment, id).await?;
    let is_known = known.is_some();
    // Of a topic that never was, the person's own word is all there is.
    let topic = known.unwrap_or_else(|| Topic::new(id.into(), id, PreferenceStatus::OptedIn));
    let template = template.map(|template| template.id.as_str());
    let (user, tenant) = (subject.message.user_id.as_ref(), subject.message.tenant_id.as_deref());
    let mut said = Said::read(services, environment, user, tenant).await?;
    if topic.class() == Classification::Marketing {
        said = said.with_consents(services, environment, user).await?;
    }
    let mut layers = said.layers(&topic.id, template);
    // What was said of the list counts for less than what the person said of the topic.
    layers.person.splice(0..0, options::list_preference(to, id, template));
    layers.call = options::inline_preference(to, id, template);
    let effective = effective(&topic, &layers, now);
    let decides = is_known || effective.standing != Standing::In;
    Ok(decides.then_some((topic, effective)))
}

async fn strategy(services: &Services, subject: &Subject<'_>, template: Option<&Template>) -> Result<Strategy> {
    let found = match template.and_then(|template| template.strategy_id.as_deref()) {
        Some(id) => services.documents().strategy(subject.message.environment, id).await?,
        None => None,
    };
    let below = found.unwrap_or_default();
    let Some(own) = template.map(|template| &template.own) else {
        return Ok(below);
    };
    let routing = if own.routing.channels.is_empty() {
        below.routing
    } else {
        own.routing.clone()
    };
    Ok(Strategy {
        routing,
        channels: options::merge_channels(&below.channels, &own.channels),
        providers: options::merge_providers(&below.providers, &own.providers),
    })
}

fn has_content(
    content: &Content,
    channels: &BTreeMap<String, ChannelOptions>,
    channel: Channel,
    provider: Option<&str>,
) -> bool {
    let overridden = || {
        let of = |name: &str| channels.get(name).is_some_and(|options| !options.overrides.is_empty());
        of(channel.as_str()) || provider.is_some_and(of)
    };
    match content {
        Content::Template(template) => template.content.has_content(channel, provider) || overridden(),
        Content::Inline(prepared) => prepared.has_content(channel, provider) || overridden(),
        Content::Nothing => overridden(),
    }
}

/// What the environment wants to know of people's doings.
async fn tracking(services: &Services, environment: Environment) -> Result<TrackingSettings> {
    let Services { library, .. } = services;
    library.settings(environment).await
}
