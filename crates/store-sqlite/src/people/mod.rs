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

use crate::SqliteStore;

#[async_trait]
impl People for SqliteStore {
    async fn profile(&self, environment: Environment, user: &UserId) -> Result<Option<Object>> {
        let user = user.clone();
        self.read(move |sql| profiles::profile(sql, environment, &user)).await
    }

    async fn profiles(&self, environment: Environment, page: PageRequest) -> Result<Page<(UserId, Object)>> {
        self.read(move |sql| profiles::page(sql, environment, &page)).await
    }

    async fn is_known(&self, environment: Environment, user: &UserId) -> Result<bool> {
        let user = user.clone();
        self.read(move |sql| profiles::is_known(sql, environment, &user)).await
    }

    async fn change_profile(
        &self,
        environment: Environment,
        user: &UserId,
        change: ProfileChange,
        now: Timestamp,
    ) -> Result<Object> {
        let user = user.clone();
        self.write(move |write| profiles::change(write.sql, environment, &user, &change, now))
            .await
    }

    async fn delete_profile(&self, environment: Environment, user: &UserId) -> Result<bool> {
        let user = user.clone();
        self.write(move |write| profiles::delete(write.sql, environment, &user))
            .await
    }

    async fn tokens(&self, environment: Environment, user: &UserId) -> Result<Vec<DeviceToken>> {
        let user = user.clone();
        self.read(move |sql| tokens::of_user(sql, environment, &user)).await
    }

    async fn put_tokens(&self, environment: Environment, user: &UserId, tokens: Vec<DeviceToken>) -> Result<()> {
        let user = user.clone();
        self.write(move |write| tokens::put(write.sql, environment, &user, &tokens))
            .await
    }

    async fn delete_token(&self, environment: Environment, user: &UserId, token: &str) -> Result<bool> {
        let (user, token) = (user.clone(), token.to_owned());
        self.write(move |write| tokens::delete(write.sql, environment, &user, &token))
            .await
    }

    async fn preferences(
        &self,
        environment: Environment,
        user: &UserId,
        tenant: Option<&str>,
    ) -> Result<Vec<StoredPreference>> {
        let (user, tenant) = (user.clone(), tenant.map(str::to_owned));
        self.read(move |sql| preferences::all(sql, environment, &user, tenant.as_deref()))
            .await
    }

    async fn preference(
        &self,
        environment: Environment,
        user: &UserId,
        tenant: Option<&str>,
        topic: &TopicId,
    ) -> Result<Option<StoredPreference>> {
        let (user, tenant, topic) = (user.clone(), tenant.map(str::to_owned), topic.clone());
        self.read(move |sql| preferences::one(sql, environment, &user, tenant.as_deref(), &topic))
            .await
    }

    async fn write_preferences(
        &self,
        environment: Environment,
        user: &UserId,
        write: PreferenceWrite,
    ) -> Result<Vec<TopicId>> {
        let user = user.clone();
        self.write(move |job| preferences::write(job, environment, &user, &write))
            .await
    }

    async fn preference_log(
        &self,
        environment: Environment,
        filter: PreferenceLogFilter,
        page: PageRequest,
    ) -> Result<Page<PreferenceChange>> {
        self.read(move |sql| preference_log::page(sql, environment, &filter, &page))
            .await
    }

    async fn opt_outs_by_domain(
        &self,
        environment: Environment,
        since: Timestamp,
        people: u32,
    ) -> Result<Vec<OptOuts>> {
        self.read(move |sql| preference_log::opt_outs(sql, environment, since, people))
            .await
    }

    async fn revoke_links(&self, environment: Environment, user: &UserId, before: Timestamp) -> Result<()> {
        let user = user.clone();
        self.write(move |write| links::revoke(write.sql, environment, &user, before))
            .await
    }

    async fn links_revoked(&self, environment: Environment, user: &UserId) -> Result<Option<Timestamp>> {
        let user = user.clone();
        self.read(move |sql| links::revoked(sql, environment, &user)).await
    }

    async fn consents(&self, environment: Environment, user: &UserId) -> Result<Vec<Consent>> {
        let user = user.clone();
        self.read(move |sql| consents::of_user(sql, environment, &user)).await
    }

    async fn admit(&self, environment: Environment, user: &UserId, admission: Admission) -> Result<Option<usize>> {
        let user = user.clone();
        self.write(move |write| sends::admit(write.sql, environment, &user, &admission))
            .await
    }

    async fn erase_preferences(
        &self,
        environment: Environment,
        user: &UserId,
        pseudonym: &UserId,
        now: Timestamp,
    ) -> Result<u64> {
        let (user, pseudonym) = (user.clone(), pseudonym.clone());
        self.write(move |write| consents::erase(write.sql, environment, &user, &pseudonym, now))
            .await
    }
}
