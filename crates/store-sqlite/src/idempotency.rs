//! Replies kept for repeated calls.

use async_trait::async_trait;
use rusqlite::{Connection, OptionalExtension, params};
use tidings_store::{Begin, Idempotency, IdempotencyKey, StoredReply};
use tidings_types::{Result, Timestamp};

use crate::SqliteStore;
use crate::codec::{self, Cells};
use crate::fault::Outcome;

/// A stored call.
struct Call {
    fingerprint: String,
    began: Timestamp,
    expires: Timestamp,
    reply: Option<StoredReply>,
}

#[async_trait]
impl Idempotency for SqliteStore {
    async fn begin(
        &self,
        key: &IdempotencyKey,
        fingerprint: &str,
        now: Timestamp,
        expires: Timestamp,
        running_ms: u64,
    ) -> Result<Begin> {
        let (key, fingerprint) = (key.clone(), fingerprint.to_owned());
        self.write(move |write| {
            match find(write.sql, &key)? {
                Some(call) if call.expires > now => match call.reply {
                    // A call that never finished stops counting altogether, its body included.
                    None if call.began.plus(running_ms) <= now => {}
                    _ if call.fingerprint != fingerprint => return Ok(Begin::Mismatch),
                    None => return Ok(Begin::Running),
                    Some(reply) => return Ok(Begin::Done(reply)),
                },
                _ => {}
            }
            start(write.sql, &key, &fingerprint, now, expires)?;
            Ok(Begin::Fresh)
        })
        .await
    }

    async fn finish(&self, key: &IdempotencyKey, reply: StoredReply) -> Result<()> {
        let key = key.clone();
        self.write(move |write| finish(write.sql, &key, &reply)).await
    }

    async fn abandon(&self, key: &IdempotencyKey) -> Result<()> {
        let key = key.clone();
        self.write(move |write| {
            write
                .sql
                .prepare_cached(
                    "DELETE FROM replies WHERE environment = ?1 AND operation = ?2 AND key = ?3 AND status IS NULL",
                )?
                .execute(params![codec::environment(key.environment), key.operation, key.key])?;
            Ok(())
        })
        .await
    }
}

/// Forgets calls that an earlier process began and did not live to finish, so that their repetitions need not wait.
/// A send is accepted in the transaction of its reply, so none is forgotten here.
pub(crate) fn forget_unfinished(sql: &Connection) -> Outcome<()> {
    sql.execute("DELETE FROM replies WHERE status IS NULL", [])?;
    Ok(())
}

/// Keeps the reply of a call that began.
pub(crate) fn finish(sql: &Connection, key: &IdempotencyKey, reply: &StoredReply) -> Outcome<()> {
    sql.prepare_cached(
        "UPDATE replies SET status = ?4, body = ?5 WHERE environment = ?1 AND operation = ?2 AND key = ?3",
    )?
    .execute(params![
        codec::environment(key.environment),
        key.operation,
        key.key,
        reply.status,
        reply.body
    ])?;
    Ok(())
}

fn find(sql: &Connection, key: &IdempotencyKey) -> Outcome<Option<Call>> {
    Ok(sql
        .prepare_cached(
            "SELECT fingerprint, began, expires, status, body FROM replies
             WHERE environment = ?1 AND operation = ?2 AND key = ?3",
        )?
        .query_row(
            params![codec::environment(key.environment), key.operation, key.key],
            |row| {
                let mut cells = Cells::new(row);
                let (fingerprint, began, expires) = (cells.take()?, cells.moment()?, cells.moment()?);
                let (status, body): (Option<u16>, Option<String>) = (cells.take()?, cells.take()?);
                let reply = status.map(|status| StoredReply {
                    status,
                    body: body.unwrap_or_default(),
                });
                Ok(Call {
                    fingerprint,
                    began,
                    expires,
                    reply,
                })
            },
        )
        .optional()?)
}

fn start(sql: &Connection, key: &IdempotencyKey, fingerprint: &str, now: Timestamp, expires: Timestamp) -> Outcome<()> {
    sql.prepare_cached(
        "INSERT OR REPLACE INTO replies (environment, operation, key, fingerprint, began, expires)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
    )?
    .execute(params![
        codec::environment(key.environment),
        key.operation,
        key.key,
        fingerprint,
        now.as_millis(),
        expires.as_millis()
    ])?;
    Ok(())
}
