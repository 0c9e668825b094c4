//! Forgetting a person altogether.

use async_trait::async_trait;
use tidings_store::erasure::nameless;
use tidings_store::{ErasedMessages, Erasure, NewJob, redact};
use tidings_types::{Environment, MessageId, Result, Timestamp, UserId};

use crate::PostgresStore;
use crate::codec::{self, Cells};
use crate::fault::Outcome;
use crate::jobs;
use crate::messages::cancel::Cancel;
use crate::people::consents;
use crate::sql::{Parameter, Sql};
use crate::transaction::Operation;

/// What is known of a person, besides what they said and the messages to them.
const KNOWN: [&str; 13] = [
    "DELETE FROM profiles WHERE environment = $1 AND user_id = $2",
    "DELETE FROM tokens WHERE environment = $1 AND user_id = $2",
    "DELETE FROM memberships WHERE environment = $1 AND user_id = $2",
    "DELETE FROM subscriptions WHERE environment = $1 AND user_id = $2",
    "DELETE FROM list_leavers WHERE environment = $1 AND user_id = $2",
    "DELETE FROM audience_members WHERE environment = $1 AND user_id = $2",
    "DELETE FROM digest_events WHERE environment = $1 AND user_id = $2",
    "DELETE FROM digest_instances WHERE environment = $1 AND user_id = $2",
    "DELETE FROM feed WHERE environment = $1 AND user_id = $2",
    "DELETE FROM feed_changes WHERE environment = $1 AND user_id = $2",
    "DELETE FROM feed_sources WHERE environment = $1 AND user_id = $2",
    "DELETE FROM feed_ends WHERE environment = $1 AND user_id = $2",
    "UPDATE track_events SET user_id = NULL, properties = '{}' WHERE environment = $1 AND user_id = $2",
];

/// What is kept of one message, by environment and id.
const OF_MESSAGE: [&str; 4] = [
    "DELETE FROM work WHERE environment = $1 AND id = $2",
    "DELETE FROM events WHERE environment = $1 AND message_id = $2",
    "DELETE FROM outputs WHERE environment = $1 AND message_id = $2",
    "DELETE FROM outbox WHERE environment = $1 AND message_id = $2",
];

#[async_trait]
impl Erasure for PostgresStore {
    async fn erase_person(
        &self,
        environment: Environment,
        user: &UserId,
        pseudonym: &UserId,
        job: NewJob,
        now: Timestamp,
    ) -> Result<u64> {
        let jobs = [job];
        let said = consents::Erase {
            environment,
            user,
            pseudonym,
            now,
        };
        let news = jobs::news(&jobs);
        self.write_and_tell(Person { said, jobs: &jobs }, news).await
    }

    async fn erase_messages(
        &self,
        environment: Environment,
        user: &UserId,
        pseudonym: &UserId,
        until: Timestamp,
        limit: u32,
        now: Timestamp,
    ) -> Result<ErasedMessages> {
        self.write(MessagesTo {
            environment,
            user,
            pseudonym,
            until,
            limit,
            now,
        })
        .await
    }
}

struct Person<'a> {
    said: consents::Erase<'a>,
    jobs: &'a [NewJob],
}

#[async_trait]
impl Operation for Person<'_> {
    type Output = u64;

    async fn run(&self, sql: &Sql<'_>) -> Outcome<u64> {
        let proof = self.said.run(sql).await?;
        let environment = codec::environment(self.said.environment);
        for statement in KNOWN {
            sql.execute(statement, &[&environment, &self.said.user.as_str()])
                .await?;
        }
        jobs::enqueue(sql, self.jobs).await?;
        Ok(proof)
    }
}

struct MessagesTo<'a> {
    environment: Environment,
    user: &'a UserId,
    pseudonym: &'a UserId,
    until: Timestamp,
    limit: u32,
    now: Timestamp,
}

#[async_trait]
impl Operation for MessagesTo<'_> {
    type Output = ErasedMessages;

    async fn run(&self, sql: &Sql<'_>) -> Outcome<ErasedMessages> {
        let mut page = ErasedMessages::default();
        for id in self.due(sql).await? {
            let cancel = Cancel {
                environment: self.environment,
                id: &id,
                now: self.now,
            };
            // Where it is too late, it has ended, or a node holds it.
            cancel.run(sql).await?;
            if self.is_under_way(sql, &id).await? {
                page.under_way += 1;
                continue;
            }
            self.erase(sql, &id).await?;
            page.erased += 1;
        }
        Ok(page)
    }
}

impl MessagesTo<'_> {
    /// The oldest ones.
    async fn due(&self, sql: &Sql<'_>) -> Outcome<Vec<MessageId>> {
        let rows = sql
            .rows(
                "SELECT id FROM messages WHERE environment = $1 AND recipient = $2 AND enqueued <= $3
                 ORDER BY enqueued LIMIT $4",
                &[
                    &codec::environment(self.environment),
                    &self.user.as_str(),
                    &self.until.as_millis(),
                    &i64::from(self.limit),
                ],
            )
            .await?;
        rows.iter()
            .map(|row| Ok(MessageId::from(Cells::new(row).take::<&str>()?)))
            .collect()
    }

    async fn is_under_way(&self, sql: &Sql<'_>, id: &MessageId) -> Outcome<bool> {
        let row = sql
            .row(
                "SELECT 1 FROM work WHERE environment = $1 AND id = $2 AND leased_until > now()",
                &[&codec::environment(self.environment), &id.as_str()],
            )
            .await?;
        Ok(row.is_some())
    }

    async fn erase(&self, sql: &Sql<'_>, id: &MessageId) -> Outcome<()> {
        let new = nameless(id, self.user, self.pseudonym);
        let new = new.as_str();
        let (environment, id) = (codec::environment(self.environment), id.as_str());
        let (user, pseudonym) = (self.user.as_str(), self.pseudonym.as_str());
        for statement in OF_MESSAGE {
            sql.execute(statement, &[&environment, &id]).await?;
        }
        sql.execute(
            "DELETE FROM feed WHERE environment = $1 AND message_id = $2 AND user_id = $3",
            &[&environment, &id, &user],
        )
        .await?;
        let all: [Parameter<'_>; 5] = [&environment, &id, &user, &pseudonym, &new];
        sql.execute(
            "UPDATE bulk_users SET recipient = $4, body = '{}', error = NULL, message_id = $5
             WHERE environment = $1 AND recipient = $3
                 AND job_id = (SELECT request_id FROM messages WHERE environment = $1 AND id = $2)",
            &all,
        )
        .await?;
        sql.execute(
            "UPDATE messages SET id = $4, recipient = $3, user_id = $3, to_entry = json_build_object('user_id', $3::text)::text,
                 tags = '{}', trace_id = NULL, error = NULL, providers = NULL, provider_keys = NULL, progress = NULL,
                 trace = NULL, told = NULL, redacted = true
             WHERE environment = $1 AND id = $2",
            &[&environment, &id, &pseudonym, &new],
        )
        .await?;
        // A request to many keeps what it says to all of them; that of one message has its id.
        let spec = sql
            .row(
                "SELECT spec FROM requests WHERE environment = $1 AND id = $2 FOR UPDATE",
                &[&environment, &id],
            )
            .await?;
        if let Some(row) = spec {
            let spec = redact::in_text(Cells::new(&row).take()?, redact::forgotten_spec);
            sql.execute(
                "UPDATE requests SET spec = $3 WHERE environment = $1 AND id = $2",
                &[&environment, &id, &spec],
            )
            .await?;
        }
        Ok(())
    }
}
