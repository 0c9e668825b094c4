//! What people choose: the page with its sections and topics, what holds for one person, and changing it.
//!
//! Here `templateId` is a topic's id, and `accountId` a tenant's.

use async_graphql::{Context, Enum, InputObject, Object, Result, SimpleObject};
use serde_json::{Value, json};
use tidings_pipeline::preferences::{
    Choice, Origin, Page, PageSection, Routing, SectionView, Speaker, TopicView, brand, change, check_tenant, view,
};
use tidings_types::digest::{Digest, Frequency, Schedule};
use tidings_types::{Channel, Error, PreferenceStatus, TopicId};

use super::brand::Brand;
use super::{Viewer, services};

const READ: &[&str] = &["read:preferences"];
const WRITE: &[&str] = &["write:preferences"];

/// Whether messages of a topic reach a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(name = "PreferenceStatus", rename_items = "SCREAMING_SNAKE_CASE")]
enum StatusName {
    OptedIn,
    OptedOut,
    Required,
    Unknown,
}

impl From<PreferenceStatus> for StatusName {
    fn from(status: PreferenceStatus) -> Self {
        match status {
            PreferenceStatus::OptedIn => Self::OptedIn,
            PreferenceStatus::OptedOut => Self::OptedOut,
            PreferenceStatus::Required => Self::Required,
        }
    }
}

/// A kind of way to reach a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(name = "Channel", rename_items = "snake_case")]
enum ChannelName {
    DirectMessage,
    Inbox,
    Email,
    Push,
    Sms,
    Webhook,
    Unknown,
}

impl From<Channel> for ChannelName {
    fn from(channel: Channel) -> Self {
        match channel {
            Channel::DirectMessage => Self::DirectMessage,
            Channel::Inbox => Self::Inbox,
            Channel::Email => Self::Email,
            Channel::Push => Self::Push,
            Channel::Sms => Self::Sms,
            Channel::Webhook => Self::Webhook,
        }
    }
}

impl ChannelName {
    const fn channel(self) -> Option<Channel> {
        match self {
            Self::DirectMessage => Some(Channel::DirectMessage),
            Self::Inbox => Some(Channel::Inbox),
            Self::Email => Some(Channel::Email),
            Self::Push => Some(Channel::Push),
            Self::Sms => Some(Channel::Sms),
            Self::Webhook => Some(Channel::Webhook),
            Self::Unknown => None,
        }
    }
}

fn names(channels: impl IntoIterator<Item = Channel>) -> Vec<ChannelName> {
    channels.into_iter().map(ChannelName::from).collect()
}

/// What a person wishes of a topic.
#[derive(InputObject)]
struct PreferencesInput {
    status: Option<StatusName>,
    has_custom_routing: Option<bool>,
    routing_preferences: Option<Vec<Option<ChannelName>>>,
    digest_schedule: Option<String>,
}

/// What holds for a person.
#[derive(SimpleObject)]
struct RecipientPreferenceConnection {
    nodes: Vec<RecipientPreference>,
}

/// What holds for a person and a topic.
#[derive(SimpleObject)]
struct RecipientPreference {
    template_id: String,
    template_name: String,
    section_id: String,
    section_name: String,
    default_status: StatusName,
    status: StatusName,
    has_custom_routing: bool,
    routing_preferences: Vec<ChannelName>,
    digest_schedule: Option<String>,
}

impl RecipientPreference {
    fn of(section: &PageSection, view: &TopicView) -> Self {
        let preference = &view.effective.preference;
        let chosen = preference.has_custom_routing == Some(true);
        Self {
            template_id: view.topic.topic.id.to_string(),
            template_name: view.topic.topic.name.clone(),
            section_id: section.id.clone(),
            section_name: section.name.clone(),
            default_status: view.effective.default_status.into(),
            status: view.status().into(),
            has_custom_routing: chosen,
            routing_preferences: if chosen {
                names(preference.custom_routing.iter().copied())
            } else {
                Vec::new()
            },
            digest_schedule: preference.digest_schedule_id.clone(),
        }
    }
}

/// A rhythm of a digest.
#[derive(SimpleObject)]
struct DigestSchedule {
    schedule_id: String,
    period: String,
    recurrence: String,
    repeat: Option<Value>,
    repetition: Option<String>,
    start: Option<String>,
    default: bool,
    timezone: Option<String>,
}

/// The preference page, as it stands for the person who asks.
struct PreferencePage {
    page: Page,
    tenant: Option<String>,
    sections: Vec<SectionView>,
}

/// Names of channels.
#[derive(SimpleObject)]
struct ChannelConfigs {
    channel_labels: Vec<ChannelLabel>,
}

/// The name of a channel.
#[derive(SimpleObject)]
struct ChannelLabel {
    channel: String,
    name: String,
}

/// Sections.
#[derive(SimpleObject)]
struct SectionConnection {
    nodes: Vec<Section>,
}

/// A section.
#[derive(SimpleObject)]
struct Section {
    #[graphql(name = "sectionId")]
    id: String,
    name: String,
    description: Option<String>,
    routing_options: Vec<ChannelName>,
    has_custom_routing: bool,
    topics: TopicConnection,
}

/// Topics.
#[derive(SimpleObject)]
struct TopicConnection {
    nodes: Vec<Topic>,
}

/// A topic.
#[derive(SimpleObject)]
struct Topic {
    template_id: String,
    template_name: String,
    default_status: StatusName,
    description: Option<String>,
    data: Value,
    digest_schedules: Value,
}

#[Object]
impl PreferencePage {
    /// Nobody's name is put beneath the page.
    async fn show_courier_footer(&self) -> bool {
        false
    }

    async fn heading(&self) -> Option<&str> {
        self.page.heading.as_deref()
    }

    async fn description(&self) -> Option<&str> {
        self.page.description.as_deref()
    }

    /// A brand by id, else the tenant's, else the page's. Never null: the older package counts on it.
    async fn brand(&self, context: &Context<'_>, brand_id: Option<String>) -> Result<Brand> {
        let asked = brand_id.filter(|id| !id.is_empty());
        let environment = Viewer::of(context)?.environment();
        let services = services(context)?;
        let tenant = self.tenant.as_deref();
        let found = brand(services, environment, &self.page, tenant, asked.as_deref()).await?;
        Ok(Brand::of(found.as_ref().map(|prepared| prepared.brand())))
    }

    async fn channel_configs(&self) -> ChannelConfigs {
        let labels = [
            ("email", "Email"),
            ("push", "Push"),
            ("sms", "SMS"),
            ("inbox", "In-App"),
            ("direct_message", "Chat"),
            ("webhook", "Webhook"),
        ];
        let label = |(channel, name): (&str, &str)| ChannelLabel {
            channel: channel.to_owned(),
            name: name.to_owned(),
        };
        ChannelConfigs {
            channel_labels: labels.map(label).into(),
        }
    }

    async fn sections(&self) -> SectionConnection {
        SectionConnection {
            nodes: self.sections.iter().flat_map(parts).collect(),
        }
    }
}

/// A section as the components know it: one choice of channels for all its topics. Where topics offer different ones, it is
/// told as several of the same name.
fn parts(view: &SectionView) -> Vec<Section> {
    let mut by_channels: Vec<(&[Channel], Vec<&TopicView>)> = Vec::new();
    for topic in &view.topics {
        match by_channels.iter_mut().find(|(channels, _)| *channels == topic.channels) {
            Some((_, topics)) => topics.push(topic),
            None => by_channels.push((&topic.channels, vec![topic])),
        }
    }
    let part = |(channels, topics): (&[Channel], Vec<&TopicView>)| Section {
        id: view.section.id.clone(),
        name: view.section.name.clone(),
        description: view.section.description.clone(),
        routing_options: names(channels.iter().copied()),
        has_custom_routing: !channels.is_empty(),
        topics: TopicConnection {
            nodes: topics.into_iter().map(topic).collect(),
        },
    };
    by_channels.into_iter().map(part).collect()
}

/// A topic with the default that holds for the person's tenant: a tenant may make one required, and then it is locked.
fn topic(view: &TopicView) -> Topic {
    let shown = &view.topic;
    let schedules: Vec<_> = schedules(shown.topic.digest.as_ref())
        .into_iter()
        .map(|one| as_json(&one))
        .collect();
    Topic {
        template_id: shown.topic.id.to_string(),
        template_name: shown.topic.name.clone(),
        default_status: view.effective.default_status.into(),
        description: shown.description.clone(),
        data: Value::Object(shown.topic_data.clone()),
        digest_schedules: Value::Array(schedules),
    }
}

fn schedules(digest: Option<&Digest>) -> Vec<DigestSchedule> {
    let offered = digest
        .into_iter()
        .flat_map(|digest| &digest.schedules)
        .filter(|one| !one.disabled);
    let default = digest
        .and_then(|digest| digest.schedule(None))
        .map(|one| one.schedule_id.as_str());
    offered
        .map(|one| rhythm(one, default == Some(one.schedule_id.as_str())))
        .collect()
}

fn as_json(schedule: &DigestSchedule) -> Value {
    json!({
        "scheduleId": schedule.schedule_id, "period": schedule.period, "recurrence": schedule.recurrence,
        "repeat": schedule.repeat, "repetition": schedule.repetition, "start": schedule.start,
        "default": schedule.default, "timezone": schedule.timezone,
    })
}

/// A rhythm as the components show it: `recurrence` is what people read, with the time of `start` behind it.
fn rhythm(schedule: &Schedule, default: bool) -> DigestSchedule {
    let days = |days: &[tidings_types::digest::Weekday]| {
        let on: serde_json::Map<_, _> = days.iter().map(|day| (day.as_str().to_owned(), json!(true))).collect();
        json!({ "frequency": 1, "interval": "week", "on": on })
    };
    let (period, recurrence, repeat) = match schedule.frequency {
        Frequency::Instant => ("Instant", "instant", None),
        Frequency::Daily => ("Daily", "Daily", None),
        Frequency::Weekdays => ("Weekdays", "Every weekday", None),
        Frequency::Weekly => {
            let day: Vec<_> = schedule.day_of_week.into_iter().collect();
            ("Weekly", "custom", Some(days(&day)))
        }
        Frequency::CustomDays => ("Custom", "custom", Some(days(&schedule.days_of_week))),
        Frequency::Monthly => {
            let repeat = json!({ "frequency": 1, "interval": "month", "on": schedule.day_of_month });
            ("Monthly", "custom", Some(repeat))
        }
    };
    // The components read the time of day out of an instant: any day's will do.
    let start = schedule.time.map(|time| format!("2024-01-01T{time}:00.000Z"));
    DigestSchedule {
        schedule_id: schedule.schedule_id.clone(),
        period: period.to_owned(),
        recurrence: recurrence.to_owned(),
        repeat,
        repetition: None,
        start,
        default,
        timezone: schedule.timezone.clone(),
    }
}

/// Reading what there is to choose and what was chosen.
#[derive(Default)]
pub(super) struct PreferencesQuery;

#[Object]
impl PreferencesQuery {
    /// What holds for the person, topic by topic.
    async fn recipient_preferences(
        &self,
        context: &Context<'_>,
        account_id: Option<String>,
    ) -> Result<RecipientPreferenceConnection> {
        let sections = seen(context, READ, account_id.as_deref()).await?;
        let of_section = |one: &SectionView| {
            let topics = one.topics.iter();
            topics
                .map(|topic| RecipientPreference::of(&one.section, topic))
                .collect::<Vec<_>>()
        };
        Ok(RecipientPreferenceConnection {
            nodes: sections.iter().flat_map(of_section).collect(),
        })
    }

    /// What holds for the person and one topic; null when there is no such topic on the page.
    async fn recipient_preference(
        &self,
        context: &Context<'_>,
        template_id: String,
        account_id: Option<String>,
    ) -> Result<Option<RecipientPreference>> {
        let sections = seen(context, READ, account_id.as_deref()).await?;
        Ok(find(&sections, &template_id))
    }

    /// The page as it was published.
    async fn preference_page(
        &self,
        context: &Context<'_>,
        account_id: Option<String>,
    ) -> Result<Option<PreferencePage>> {
        preference_page(context, account_id, false).await
    }

    /// The page as it stands now.
    async fn draft_preference_page(&self, context: &Context<'_>) -> Result<Option<PreferencePage>> {
        preference_page(context, None, true).await
    }

    /// The rhythms in which a topic's digest may come.
    async fn digest_schedules_for_topic(
        &self,
        context: &Context<'_>,
        template_id: String,
    ) -> Result<Vec<DigestSchedule>> {
        let viewer = Viewer::of(context)?;
        viewer.need(READ)?;
        let documents = services(context)?.documents();
        let topic = documents.topic(viewer.environment(), &template_id).await?;
        Ok(schedules(topic.and_then(|topic| topic.digest).as_ref()))
    }
}

/// Changing what was chosen.
#[derive(Default)]
pub(super) struct PreferencesMutation;

#[Object]
impl PreferencesMutation {
    /// Stores what the person wishes of a topic, and gives back what holds now.
    #[graphql(name = "updatePreferenceV2")]
    async fn update_preference(
        &self,
        context: &Context<'_>,
        template_id: String,
        preferences: PreferencesInput,
        account_id: Option<String>,
    ) -> Result<Option<RecipientPreference>> {
        let viewer = Viewer::of(context)?;
        viewer.need(WRITE)?;
        let tenant = account_id.as_deref().filter(|tenant| !tenant.is_empty());
        let services = services(context)?;
        let topic_id = TopicId::from(template_id.as_str());
        let topic = services.documents().topic(viewer.environment(), &template_id).await?;
        let digest = topic.and_then(|topic| topic.digest);
        if let Some(tenant) = tenant {
            check_tenant(services, viewer.environment(), "accountId", tenant).await?;
        }
        let speaker = Speaker {
            environment: viewer.environment(),
            user: viewer.user()?,
            tenant,
            origin: Origin::Component,
            message_id: None,
            wording: None,
            language: None,
        };
        let mut choice = choice(preferences, digest.as_ref());
        let seen_before = seen(context, WRITE, tenant).await?;
        if let Some(shown) = view_of(&seen_before, &template_id) {
            forget_what_was_shown(&mut choice, shown);
        }
        match change(services, &speaker, vec![(topic_id, choice)]).await? {
            Ok(_) => {
                let sections = seen(context, WRITE, tenant).await?;
                Ok(find(&sections, &template_id))
            }
            Err(refusal) => Err(Error::invalid(refusal.told()).into()),
        }
    }
}

/// What the input wishes. Channels count only with the flag that says so; a rhythm that is not offered is left alone.
fn choice(input: PreferencesInput, digest: Option<&Digest>) -> Choice {
    let status = match input.status {
        Some(StatusName::OptedIn) => Some(PreferenceStatus::OptedIn),
        Some(StatusName::OptedOut) => Some(PreferenceStatus::OptedOut),
        // The component repeats what it was shown.
        Some(StatusName::Required | StatusName::Unknown) | None => None,
    };
    let channels = input.routing_preferences.unwrap_or_default();
    let channels = channels.into_iter().flatten().filter_map(ChannelName::channel);
    let routing = match input.has_custom_routing {
        Some(true) => Some(Routing::Only(channels.collect())),
        Some(false) => Some(Routing::Any),
        None => None,
    };
    let offered = digest.into_iter().flat_map(|digest| &digest.schedules);
    let known = |wanted: &String| {
        let mut offered = offered.clone().filter(|one| !one.disabled);
        offered.any(|one| one.schedule_id == *wanted)
    };
    Choice {
        status,
        routing,
        digest_schedule_id: input.digest_schedule.filter(known),
        ..Choice::default()
    }
}

/// Takes out of a choice what the component merely repeats: it sends channels along with whatever else was changed, also
/// those that are no longer offered and cannot be seen.
fn forget_what_was_shown(choice: &mut Choice, shown: &TopicView) {
    let preference = &shown.effective.preference;
    let known = if preference.has_custom_routing == Some(true) {
        preference.custom_routing.as_slice()
    } else {
        &[]
    };
    if let Some(Routing::Only(channels)) = &mut choice.routing {
        if !known.is_empty() && channels.as_slice() == known {
            choice.routing = None;
            return;
        }
        channels.retain(|channel| shown.channels.contains(channel) || !known.contains(channel));
    }
}

async fn preference_page(context: &Context<'_>, tenant: Option<String>, draft: bool) -> Result<Option<PreferencePage>> {
    let viewer = Viewer::of(context)?;
    viewer.need(READ)?;
    let tenant = tenant.filter(|tenant| !tenant.is_empty());
    let seen = view(
        services(context)?,
        viewer.environment(),
        viewer.user()?,
        tenant.as_deref(),
        draft,
    )
    .await?;
    Ok(Some(PreferencePage {
        page: seen.page,
        tenant,
        sections: seen.sections,
    }))
}

/// The page as it stands for the person who asks.
async fn seen(context: &Context<'_>, need: &[&str], tenant: Option<&str>) -> Result<Vec<SectionView>> {
    let viewer = Viewer::of(context)?;
    viewer.need(need)?;
    let tenant = tenant.filter(|tenant| !tenant.is_empty());
    let view = view(services(context)?, viewer.environment(), viewer.user()?, tenant, false).await?;
    Ok(view.sections)
}

fn find(sections: &[SectionView], id: &str) -> Option<RecipientPreference> {
    let section = sections
        .iter()
        .find(|section| section.topics.iter().any(|topic| is(topic, id)))?;
    Some(RecipientPreference::of(&section.section, view_of(sections, id)?))
}

fn view_of<'v>(sections: &'v [SectionView], id: &str) -> Option<&'v TopicView> {
    let mut topics = sections.iter().flat_map(|section| &section.topics);
    topics.find(|topic| is(topic, id))
}

fn is(topic: &TopicView, id: &str) -> bool {
    topic.topic.topic.id.as_str() == id
}
