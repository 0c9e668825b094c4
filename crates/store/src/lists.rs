//! Lists: people who subscribed to something by name.

use async_trait::async_trait;
use tidings_types::{Environment, Object, Result, Timestamp, UserId};

use crate::{Page, PageRequest};

/// A list.
#[derive(Clone, Debug, PartialEq)]
pub struct ListRow {
    /// Its id: up to four parts with dots between them.
    pub id: String,
    /// Its name.
    pub name: String,
    /// What its people prefer who said nothing: `{notifications, categories}`.
    pub preferences: Option<Object>,
    /// When it was made.
    pub created: Timestamp,
    /// When it was last changed.
    pub updated: Timestamp,
}

/// Somebody on a list.
#[derive(Clone, Debug, PartialEq)]
pub struct Subscription {
    /// The person.
    pub user_id: UserId,
    /// What they prefer for this list: `{notifications, categories}`.
    pub preferences: Option<Object>,
    /// Since when.
    pub created: Timestamp,
}

/// Somebody who is to be on a list.
#[derive(Clone, Debug, PartialEq)]
pub struct NewSubscription {
    /// The person.
    pub user_id: UserId,
    /// What they prefer for this list; replaces what is there.
    pub preferences: Option<Object>,
}

/// A list somebody is on.
#[derive(Clone, Debug, PartialEq)]
pub struct ListOfUser {
    /// The list.
    pub list: ListRow,
    /// What the person prefers for it.
    pub preferences: Option<Object>,
}

/// Lists and who is on them. A deleted list is absent from every verb but [`Lists::restore_list`], which brings it back
/// with its people; writing to it brings it back too.
#[async_trait]
pub trait Lists: Send + Sync + 'static {
    /// Makes a list, or changes its name and, when given, its preferences.
    async fn put_list(
        &self,
        environment: Environment,
        id: &str,
        name: &str,
        preferences: Option<Object>,
        now: Timestamp,
    ) -> Result<()>;

    /// One list.
    async fn list(&self, environment: Environment, id: &str) -> Result<Option<ListRow>>;

    /// Lists whose ids begin with `prefix`, by id.
    async fn lists(&self, environment: Environment, prefix: &str, page: PageRequest) -> Result<Page<ListRow>>;

    /// Deletes a list; its people are kept for [`Lists::restore_list`]. False when there is none.
    async fn delete_list(&self, environment: Environment, id: &str, now: Timestamp) -> Result<bool>;

    /// Brings a deleted list back; one that is there stays. False when there never was one.
    async fn restore_list(&self, environment: Environment, id: &str, now: Timestamp) -> Result<bool>;

    /// Puts people on a list, making it if need be. With `replace`, everybody else leaves it. All in one transaction.
    async fn subscribe(
        &self,
        environment: Environment,
        list: &str,
        people: Vec<NewSubscription>,
        replace: bool,
        now: Timestamp,
    ) -> Result<()>;

    /// Puts a person on several lists, making them if need be.
    async fn subscribe_to(
        &self,
        environment: Environment,
        user: &UserId,
        lists: Vec<(String, Option<Object>)>,
        now: Timestamp,
    ) -> Result<()>;

    /// Takes people off a list. Returns how many were on it.
    async fn unsubscribe(&self, environment: Environment, list: &str, users: Vec<UserId>) -> Result<u64>;

    /// Takes a person off all lists.
    async fn unsubscribe_from_all(&self, environment: Environment, user: &UserId) -> Result<()>;

    /// One subscription, of a list that is there.
    async fn subscription(&self, environment: Environment, list: &str, user: &UserId) -> Result<Option<Subscription>>;

    /// Who is on a list, by person id.
    async fn subscriptions(
        &self,
        environment: Environment,
        list: &str,
        page: PageRequest,
    ) -> Result<Page<Subscription>>;

    /// The lists a person is on, by list id.
    async fn lists_of(&self, environment: Environment, user: &UserId, page: PageRequest) -> Result<Page<ListOfUser>>;
}
