//! Changing what a person says of a topic, and nothing else of it.

use tidings_pipeline::LinkClaims;
use tidings_store::{PreferenceWrite, StoredPreference};
use tidings_types::{PreferenceStatus, Result, TopicId, UserId};

use crate::Pages;

/// Where a change comes from, as the preference log names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Source {
    /// The form behind the link in a mail.
    UnsubscribeLink,
    /// A mail program's own button.
    OneClick,
    /// The preference page.
    Page,
}

impl Source {
    const fn as_str(self) -> &'static str {
        match self {
            Self::UnsubscribeLink => "unsubscribe-link",
            Self::OneClick => "one-click",
            Self::Page => "page",
        }
    }
}

impl Pages {
    /// Writes preferences in the layer the link speaks of: the person's own, within the tenant if it names one.
    pub(super) async fn write(&self, claims: &LinkClaims, set: Vec<StoredPreference>, source: Source) -> Result<()> {
        if set.is_empty() {
            return Ok(());
        }
        let write = PreferenceWrite {
            tenant_id: claims.tenant_id.clone(),
            set,
            unset: Vec::new(),
            replace_all: false,
            source: source.as_str().to_owned(),
            now: self.services.clock.now(),
        };
        let user = UserId::from(claims.user_id.as_str());
        self.services
            .store
            .write_preferences(claims.environment, &user, write)
            .await?;
        Ok(())
    }

    /// Opts in or out of one topic; channels and pauses stay as they were.
    pub(super) async fn opt(
        &self,
        claims: &LinkClaims,
        topic: &TopicId,
        status: PreferenceStatus,
        source: Source,
    ) -> Result<()> {
        let user = UserId::from(claims.user_id.as_str());
        let tenant = claims.tenant_id.as_deref();
        let known = self
            .services
            .store
            .preference(claims.environment, &user, tenant, topic)
            .await?;
        let mut stored = known.unwrap_or_else(|| StoredPreference::silent(topic.clone()));
        stored.preference.status = Some(status);
        self.write(claims, vec![stored], source).await
    }
}
