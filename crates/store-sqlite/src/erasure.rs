//! Forgetting a person altogether.

use async_trait::async_trait;
use rusqlite::{Connection, OptionalExtension, ToSql, params, params_from_iter};
use tidings_store::erasure::nameless;
use tidings_store::{ErasedMessages, Erasure, NewJob, redact};
use tidings_types::{Environment, MessageId, Result, Timestamp, UserId};

use crate::fault::Outcome;
use crate::messages::cancel;
use crate::people::consents;
use crate::{SqliteStore, codec, jobs};

/// What is known of a person, besides what they said and the messages to them.
const KNOWN: [&str; 14] = [
    "DELETE FROM profiles WHERE environment = ?1 AND user_id = ?2",
    "DELETE FROM tokens WHERE environment = ?1 AND user_id = ?2",
    "DELETE FROM memberships WHERE environment = ?1 AND user_id = ?2",
    "DELETE FROM subscriptions WHERE environment = ?1 AND user_id = ?2",
    "DELETE FROM list_leavers WHERE environment = ?1 AND user_id = ?2",
    "DELETE FROM audience_members WHERE environment = ?1 AND user_id = ?2",
    "DELETE FROM digest_events WHERE environment = ?1 AND user_id = ?2",
    "DELETE FROM digest_instances WHERE environment = ?1 AND user_id = ?2",
    "DELETE FROM feed WHERE environment = ?1 AND user_id = ?2",
    "DELETE FROM feed_tags WHERE environment = ?1 AND user_id = ?2",
    "DELETE FROM feed_changes WHERE environment = ?1 AND user_id = ?2",
    "DELETE FROM feed_sources WHERE environment = ?1 AND user_id = ?2",
    "DELETE FROM feed_ends WHERE environment = ?1 AND user_id = ?2",
    "UPDATE track_events SET user_id = NULL, properties = '{}' WHERE environment = ?1 AND user_id = ?2",
];

/// What is kept of one message, by environment, id, person, pseudonym and new id.
const OF_MESSAGE: [&str; 8] = [
    "DELETE FROM work WHERE environment = ?1 AND id = ?2",
    "DELETE FROM events WHERE environment = ?1 AND message_id = ?2",
    "DELETE FROM outputs WHERE environment = ?1 AND message_id = ?2",
    "DELETE FROM outbox WHERE environment = ?1 AND message_id = ?2",
    "DELETE FROM feed WHERE environment = ?1 AND message_id = ?2 AND user_id = ?3",
    "DELETE FROM feed_tags WHERE environment = ?1 AND message_id = ?2 AND user_id = ?3",
    "UPDATE bulk_users SET recipient = ?4, body = '{}', error = NULL, message_id = ?5
     WHERE environment = ?1 AND recipient = ?3
         AND job_id = (SELECT request_id FROM messages WHERE environment = ?1 AND id = ?2)",
    "UPDATE messages SET id = ?5, recipient = ?4, user_id = ?4, to_entry = json_object('user_id', ?4), tags = '[]', trace_id = NULL,
         error = NULL, providers = NULL, progress = NULL, trace = NULL, told = NULL, redacted = 1
     WHERE environment = ?1 AND id = ?2",
];

#[async_trait]
impl Erasure for SqliteStore {
    async fn erase_person(
        &self,
        environment: Environment,
        user: &UserId,
        pseudonym: &UserId,
        job: NewJob,
        now: Timestamp,
    ) -> Result<u64> {
        let (user, pseudonym) = (user.clone(), pseudonym.clone());
        self.write(move |write| {
            let proof = consents::erase(write.sql, environment, &user, &pseudonym, now)?;
            for statement in KNOWN {
                write
                    .sql
                    .prepare_cached(statement)?
                    .execute(params![codec::environment(environment), user.as_str()])?;
            }
            jobs::insert(write.sql, &job)?;
            Ok(proof)
        })
        .await
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
        let (user, pseudonym) = (user.clone(), pseudonym.clone());
        self.write(move |write| {
            let mut page = ErasedMessages::default();
            for id in due(write.sql, environment, &user, until, limit)? {
                if write.leases.is_held(&(environment, id.clone())) {
                    page.under_way += 1;
                    continue;
                }
                // Where it is too late, it has ended.
                cancel::cancel(write, environment, &id, now)?;
                erase(write.sql, environment, &id, &user, &pseudonym)?;
                page.erased += 1;
            }
            Ok(page)
        })
        .await
    }
}

/// The oldest messages to a person.
fn due(
    sql: &Connection,
    environment: Environment,
    user: &UserId,
    until: Timestamp,
    limit: u32,
) -> Outcome<Vec<MessageId>> {
    let found = sql
        .prepare_cached(
            "SELECT id FROM messages WHERE environment = ?1 AND recipient = ?2 AND enqueued <= ?3
             ORDER BY enqueued LIMIT ?4",
        )?
        .query_map(
            params![codec::environment(environment), user.as_str(), until.as_millis(), limit],
            |row| row.get::<_, String>(0).map(MessageId::from),
        )?
        .collect::<rusqlite::Result<_>>()?;
    Ok(found)
}

/// Takes a person out of a message.
fn erase(sql: &Connection, environment: Environment, id: &MessageId, user: &UserId, pseudonym: &UserId) -> Outcome<()> {
    let place = codec::environment(environment);
    let new = nameless(id, user, pseudonym);
    for statement in OF_MESSAGE {
        let mut statement = sql.prepare_cached(statement)?;
        let values: [&dyn ToSql; 5] = [&place, &id.as_str(), &user.as_str(), &pseudonym.as_str(), &new.as_str()];
        let named = values.iter().take(statement.parameter_count());
        statement.execute(params_from_iter(named))?;
    }
    // A request to many keeps what it says to all of them; that of one message has its id.
    let spec: Option<String> = sql
        .prepare_cached("SELECT spec FROM requests WHERE environment = ?1 AND id = ?2")?
        .query_row(params![place, id.as_str()], |row| row.get(0))
        .optional()?;
    if let Some(spec) = spec {
        sql.prepare_cached("UPDATE requests SET spec = ?3 WHERE environment = ?1 AND id = ?2")?
            .execute(params![
                place,
                id.as_str(),
                redact::in_text(&spec, redact::forgotten_spec)
            ])?;
    }
    Ok(())
}
