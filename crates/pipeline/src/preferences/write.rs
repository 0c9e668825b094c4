//! Writing what a person wishes: checked, in one transaction, with a line in the log that says where it came from.

use std::collections::BTreeSet;

use serde_json::Value;
use tidings_domain::preference::effective;
use tidings_store::{Evidence, PageRequest, PreferenceLogFilter, PreferenceWrite, Seen, StoredPreference};
use tidings_types::preference::Snooze;
use tidings_types::{Environment, Error, ErrorKind, Preference, PreferenceStatus, Result, Timestamp, TopicId, UserId};

use super::choice::{Choice, Hours, Refusal};
use super::consents::with_consents;
use super::offer::Offer;
use super::said::Said;
use super::view::view;
use crate::Services;

/// Where a change comes from, as the preference log names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// A call with an API key.
    Api,
    /// A call of an app with a token of the person's.
    App,
    /// The embedded component.
    Component,
    /// The hosted preference page.
    Page,
    /// The page behind the unsubscribe link of a mail.
    UnsubscribeLink,
    /// A mail program's own button (RFC 8058).
    OneClick,
    /// A mail provider told that the person unsubscribed there.
    ProviderUnsubscribe,
    /// A mail provider told that the person reported a message as unwanted.
    ProviderComplaint,
    /// A confirmation of an opt-in by mail.
    DoubleOptIn,
}

impl Origin {
    /// Whether it is the person, who chooses from what is offered. Whoever holds an API key says what they know.
    pub const fn is_person(self) -> bool {
        matches!(self, Self::App | Self::Component | Self::Page)
    }

    /// As the log names it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Api => "api",
            Self::App => "app",
            Self::Component => "component",
            Self::Page => "page",
            Self::UnsubscribeLink => "unsubscribe-link",
            Self::OneClick => "one-click",
            Self::ProviderUnsubscribe => "provider-unsubscribe",
            Self::ProviderComplaint => "provider-complaint",
            Self::DoubleOptIn => "double-opt-in",
        }
    }
}

/// Who speaks, for which tenant if for one only, and from where.
#[derive(Clone, Debug)]
pub struct Speaker<'a> {
    /// The environment.
    pub environment: Environment,
    /// The person.
    pub user: &'a UserId,
    /// For this tenant only.
    pub tenant: Option<&'a str>,
    /// Where it is said.
    pub origin: Origin,
    /// The message it began in.
    pub message_id: Option<&'a str>,
    /// Which version of which words the person saw: of the page's own, or as an app names it.
    pub wording: Option<&'a str>,
    /// In which language the person read them, where that is known (BCP 47).
    pub language: Option<&'a str>,
}

/// What is written of a person's preferences.
#[derive(Clone, Debug, Default)]
pub struct Change {
    /// What is said from now on; what says nothing is taken back.
    pub set: Vec<StoredPreference>,
    /// Of which of them it is said whether their messages come. Of the others, only how.
    pub spoken: Vec<TopicId>,
    /// What is said no more.
    pub unset: Vec<TopicId>,
    /// Whether every topic not in `set` is unset too.
    pub replace_all: bool,
}

/// What was written.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Recorded {
    /// What is said from now on.
    pub said: Vec<StoredPreference>,
    /// The topics of which nothing is said any more.
    pub unset: Vec<TopicId>,
}

/// What was written.
#[derive(Clone, Debug, PartialEq)]
pub struct Written {
    /// When: by this moment it can be undone.
    pub at: Timestamp,
    /// What is said of each topic from now on.
    pub said: Vec<StoredPreference>,
}

/// Writes wishes, all or none. What was not wished for stays as it is.
///
/// # Errors
/// When the store fails.
pub async fn change(
    services: &Services,
    speaker: &Speaker<'_>,
    choices: Vec<(TopicId, Choice)>,
) -> Result<std::result::Result<Written, Refusal>> {
    change_page(services, speaker, choices, &[]).await
}

/// Writes wishes for topics and for everything at once, at one moment, all or none.
///
/// # Errors
/// When the store fails.
pub async fn change_page(
    services: &Services,
    speaker: &Speaker<'_>,
    choices: Vec<(TopicId, Choice)>,
    everything: &[Pause],
) -> Result<std::result::Result<Written, Refusal>> {
    let Speaker {
        environment,
        user,
        tenant,
        ..
    } = *speaker;
    let said = Said::read(services, environment, Some(user), tenant).await?;
    let now = services.clock.now();
    for (id, choice) in &choices {
        let Some(topic) = services.documents().topic(environment, id.as_str()).await? else {
            return Ok(Err(Refusal::UnknownTopic));
        };
        let holds = effective(&topic, &said.layers(id, None), now);
        if let Some(refusal) = choice.refusal(holds.default_status, topic.digest.as_ref()) {
            return Ok(Err(refusal));
        }
        if speaker.origin.is_person() {
            let offer = Offer::find(services, environment, id.as_str()).await?;
            if let Some(refusal) = offer.refusal(choice) {
                return Ok(Err(refusal));
            }
        }
    }
    let of_topics = |said: &Said| {
        let mut change = Change::default();
        for (id, choice) in &choices {
            let mut stored = said.written(id);
            choice.lay_over(&mut stored.preference);
            change.set.push(stored);
            change.spoken.extend(choice.status.map(|_| id.clone()));
        }
        Ok(change)
    };
    let of_everything = |said: &Said| {
        let mut stored = said.of_everything();
        for wish in everything {
            wish.lay_over(&mut stored.preference);
        }
        stored
    };
    if everything.is_empty() || tenant.is_none() {
        let plan = |said: &Said| {
            let mut change = of_topics(said)?;
            if !everything.is_empty() {
                change.set.push(of_everything(said));
            }
            Ok(change)
        };
        let said = record(services, speaker, now, &plan).await?.said;
        return Ok(Ok(Written { at: now, said }));
    }
    // It holds whatever tenant a message comes from: who wants quiet wants it from everyone.
    let everywhere = Speaker {
        tenant: None,
        ..speaker.clone()
    };
    let plan = |said: &Said| {
        Ok(Change {
            set: vec![of_everything(said)],
            ..Change::default()
        })
    };
    let mut said = record(services, speaker, now, &of_topics).await?.said;
    said.extend(record(services, &everywhere, now, &plan).await?.said);
    Ok(Ok(Written { at: now, said }))
}

/// Opts out of all that may be left: of what is neither required nor an answer to the person's own doing.
///
/// # Errors
/// When the store fails.
pub async fn leave_all(services: &Services, speaker: &Speaker<'_>) -> Result<Written> {
    let Speaker {
        environment,
        user,
        tenant,
        ..
    } = *speaker;
    // Topics that were not published yet are sent all the same.
    let view = view(services, environment, user, tenant, true).await?;
    let now = services.clock.now();
    let topics = view.sections.iter().flat_map(|section| &section.topics);
    let topics: Vec<_> = topics.filter(|topic| topic.may_be_left()).collect();
    let on: Vec<_> = topics
        .iter()
        .filter(|topic| topic.is_on())
        .map(|topic| topic.topic.topic.id.clone())
        .collect();
    let mut said = record(services, speaker, now, &|said| Ok(leaving(said, &on)))
        .await?
        .said;
    if tenant.is_none() {
        let all: Vec<_> = topics.iter().map(|topic| topic.topic.topic.id.clone()).collect();
        for tenant in spoken_for(services, environment, user, None).await? {
            let within = Speaker {
                tenant: Some(&tenant),
                ..speaker.clone()
            };
            // What was never opted in to there follows what holds everywhere.
            let plan = |said: &Said| {
                let opted_in = |id: &&TopicId| said.written(id).preference.status == Some(PreferenceStatus::OptedIn);
                let ids: Vec<_> = all.iter().filter(opted_in).cloned().collect();
                Ok(leaving(said, &ids))
            };
            let left = record(services, &within, now, &plan).await?.said;
            said.extend(left);
        }
    }
    Ok(Written { at: now, said })
}

fn leaving(said: &Said, topics: &[TopicId]) -> Change {
    let mut change = Change::default();
    for id in topics {
        let mut stored = said.written(id);
        stored.preference.status = Some(PreferenceStatus::OptedOut);
        change.set.push(stored);
        change.spoken.push(id.clone());
    }
    change
}

/// The tenants for which a person ever said something, or did at one moment.
pub(super) async fn spoken_for(
    services: &Services,
    environment: Environment,
    user: &UserId,
    at: Option<Timestamp>,
) -> Result<BTreeSet<String>> {
    let filter = PreferenceLogFilter {
        user_id: Some(user.clone()),
        tenant_id: None,
        since: at,
    };
    let mut page = PageRequest {
        after: None,
        limit: LOG_PAGE,
    };
    let mut tenants = BTreeSet::new();
    loop {
        let found = services
            .store
            .preference_log(environment, filter.clone(), page.clone())
            .await?;
        let then = found
            .items
            .into_iter()
            .filter(|change| at.is_none_or(|at| change.at == at));
        tenants.extend(then.filter_map(|change| change.tenant_id));
        match found.next {
            Some(next) => page.after = Some(next),
            None => return Ok(tenants),
        }
    }
}

/// Keeps a wish for a topic that is no longer there: it counts should the topic come back.
///
/// # Errors
/// When the store fails.
pub async fn leave_unknown(
    services: &Services,
    speaker: &Speaker<'_>,
    topic: &TopicId,
    status: PreferenceStatus,
) -> Result<()> {
    let plan = |said: &Said| {
        let mut stored = said.written(topic);
        stored.preference.status = Some(status);
        Ok(Change {
            set: vec![stored],
            spoken: vec![topic.clone()],
            ..Change::default()
        })
    };
    record(services, speaker, services.clock.now(), &plan).await.map(drop)
}

/// A wish that speaks of all topics at once.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Pause {
    /// Nothing until then.
    Until(Timestamp),
    /// No pause any more.
    Over,
    /// Quiet hours.
    Hours(Hours),
}

impl Pause {
    fn lay_over(self, said: &mut Preference) {
        match self {
            Self::Until(until) => said.snooze = vec![Snooze { start: None, until }],
            Self::Over => said.snooze.clear(),
            Self::Hours(Hours::Default) => said.quiet_hours = None,
            Self::Hours(Hours::Own(hours)) => said.quiet_hours = Some(hours),
        }
    }
}

/// Pauses everything that may be paused, ends such a pause, or sets quiet hours for everything. It holds whatever tenant
/// a message comes from.
///
/// # Errors
/// When the store fails.
pub async fn pause_everything(services: &Services, speaker: &Speaker<'_>, pause: Pause) -> Result<Written> {
    let everywhere = Speaker {
        tenant: None,
        ..speaker.clone()
    };
    let written = change_page(services, &everywhere, Vec::new(), &[pause]).await?;
    // Only a wish for a topic is ever refused.
    written.map_err(|refusal| Error::internal(refusal.told()))
}

/// A write that changes nothing yet.
pub(super) fn unchanged(speaker: &Speaker<'_>, now: Timestamp) -> PreferenceWrite {
    PreferenceWrite {
        tenant_id: speaker.tenant.map(str::to_owned),
        set: Vec::new(),
        unset: Vec::new(),
        replace_all: false,
        source: speaker.origin.as_str().to_owned(),
        evidence: Evidence::default(),
        consents: Vec::new(),
        mail: None,
        seen: None,
        now,
    }
}

/// Writes what `plan` makes of what is said, with its lines in the log and the consent ledger and the mail it makes
/// necessary. Where something else was said meanwhile, the plan is made anew: of two who write at once, neither undoes what
/// the other said.
///
/// # Errors
/// Those of the plan; when the store fails.
pub async fn record(
    services: &Services,
    speaker: &Speaker<'_>,
    now: Timestamp,
    plan: &(dyn Fn(&Said) -> Result<Change> + Sync),
) -> Result<Recorded> {
    let mut tries = 1;
    let recorded = loop {
        match attempt(services, speaker, now, plan).await {
            Err(error) if error.kind() == ErrorKind::Conflict && tries < TRIES => tries += 1,
            done => break done?,
        }
    };
    Ok(recorded)
}

async fn attempt(
    services: &Services,
    speaker: &Speaker<'_>,
    now: Timestamp,
    plan: &(dyn Fn(&Said) -> Result<Change> + Sync),
) -> Result<Recorded> {
    let said = Said::read(services, speaker.environment, Some(speaker.user), speaker.tenant).await?;
    let change = plan(&said)?;
    if change.set.is_empty() && change.unset.is_empty() && !change.replace_all {
        return Ok(Recorded::default());
    }
    let all = change.set.clone();
    let (silent, set): (Vec<_>, Vec<_>) = change.set.into_iter().partition(|one| one.preference.is_silent());
    let silent = silent.into_iter().map(|one| one.topic_id);
    let write = PreferenceWrite {
        set,
        unset: change.unset.into_iter().chain(silent).collect(),
        replace_all: change.replace_all,
        evidence: evidence(services, speaker).await?,
        seen: Some(Seen {
            said: said.layer(),
            consents: None,
        }),
        ..unchanged(speaker, now)
    };
    let write = with_consents(services, speaker, write, &change.spoken).await?;
    let domain = write.evidence.mail_domain.clone();
    let lane = write
        .mail
        .as_ref()
        .and_then(|mail| mail.messages.first())
        .map(|one| one.lane);
    let unset = services
        .store
        .write_preferences(speaker.environment, speaker.user, write)
        .await?;
    if let Some(lane) = lane {
        services.bus.send(tidings_bus::Hint::Work(lane));
    }
    if let Some(domain) = domain {
        watch(services, speaker.environment, &domain, now).await?;
    }
    Ok(Recorded { said: all, unset })
}

/// How often a change is made anew because of another.
const TRIES: usize = 20;
/// How many lines of the log are read at once.
const LOG_PAGE: u32 = 500;

/// From how many different people of one mail domain within an hour on opt-outs by mail look like a scanner's.
pub const WAVE: u32 = 10;
/// The hour, in milliseconds.
const WAVE_MS: u64 = 60 * 60 * 1000;

/// Tells an operator of a wave of opt-outs from one mail domain. Nothing is refused: one of them may be meant.
async fn watch(services: &Services, environment: Environment, domain: &str, now: Timestamp) -> Result<()> {
    let since = now.minus(WAVE_MS);
    let waves = services.store.opt_outs_by_domain(environment, since, WAVE).await?;
    if let Some(wave) = waves.iter().find(|wave| wave.mail_domain == domain) {
        metrics::counter!("tidings_opt_out_waves_total").increment(1);
        tracing::warn!(%environment, domain, people = wave.people, "many people of one mail domain unsubscribed within an hour: a scanner may be following their links");
    }
    Ok(())
}

/// What the log keeps besides: of opt-outs by mail, the domain they came from.
async fn evidence(services: &Services, speaker: &Speaker<'_>) -> Result<Evidence> {
    let by_mail = matches!(speaker.origin, Origin::UnsubscribeLink | Origin::OneClick);
    let mail_domain = if by_mail {
        let email = address(services, speaker).await?;
        email.and_then(|email| Some(email.rsplit_once('@')?.1.to_ascii_lowercase()))
    } else {
        None
    };
    Ok(Evidence {
        message_id: speaker.message_id.map(str::to_owned),
        mail_domain,
    })
}

/// The address that the mail went to: that of the message where it had one of its own, else the profile's.
pub(super) async fn address(services: &Services, speaker: &Speaker<'_>) -> Result<Option<String>> {
    if let Some(id) = speaker.message_id {
        let message = services.store.message(speaker.environment, &id.into()).await?;
        let to = message.and_then(|message| serde_json::from_str::<Value>(&message.to).ok());
        if let Some(email) = to.as_ref().and_then(|to| to.get("email")?.as_str()) {
            return Ok(Some(email.to_owned()));
        }
    }
    let profile = services.store.profile(speaker.environment, speaker.user).await?;
    Ok(profile.and_then(|profile| Some(profile.get("email")?.as_str()?.to_owned())))
}
