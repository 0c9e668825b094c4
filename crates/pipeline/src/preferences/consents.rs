//! What a change of preferences means for the consent ledger, and erasing a person from both.

use hmac::Mac as _;
use tidings_store::PreferenceWrite;
use tidings_types::consent::{self, Consent, ConsentAction, ConsentState};
use tidings_types::{Classification, Environment, PreferenceStatus, Result, Timestamp, Topic, TopicId, UserId};

use super::confirmation;
use super::wording::Wording;
use super::write::Speaker;
use crate::Services;
use crate::links::environment_secret;
use crate::mac::keyed;

/// How many characters of the hash stand for a person who was erased: 128 bits.
const PSEUDONYM: usize = 32;

/// Puts into a change what follows from it for marketing: lines of the consent ledger, and the mail that asks for a
/// confirmation where the topic wants one. Opting in is consent, and anything else takes it back.
///
/// # Errors
/// When the store cannot be read.
pub(super) async fn with_consents(
    services: &Services,
    speaker: &Speaker<'_>,
    mut write: PreferenceWrite,
    spoken: &[TopicId],
) -> Result<PreferenceWrite> {
    let Speaker { environment, user, .. } = *speaker;
    let tenant = write.tenant_id.as_deref();
    let mut ledger = None;
    let mut wording = Wording::default();
    let mut lines = Vec::new();
    let mut asked = Vec::new();
    for (topic_id, word) in words(&write, spoken) {
        let documents = services.documents();
        let topic = documents.topic_there_or_removed(environment, topic_id.as_str()).await?;
        let Some(topic) = topic.filter(|topic| topic.class() == Classification::Marketing) else {
            continue;
        };
        let ledger = match &mut ledger {
            Some(ledger) => ledger,
            None => ledger.insert(services.store.consents(environment, user).await?),
        };
        let Some(action) = action(&topic, word, ledger, tenant, write.now) else {
            continue;
        };
        if action == ConsentAction::Pending {
            asked.push(topic.name.clone());
        }
        lines.push(Consent {
            action,
            at: write.now,
            wording: Some(wording.seen(services, speaker, &topic).await?),
            topic_id,
            tenant_id: write.tenant_id.clone(),
            source: write.source.clone(),
            message_id: write.evidence.message_id.clone(),
        });
    }
    if !asked.is_empty() {
        let ledger = ledger.as_deref().unwrap_or_default();
        write.mail = confirmation::mail(services, speaker, &asked, ledger, write.now).await?;
    }
    write.consents = lines;
    if let (Some(seen), Some(ledger)) = (&mut write.seen, &ledger) {
        seen.consents = Some(u64::try_from(ledger.len()).unwrap_or(u64::MAX));
    }
    Ok(write)
}

/// What is said of a topic's messages in one layer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Word {
    /// They are wanted.
    Yes,
    /// They are not.
    No,
    /// Nothing any more: what lies beneath counts again.
    Silence,
}

/// Of which topics a change says something new. Who chooses channels or a rhythm says nothing of whether.
fn words(write: &PreferenceWrite, spoken: &[TopicId]) -> Vec<(TopicId, Word)> {
    let set = write.set.iter().filter(|said| spoken.contains(&said.topic_id));
    let word = |status| match status {
        Some(PreferenceStatus::OptedIn) => Word::Yes,
        Some(PreferenceStatus::OptedOut) => Word::No,
        Some(PreferenceStatus::Required) | None => Word::Silence,
    };
    let mut words: Vec<_> = set
        .map(|said| (said.topic_id.clone(), word(said.preference.status)))
        .collect();
    let before = write.seen.iter().flat_map(|seen| &seen.said);
    let back = before.filter(|said| said.preference.status.is_some() && write.takes_back(&said.topic_id));
    words.extend(back.map(|said| (said.topic_id.clone(), Word::Silence)));
    words
}

/// What a word means for the ledger; none when it says nothing new.
fn action(
    topic: &Topic,
    word: Word,
    ledger: &[Consent],
    tenant: Option<&str>,
    now: Timestamp,
) -> Option<ConsentAction> {
    match (word, consent::state(ledger, &topic.id, tenant)) {
        (Word::Yes, ConsentState::Given) | (Word::No, ConsentState::None) => None,
        (Word::Yes, _) if !topic.double_opt_in => Some(ConsentAction::Granted),
        (Word::Yes, ConsentState::Pending) => {
            let asked = consent::decisive(ledger, &topic.id, tenant)?.at;
            (asked.plus(confirmation::AGAIN_AFTER_MS) <= now).then_some(ConsentAction::Pending)
        }
        (Word::Yes, ConsentState::None) => Some(ConsentAction::Pending),
        (Word::No, _) => Some(ConsentAction::Withdrawn),
        (Word::Silence, state) if tenant.is_none() => (state != ConsentState::None).then_some(ConsentAction::Withdrawn),
        (Word::Silence, _) => {
            let own = consent::last(ledger, &topic.id, tenant)?;
            (own.action != ConsentAction::Reset).then_some(ConsentAction::Reset)
        }
    }
}

/// What an erasure left.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Erased {
    /// What stands in place of the person. Only who has this server's secret and the person's id can tell that the two
    /// belong together.
    pub pseudonym: UserId,
    /// How many lines of the consent ledger stay as proof.
    pub proof: u64,
}

/// Erases what a person said, and leaves proof that names nobody.
///
/// # Errors
/// When the store fails.
pub async fn erase(services: &Services, environment: Environment, user: &UserId) -> Result<Erased> {
    let pseudonym = pseudonym(services, environment, user).await?;
    let now = services.clock.now();
    let proof = services
        .store
        .erase_preferences(environment, user, &pseudonym, now)
        .await?;
    Ok(Erased { pseudonym, proof })
}

/// What stands in place of a person who is erased: the same one for the same person.
///
/// # Errors
/// When the store fails.
pub(crate) async fn pseudonym(services: &Services, environment: Environment, user: &UserId) -> Result<UserId> {
    let random = services.random.as_ref();
    let secret = environment_secret(services.store.as_ref(), &services.vault, random, environment, "erasure").await?;
    let mut mac = keyed(&secret);
    mac.update(user.as_str().as_bytes());
    let mut hash = hex::encode(mac.finalize().into_bytes());
    hash.truncate(PSEUDONYM);
    Ok(UserId::from(format!("erased:{hash}")))
}

/// Whether a link that was made for a person at a moment may speak for them no more: their links were revoked since, or
/// what they said was erased.
///
/// # Errors
/// When the store cannot be read.
pub async fn is_revoked(
    services: &Services,
    environment: Environment,
    user: &UserId,
    issued: Timestamp,
) -> Result<bool> {
    let revoked = services.store.links_revoked(environment, user).await?;
    if revoked.is_some_and(|before| issued < before) {
        return Ok(true);
    }
    // An erasure leaves nothing under the person's own name, so it is found under what stands in its place.
    let pseudonym = pseudonym(services, environment, user).await?;
    let proof = services.store.consents(environment, &pseudonym).await?;
    let erased = proof.iter().rfind(|line| line.action == ConsentAction::Erased);
    Ok(erased.is_some_and(|line| issued <= line.at))
}
