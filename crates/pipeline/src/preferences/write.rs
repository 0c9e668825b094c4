//! Writing what a person wishes: checked, in one transaction, with a line in the log that says where it came from.

use tidings_domain::preference::effective;
use tidings_store::{PreferenceWrite, StoredPreference};
use tidings_types::preference::Snooze;
use tidings_types::{Environment, Result, Timestamp, TopicId, UserId};

use super::choice::{Choice, Hours, Refusal};
use super::said::Said;
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

/// Writes wishes, all or none. What was not wished for stays as it is.
///
/// # Errors
/// When the store fails.
pub async fn change(
    services: &Services,
    environment: Environment,
    user: &UserId,
    tenant: Option<&str>,
    choices: Vec<(TopicId, Choice)>,
    origin: Origin,
) -> Result<std::result::Result<Vec<StoredPreference>, Refusal>> {
    let said = Said::read(services, environment, user, tenant).await?;
    let now = services.clock.now();
    let mut set = Vec::with_capacity(choices.len());
    for (id, choice) in choices {
        let Some(topic) = services.library.topic(environment, id.as_str()).await? else {
            return Ok(Err(Refusal::UnknownTopic));
        };
        let holds = effective(&topic, &said.over(Vec::new(), &id, None), now);
        if let Some(refusal) = choice.refusal(holds.default_status, topic.digest.as_ref()) {
            return Ok(Err(refusal));
        }
        let mut stored = said.written(&id);
        choice.lay_over(&mut stored.preference);
        set.push(stored);
    }
    store(services, environment, user, tenant, set.clone(), origin, now).await?;
    Ok(Ok(set))
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
pub async fn pause_everything(
    services: &Services,
    environment: Environment,
    user: &UserId,
    pause: Pause,
    origin: Origin,
) -> Result<()> {
    let said = Said::read(services, environment, user, None).await?;
    let mut stored = said.of_everything();
    let of = &mut stored.preference;
    match pause {
        Pause::Until(until) => of.snooze = vec![Snooze { start: None, until }],
        Pause::Over => of.snooze.clear(),
        Pause::Hours(Hours::Default) => of.quiet_hours = None,
        Pause::Hours(Hours::Own(hours)) => of.quiet_hours = Some(hours),
    }
    let now = services.clock.now();
    store(services, environment, user, None, vec![stored], origin, now).await
}

async fn store(
    services: &Services,
    environment: Environment,
    user: &UserId,
    tenant: Option<&str>,
    said: Vec<StoredPreference>,
    origin: Origin,
    now: Timestamp,
) -> Result<()> {
    // What says nothing any more is not kept.
    let (unset, set): (Vec<_>, Vec<_>) = said.into_iter().partition(|one| one.preference.is_silent());
    let write = PreferenceWrite {
        tenant_id: tenant.map(str::to_owned),
        set,
        unset: unset.into_iter().map(|one| one.topic_id).collect(),
        replace_all: false,
        source: origin.as_str().to_owned(),
        now,
    };
    services.store.write_preferences(environment, user, write).await?;
    Ok(())
}
