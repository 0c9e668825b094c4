//! What a change of preferences means for the consent ledger, and erasing a person from both.

use hmac::Mac as _;
use tidings_store::PreferenceWrite;
use tidings_types::consent::{self, Consent, ConsentAction};
use tidings_types::{Classification, Environment, PreferenceStatus, Result, TopicId, UserId};

use crate::Services;
use crate::links::environment_secret;
use crate::mac::keyed;

/// How many characters of the hash stand for a person who was erased: 128 bits.
const PSEUDONYM: usize = 32;

/// Puts lines for the consent ledger into a change: opting in to marketing is consent, and anything else takes it back.
///
/// # Errors
/// When the store cannot be read.
pub async fn with_consents(
    services: &Services,
    environment: Environment,
    user: &UserId,
    mut write: PreferenceWrite,
    wording: Option<&str>,
) -> Result<PreferenceWrite> {
    let tenant = write.tenant_id.as_deref();
    let mut spoken: Vec<(TopicId, bool)> = Vec::new();
    for said in &write.set {
        spoken.push((
            said.topic_id.clone(),
            said.preference.status == Some(PreferenceStatus::OptedIn),
        ));
    }
    let known = services.store.preferences(environment, user, tenant).await?;
    let back = known
        .into_iter()
        .map(|one| one.topic_id)
        .filter(|topic| write.takes_back(topic));
    spoken.extend(back.map(|topic| (topic, false)));
    let mut ledger = None;
    let mut lines = Vec::new();
    for (topic_id, agrees) in spoken {
        let topic = services.documents().topic(environment, topic_id.as_str()).await?;
        if topic.is_none_or(|topic| topic.class() != Classification::Marketing) {
            continue;
        }
        let ledger = match &mut ledger {
            Some(ledger) => ledger,
            None => ledger.insert(services.store.consents(environment, user).await?),
        };
        if agrees != consent::holds(ledger, &topic_id, tenant) {
            lines.push(Consent {
                topic_id,
                tenant_id: write.tenant_id.clone(),
                action: if agrees {
                    ConsentAction::Granted
                } else {
                    ConsentAction::Withdrawn
                },
                at: write.now,
                source: write.source.clone(),
                wording: wording.map(str::to_owned),
                message_id: write.evidence.message_id.clone(),
            });
        }
    }
    write.consents = lines;
    Ok(write)
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
    let random = services.random.as_ref();
    let secret = environment_secret(services.store.as_ref(), &services.vault, random, environment, "erasure").await?;
    let mut mac = keyed(&secret);
    mac.update(user.as_str().as_bytes());
    let mut hash = hex::encode(mac.finalize().into_bytes());
    hash.truncate(PSEUDONYM);
    let pseudonym = UserId::from(format!("erased:{hash}"));
    let now = services.clock.now();
    let proof = services
        .store
        .erase_preferences(environment, user, &pseudonym, now)
        .await?;
    Ok(Erased { pseudonym, proof })
}
