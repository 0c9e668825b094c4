//! Taking a change back: what was said before is said again.

use tidings_store::{PageRequest, PreferenceLogFilter, StoredPreference};
use tidings_types::{Result, Timestamp};

use super::said::Said;
use super::write::{Speaker, Written, store};
use crate::Services;

/// No change of one moment has more topics than this.
const MOST: u32 = 500;

/// Takes back what the speaker changed at a moment. What was changed again since stays as it is now.
///
/// # Errors
/// When the store fails.
pub async fn undo(services: &Services, speaker: &Speaker<'_>, at: Timestamp) -> Result<Written> {
    let filter = PreferenceLogFilter {
        user_id: Some(speaker.user.clone()),
        tenant_id: None,
        since: Some(at),
    };
    let page = PageRequest {
        after: None,
        limit: MOST,
    };
    let log = services.store.preference_log(speaker.environment, filter, page).await?;
    let now = services.clock.now();
    let mut restored = Written {
        at: now,
        said: Vec::new(),
    };
    for tenant in [None, speaker.tenant] {
        let said = Said::read(services, speaker.environment, Some(speaker.user), tenant).await?;
        let mut back = Vec::new();
        for change in &log.items {
            let ours =
                change.at == at && change.tenant_id.as_deref() == tenant && change.source == speaker.origin.as_str();
            let is_current = said.written(&change.topic_id) == change.after.clone().unwrap_or_else(|| silent(change));
            if ours && is_current {
                back.push(change.before.clone().unwrap_or_else(|| silent(change)));
            }
        }
        let here = Speaker {
            tenant,
            ..speaker.clone()
        };
        store(services, &here, back.clone(), now).await?;
        restored.said.extend(back);
        if speaker.tenant.is_none() {
            break;
        }
    }
    Ok(restored)
}

/// The moment of the last change the speaker made in the same place, not before `since`.
///
/// # Errors
/// When the store fails.
pub async fn last_change(services: &Services, speaker: &Speaker<'_>, since: Timestamp) -> Result<Option<Timestamp>> {
    let filter = PreferenceLogFilter {
        user_id: Some(speaker.user.clone()),
        tenant_id: None,
        since: Some(since),
    };
    let page = PageRequest {
        after: None,
        limit: MOST,
    };
    let log = services.store.preference_log(speaker.environment, filter, page).await?;
    let ours = log.items.iter().find(|change| {
        let here = change.tenant_id.is_none() || change.tenant_id.as_deref() == speaker.tenant;
        here && change.source == speaker.origin.as_str()
    });
    Ok(ours.map(|change| change.at))
}

fn silent(change: &tidings_store::PreferenceChange) -> StoredPreference {
    StoredPreference::silent(change.topic_id.clone())
}
