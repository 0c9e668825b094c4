//! Lists and who is on them.

mod fill;
mod read;
mod said;
mod write;

use async_trait::async_trait;
use tidings_store::lists::By;
use tidings_store::{ListOfUser, ListRow, Lists, NewJob, NewSubscription, Page, PageRequest, Subscription};
use tidings_types::{Environment, Object, Result, Timestamp, UserId};

use crate::SqliteStore;

#[async_trait]
impl Lists for SqliteStore {
    async fn put_list(
        &self,
        environment: Environment,
        id: &str,
        name: &str,
        preferences: Option<Object>,
        now: Timestamp,
    ) -> Result<()> {
        let (id, name) = (id.to_owned(), name.to_owned());
        self.write(move |job| write::put(job.sql, environment, &id, &name, preferences.as_ref(), now))
            .await
    }

    async fn list(&self, environment: Environment, id: &str) -> Result<Option<ListRow>> {
        let id = id.to_owned();
        self.read(move |sql| read::list(sql, environment, &id)).await
    }

    async fn lists(&self, environment: Environment, prefix: &str, page: PageRequest) -> Result<Page<ListRow>> {
        let prefix = prefix.to_owned();
        self.read(move |sql| read::lists(sql, environment, &prefix, &page))
            .await
    }

    async fn delete_list(&self, environment: Environment, id: &str, now: Timestamp) -> Result<bool> {
        let id = id.to_owned();
        self.write(move |job| write::delete(job.sql, environment, &id, now))
            .await
    }

    async fn restore_list(&self, environment: Environment, id: &str, now: Timestamp) -> Result<bool> {
        let id = id.to_owned();
        self.write(move |job| write::restore(job.sql, environment, &id, now))
            .await
    }

    async fn subscribe(
        &self,
        environment: Environment,
        list: &str,
        people: Vec<NewSubscription>,
        replace: bool,
        by: By,
    ) -> Result<()> {
        let list = list.to_owned();
        self.write_later(people.len(), move |job| {
            write::subscribe(job.sql, environment, &list, &people, replace, by)
        })
        .await
    }

    async fn subscribe_later(
        &self,
        environment: Environment,
        list: &str,
        replace: bool,
        new: NewJob,
        now: Timestamp,
    ) -> Result<()> {
        let list = list.to_owned();
        self.write(move |job| fill::ask(job, environment, &list, replace, &new, now))
            .await
    }

    async fn fill_list(
        &self,
        environment: Environment,
        list: &str,
        name: &str,
        people: Vec<NewSubscription>,
        by: By,
    ) -> Result<bool> {
        let (list, name) = (list.to_owned(), name.to_owned());
        self.write_later(people.len(), move |job| {
            fill::people(job.sql, environment, &list, &name, &people, by)
        })
        .await
    }

    async fn end_fill(
        &self,
        environment: Environment,
        list: &str,
        name: &str,
        replace: bool,
        limit: u32,
        by: By,
    ) -> Result<bool> {
        let (list, name) = (list.to_owned(), name.to_owned());
        self.write_later(usize::try_from(limit).unwrap_or(usize::MAX), move |job| {
            fill::end(job.sql, environment, &list, &name, replace, limit, by)
        })
        .await
    }

    async fn is_being_filled(&self, environment: Environment, list: &str, asked: Timestamp) -> Result<bool> {
        let list = list.to_owned();
        self.read(move |sql| fill::is_under_way(sql, environment, &list, asked))
            .await
    }

    async fn subscribe_to(
        &self,
        environment: Environment,
        user: &UserId,
        lists: Vec<(String, Option<Object>)>,
        by: By,
    ) -> Result<()> {
        let user = user.clone();
        self.write(move |job| {
            for (list, preferences) in &lists {
                let one = NewSubscription {
                    user_id: user.clone(),
                    preferences: preferences.clone(),
                };
                write::subscribe(job.sql, environment, list, &[one], false, by)?;
            }
            Ok(())
        })
        .await
    }

    async fn unsubscribe(&self, environment: Environment, list: &str, users: Vec<UserId>, by: By) -> Result<u64> {
        let list = list.to_owned();
        self.write(move |job| write::unsubscribe(job.sql, environment, &list, &users, by))
            .await
    }

    async fn unsubscribe_from_all(&self, environment: Environment, user: &UserId, by: By) -> Result<()> {
        let user = user.clone();
        self.write(move |job| write::unsubscribe_from_all(job.sql, environment, &user, by))
            .await
    }

    async fn subscription(&self, environment: Environment, list: &str, user: &UserId) -> Result<Option<Subscription>> {
        let (list, user) = (list.to_owned(), user.clone());
        self.read(move |sql| read::subscription(sql, environment, &list, &user))
            .await
    }

    async fn subscriptions(
        &self,
        environment: Environment,
        list: &str,
        page: PageRequest,
    ) -> Result<Page<Subscription>> {
        let list = list.to_owned();
        self.read(move |sql| read::subscriptions(sql, environment, &list, &page))
            .await
    }

    async fn lists_of(&self, environment: Environment, user: &UserId, page: PageRequest) -> Result<Page<ListOfUser>> {
        let user = user.clone();
        self.read(move |sql| read::lists_of(sql, environment, &user, &page))
            .await
    }
}
