//! Taking a change back: what was said before is said again.

use tidings_store::{PageRequest, PreferenceChange, PreferenceLogFilter, StoredPreference};
use tidings_types::{Result, Timestamp};

use super::said::Said;
use super::write::{Change, Speaker, Written, record, spoken_for};
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
    let mut tenants: Vec<Option<String>> = vec![None];
    match speaker.tenant {
        Some(tenant) => tenants.push(Some(tenant.to_owned())),
        // Opting out of all that may be left speaks of tenants too.
        None => tenants.extend(
            spoken_for(services, speaker.environment, speaker.user, Some(at))
                .await?
                .into_iter()
                .map(Some),
        ),
    }
    for tenant in &tenants {
        let tenant = tenant.as_deref();
        let ours = |change: &&PreferenceChange| {
            change.list.is_none()
                && change.at == at
                && change.tenant_id.as_deref() == tenant
                && change.source == speaker.origin.as_str()
        };
        let plan = |said: &Said| {
            let mut back = Change::default();
            for change in log.items.iter().filter(ours) {
                let now = said.written(&change.topic_id);
                if now == change.after.clone().unwrap_or_else(|| silent(change)) {
                    let before = change.before.clone().unwrap_or_else(|| silent(change));
                    if before.preference.status != now.preference.status {
                        back.spoken.push(change.topic_id.clone());
                    }
                    back.set.push(before);
                }
            }
            Ok(back)
        };
        let here = Speaker {
            tenant,
            ..speaker.clone()
        };
        let back = record(services, &here, now, &plan).await?;
        restored.said.extend(back.said);
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
        change.list.is_none() && here && change.source == speaker.origin.as_str()
    });
    Ok(ours.map(|change| change.at))
}

fn silent(change: &PreferenceChange) -> StoredPreference {
    StoredPreference::silent(change.topic_id.clone())
}
