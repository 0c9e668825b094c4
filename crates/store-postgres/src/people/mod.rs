//! People: profiles, device tokens, preferences.

pub(crate) mod consents;
mod links;
mod preference_log;
mod preferences;
pub(crate) mod profiles;
mod sends;
mod tokens;

use async_trait::async_trait;
use tidings_store::{
    Admission, DeviceToken, OptOuts, Page, PageRequest, People, PreferenceChange, PreferenceLogFilter, PreferenceWrite,
    ProfileChange, StoredPreference,
};
use tidings_types::consent::Consent;
use tidings_types::{Environment, Object, Result, Timestamp, TopicId, UserId};

use crate::PostgresStore;
use crate::codec;
use crate::fault::Outcome;
use crate::sql::Sql;

/// The first half of the advisory lock of a person: "user" in ASCII. The other half is a hash of who it is.
const LOCK: i32 = 0x7573_6572;

/// Keeps others from changing what is known of a person, until the transaction ends. What is read is then written
/// without anything lost in between, whether or not there are rows yet. Two people may share a lock, which only costs
/// time.
pub(crate) async fn lock(sql: &Sql<'_>, environment: Environment, user: &UserId) -> Outcome<()> {
    sql.rows(
        "SELECT pg_advisory_xact_lock($1, hashtext($2::int2::text || ' ' || $3))",
        &[&LOCK, &codec::environment(environment), &user.as_str()],
    )
    .await
    .map(drop)
}

#[async_trait]
impl People for PostgresStore {
    async fn profile(&self, environment: Environment, user: &UserId) -> Result<Option<Object>> {
        profiles::profile(&self.database, environment, user).await
    }

    async fn profiles(&self, environment: Environment, page: PageRequest) -> Result<Page<(UserId, Object)>> {
        profiles::page(&self.database, environment, &page).await
    }

    async fn is_known(&self, environment: Environment, user: &UserId) -> Result<bool> {
        profiles::is_known(&self.database, environment, user).await
    }

    async fn change_profile(
        &self,
        environment: Environment,
        user: &UserId,
        change: ProfileChange,
        now: Timestamp,
    ) -> Result<Object> {
        self.write(profiles::Update {
            environment,
            user,
            change,
            now,
        })
        .await
    }

    async fn delete_profile(&self, environment: Environment, user: &UserId) -> Result<bool> {
        profiles::delete(self, environment, user).await
    }

    async fn tokens(&self, environment: Environment, user: &UserId) -> Result<Vec<DeviceToken>> {
        tokens::of_user(&self.database, environment, user).await
    }

    async fn put_tokens(&self, environment: Environment, user: &UserId, tokens: Vec<DeviceToken>) -> Result<()> {
        self.write(tokens::Put {
            environment,
            user,
            tokens,
        })
        .await
    }

    async fn delete_token(&self, environment: Environment, user: &UserId, token: &str) -> Result<bool> {
        tokens::delete(self, environment, user, token).await
    }

    async fn preferences(
        &self,
        environment: Environment,
        user: &UserId,
        tenant: Option<&str>,
    ) -> Result<Vec<StoredPreference>> {
        preferences::all(&self.database, environment, user, tenant).await
    }

    async fn preference(
        &self,
        environment: Environment,
        user: &UserId,
        tenant: Option<&str>,
        topic: &TopicId,
    ) -> Result<Option<StoredPreference>> {
        preferences::one(&self.database, environment, user, tenant, topic).await
    }

    async fn write_preferences(
        &self,
        environment: Environment,
        user: &UserId,
        write: PreferenceWrite,
    ) -> Result<Vec<TopicId>> {
        self.write(preferences::SetAndUnset {
            environment,
            user,
            write,
        })
        .await
    }

    async fn preference_log(
        &self,
        environment: Environment,
        filter: PreferenceLogFilter,
        page: PageRequest,
    ) -> Result<Page<PreferenceChange>> {
        preference_log::page(&self.database, environment, &filter, &page).await
    }

    async fn opt_outs_by_domain(
        &self,
        environment: Environment,
        since: Timestamp,
        people: u32,
    ) -> Result<Vec<OptOuts>> {
        preference_log::opt_outs(&self.database, environment, since, people).await
    }

    async fn revoke_links(&self, environment: Environment, user: &UserId, before: Timestamp) -> Result<()> {
        self.write(links::Revoke {
            environment,
            user,
            before,
        })
        .await
    }

    async fn links_revoked(&self, environment: Environment, user: &UserId) -> Result<Option<Timestamp>> {
        links::revoked(&self.database, environment, user).await
    }

    async fn consents(&self, environment: Environment, user: &UserId) -> Result<Vec<Consent>> {
        consents::of_user(&self.database, environment, user).await
    }

    async fn admit(&self, environment: Environment, user: &UserId, admission: Admission) -> Result<Option<usize>> {
        self.write(sends::Admit {
            environment,
            user,
            admission,
        })
        .await
    }

    async fn erase_preferences(
        &self,
        environment: Environment,
        user: &UserId,
        pseudonym: &UserId,
        now: Timestamp,
    ) -> Result<u64> {
        self.write(consents::Erase {
            environment,
            user,
            pseudonym,
            now,
        })
        .await
    }
}
