//! What the link in the mail is about, and confirming it.

use tidings_store::PreferenceWrite;
use tidings_types::consent::{self, Consent, ConsentAction, ConsentState};
use tidings_types::{Result, Timestamp, Topic};

use crate::Services;
use crate::preferences::wording::Wording;
use crate::preferences::write::{Speaker, unchanged};

/// What a link of a confirmation mail is about.
#[derive(Clone, Debug, PartialEq)]
pub struct Confirmation {
    /// How it stands.
    pub state: State,
    /// The topics that stand so.
    pub topics: Vec<Topic>,
}

/// How it stands with what a link is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// There is something to confirm.
    Awaited,
    /// All that was not taken back since is confirmed.
    Confirmed,
    /// Nothing is left of it: it was taken back, or the topics are gone.
    Gone,
}

/// What the person opted in to at this moment, as it stands now.
///
/// # Errors
/// When the store cannot be read.
pub async fn confirmation(services: &Services, speaker: &Speaker<'_>, asked: Timestamp) -> Result<Confirmation> {
    let ledger = services.store.consents(speaker.environment, speaker.user).await?;
    let (mut awaited, mut confirmed) = (Vec::new(), Vec::new());
    let at_that_moment = |line: &&Consent| {
        line.action == ConsentAction::Pending && line.at == asked && line.tenant_id.as_deref() == speaker.tenant
    };
    for line in ledger.iter().filter(at_that_moment) {
        let documents = services.documents();
        let Some(topic) = documents.topic(speaker.environment, line.topic_id.as_str()).await? else {
            continue;
        };
        match consent::last(&ledger, &line.topic_id, speaker.tenant).map(|line| line.action.state()) {
            Some(ConsentState::Pending) => awaited.push(topic),
            Some(ConsentState::Given) => confirmed.push(topic),
            Some(ConsentState::None) | None => {}
        }
    }
    Ok(match (awaited.is_empty(), confirmed.is_empty()) {
        (false, _) => Confirmation {
            state: State::Awaited,
            topics: awaited,
        },
        (true, false) => Confirmation {
            state: State::Confirmed,
            topics: confirmed,
        },
        (true, true) => Confirmation {
            state: State::Gone,
            topics: Vec::new(),
        },
    })
}

/// Confirms what the person opted in to at this moment and has not taken back since. Done again, it changes nothing.
///
/// # Errors
/// When the store fails.
pub async fn confirm(services: &Services, speaker: &Speaker<'_>, asked: Timestamp) -> Result<Confirmation> {
    let found = confirmation(services, speaker, asked).await?;
    if found.state != State::Awaited {
        return Ok(found);
    }
    let now = services.clock.now();
    let mut wording = Wording::default();
    let mut write = unchanged(speaker, now);
    for topic in &found.topics {
        write
            .consents
            .push(line(services, speaker, topic, &mut wording, &write).await?);
    }
    services
        .store
        .write_preferences(speaker.environment, speaker.user, write)
        .await?;
    Ok(Confirmation {
        state: State::Confirmed,
        ..found
    })
}

async fn line(
    services: &Services,
    speaker: &Speaker<'_>,
    topic: &Topic,
    wording: &mut Wording,
    write: &PreferenceWrite,
) -> Result<Consent> {
    Ok(Consent {
        topic_id: topic.id.clone(),
        tenant_id: write.tenant_id.clone(),
        action: ConsentAction::Confirmed,
        at: write.now,
        source: write.source.clone(),
        wording: Some(wording.seen(services, speaker, topic).await?),
        message_id: None,
    })
}
