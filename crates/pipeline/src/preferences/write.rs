//! Writing what a person wishes: checked, in one transaction, with a line in the log that says where it came from.

use serde_json::Value;
use tidings_domain::preference::effective;
use tidings_store::{Evidence, PreferenceWrite, StoredPreference};
use tidings_types::preference::Snooze;
use tidings_types::{Environment, PreferenceStatus, Result, Timestamp, TopicId, UserId};

use super::choice::{Choice, Hours, Refusal};
use super::said::Said;
use super::view::view;
use super::with_consents;
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
    /// Which version of which words the person saw.
    pub wording: Option<&'a str>,
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
    let Speaker {
        environment,
        user,
        tenant,
        ..
    } = *speaker;
    let said = Said::read(services, environment, Some(user), tenant).await?;
    let now = services.clock.now();
    let mut set = Vec::with_capacity(choices.len());
    for (id, choice) in choices {
        let Some(topic) = services.documents().topic(environment, id.as_str()).await? else {
            return Ok(Err(Refusal::UnknownTopic));
        };
        let holds = effective(&topic, &said.layers(&id, None), now);
        if let Some(refusal) = choice.refusal(holds.default_status, topic.digest.as_ref()) {
            return Ok(Err(refusal));
        }
        let mut stored = said.written(&id);
        choice.lay_over(&mut stored.preference);
        set.push(stored);
    }
    store(services, speaker, set.clone(), now).await?;
    Ok(Ok(Written { at: now, said: set }))
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
    let view = view(services, environment, user, tenant, false).await?;
    let now = services.clock.now();
    let mut set = Vec::new();
    for topic in view.sections.iter().flat_map(|section| &section.topics) {
        if topic.may_be_left() && topic.is_on() {
            let mut stored = view.said.written(&topic.topic.topic.id);
            stored.preference.status = Some(PreferenceStatus::OptedOut);
            set.push(stored);
        }
    }
    store(services, speaker, set.clone(), now).await?;
    Ok(Written { at: now, said: set })
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
    let said = Said::read(services, speaker.environment, Some(speaker.user), speaker.tenant).await?;
    let mut stored = said.written(topic);
    stored.preference.status = Some(status);
    store(services, speaker, vec![stored], services.clock.now()).await
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

/// Pauses everything that may be paused, ends such a pause, or sets quiet hours for everything. It holds whatever tenant
/// a message comes from: who wants quiet wants it from everyone.
///
/// # Errors
/// When the store fails.
pub async fn pause_everything(services: &Services, speaker: &Speaker<'_>, pause: Pause) -> Result<Written> {
    let said = Said::read(services, speaker.environment, Some(speaker.user), None).await?;
    let mut stored = said.of_everything();
    let of = &mut stored.preference;
    match pause {
        Pause::Until(until) => of.snooze = vec![Snooze { start: None, until }],
        Pause::Over => of.snooze.clear(),
        Pause::Hours(Hours::Default) => of.quiet_hours = None,
        Pause::Hours(Hours::Own(hours)) => of.quiet_hours = Some(hours),
    }
    let now = services.clock.now();
    let everywhere = Speaker {
        tenant: None,
        ..speaker.clone()
    };
    store(services, &everywhere, vec![stored.clone()], now).await?;
    Ok(Written {
        at: now,
        said: vec![stored],
    })
}

/// Writes what is said, and takes back what says nothing any more.
pub(super) async fn store(
    services: &Services,
    speaker: &Speaker<'_>,
    said: Vec<StoredPreference>,
    now: Timestamp,
) -> Result<()> {
    if said.is_empty() {
        return Ok(());
    }
    let (unset, set): (Vec<_>, Vec<_>) = said.into_iter().partition(|one| one.preference.is_silent());
    let write = PreferenceWrite {
        tenant_id: speaker.tenant.map(str::to_owned),
        set,
        unset: unset.into_iter().map(|one| one.topic_id).collect(),
        replace_all: false,
        source: speaker.origin.as_str().to_owned(),
        evidence: evidence(services, speaker).await?,
        consents: Vec::new(),
        now,
    };
    let write = with_consents(services, speaker.environment, speaker.user, write, speaker.wording).await?;
    let domain = write.evidence.mail_domain.clone();
    services
        .store
        .write_preferences(speaker.environment, speaker.user, write)
        .await?;
    if let Some(domain) = domain {
        watch(services, speaker.environment, &domain, now).await?;
    }
    Ok(())
}

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
async fn address(services: &Services, speaker: &Speaker<'_>) -> Result<Option<String>> {
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
