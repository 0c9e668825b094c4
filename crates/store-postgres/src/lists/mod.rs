//! Lists and who is on them.

mod fill;
mod leave;
mod read;
mod said;
mod write;

use async_trait::async_trait;
use tidings_store::lists::By;
use tidings_store::{ListOfUser, ListRow, Lists, NewJob, NewSubscription, Page, PageRequest, Subscription};
use tidings_types::{Environment, Object, Result, Timestamp, UserId};

use crate::PostgresStore;
use crate::codec;
use crate::notification::Notification;

#[async_trait]
impl Lists for PostgresStore {
    async fn put_list(
        &self,
        environment: Environment,
        id: &str,
        name: &str,
        preferences: Option<Object>,
        now: Timestamp,
    ) -> Result<()> {
        self.execute(
            "INSERT INTO lists AS l (environment, id, name, preferences, created, updated)
             VALUES ($1, $2, $3, $4, $5, $5)
             ON CONFLICT (environment, id) DO UPDATE SET name = excluded.name,
                 preferences = COALESCE(excluded.preferences, l.preferences), updated = excluded.updated, deleted = NULL",
            &[
                &codec::environment(environment),
                &id,
                &name,
                &preferences.as_ref().map(codec::json).transpose()?,
                &now.as_millis(),
            ],
        )
        .await
        .map(drop)
    }

    async fn list(&self, environment: Environment, id: &str) -> Result<Option<ListRow>> {
        read::list(&self.database, environment, id).await
    }

    async fn lists(&self, environment: Environment, prefix: &str, page: PageRequest) -> Result<Page<ListRow>> {
        read::lists(&self.database, environment, prefix, &page).await
    }

    async fn delete_list(&self, environment: Environment, id: &str, now: Timestamp) -> Result<bool> {
        let gone = self
            .execute(
                "UPDATE lists SET deleted = $3 WHERE environment = $1 AND id = $2 AND deleted IS NULL RETURNING 1",
                &[&codec::environment(environment), &id, &now.as_millis()],
            )
            .await?;
        Ok(!gone.is_empty())
    }

    async fn restore_list(&self, environment: Environment, id: &str, now: Timestamp) -> Result<bool> {
        let found = self
            .execute(
                "UPDATE lists SET updated = CASE WHEN deleted IS NULL THEN updated ELSE $3 END, deleted = NULL
                 WHERE environment = $1 AND id = $2 RETURNING 1",
                &[&codec::environment(environment), &id, &now.as_millis()],
            )
            .await?;
        Ok(!found.is_empty())
    }

    async fn subscribe(
        &self,
        environment: Environment,
        list: &str,
        people: Vec<NewSubscription>,
        replace: bool,
        by: By,
    ) -> Result<()> {
        let people = people.into_iter().map(|one| (list, one)).collect();
        self.write(write::Subscribe::new(
            environment,
            people,
            replace.then_some(list),
            Some(list),
            by,
        ))
        .await
    }

    async fn subscribe_later(
        &self,
        environment: Environment,
        list: &str,
        replace: bool,
        job: NewJob,
        now: Timestamp,
    ) -> Result<()> {
        let ask = fill::Ask {
            environment,
            list,
            replace,
            job,
            now,
        };
        self.write_and_tell(ask, [Notification::Jobs]).await
    }

    async fn fill_list(
        &self,
        environment: Environment,
        list: &str,
        job: &str,
        people: Vec<NewSubscription>,
        by: By,
    ) -> Result<bool> {
        self.write(fill::People::new(environment, list, job, people, by)).await
    }

    async fn end_fill(
        &self,
        environment: Environment,
        list: &str,
        job: &str,
        replace: bool,
        limit: u32,
        by: By,
    ) -> Result<bool> {
        self.write(fill::End {
            environment,
            list,
            job,
            replace,
            limit,
            by,
        })
        .await
    }

    async fn is_being_filled(&self, environment: Environment, list: &str, asked: Timestamp) -> Result<bool> {
        fill::is_under_way(&self.database, environment, list, asked).await
    }

    async fn subscribe_to(
        &self,
        environment: Environment,
        user: &UserId,
        lists: Vec<(String, Option<Object>)>,
        by: By,
    ) -> Result<()> {
        let people = lists.iter().map(|(list, preferences)| {
            let one = NewSubscription {
                user_id: user.clone(),
                preferences: preferences.clone(),
            };
            (list.as_str(), one)
        });
        self.write(write::Subscribe::new(environment, people.collect(), None, None, by))
            .await
    }

    async fn unsubscribe(&self, environment: Environment, list: &str, users: Vec<UserId>, by: By) -> Result<u64> {
        self.write(leave::Leave {
            environment,
            list,
            users,
            by,
        })
        .await
    }

    async fn unsubscribe_from_all(&self, environment: Environment, user: &UserId, by: By) -> Result<()> {
        self.write(leave::LeaveAll { environment, user, by }).await
    }

    async fn subscription(&self, environment: Environment, list: &str, user: &UserId) -> Result<Option<Subscription>> {
        read::subscription(&self.database, environment, list, user).await
    }

    async fn subscriptions(
        &self,
        environment: Environment,
        list: &str,
        page: PageRequest,
    ) -> Result<Page<Subscription>> {
        read::subscriptions(&self.database, environment, list, &page).await
    }

    async fn lists_of(&self, environment: Environment, user: &UserId, page: PageRequest) -> Result<Page<ListOfUser>> {
        read::lists_of(&self.database, environment, user, &page).await
    }
}
