//! Replies kept for repeated calls.

use async_trait::async_trait;
use tidings_store::{Begin, Idempotency, IdempotencyKey, StoredReply};
use tidings_types::{Error, Result, Timestamp};

use crate::PostgresStore;
use crate::codec::{self, Cells, column};
use crate::fault::Outcome;
use crate::sql::Sql;
use crate::transaction::Operation;

/// Begins a call unless one is there that counts: one that has not expired and, if it has no reply yet, has not run
/// for too long. A call that never finished stops counting altogether, its body included.
const BEGIN: &str = "
    INSERT INTO replies AS r (environment, operation, key, fingerprint, began, expires)
    VALUES ($1, $2, $3, $4, $5, $6)
    ON CONFLICT (environment, operation, key) DO UPDATE
        SET fingerprint = excluded.fingerprint, began = excluded.began, expires = excluded.expires,
            status = NULL, body = NULL
        WHERE r.expires <= excluded.began OR (r.status IS NULL AND r.began <= $7)
    RETURNING 1";

/// Keeps the replies of calls that began.
const FINISH: &str = "
    UPDATE replies AS r SET status = d.status, body = d.body
    FROM unnest($1::int2[], $2::text[], $3::text[], $4::int4[], $5::text[]) AS d (environment, operation, key, status, body)
    WHERE r.environment = d.environment AND r.operation = d.operation AND r.key = d.key";

#[async_trait]
impl Idempotency for PostgresStore {
    async fn begin(
        &self,
        key: &IdempotencyKey,
        fingerprint: &str,
        now: Timestamp,
        expires: Timestamp,
        running_ms: u64,
    ) -> Result<Begin> {
        self.write(First {
            key,
            fingerprint,
            now,
            expires,
            running_ms,
        })
        .await
    }

    async fn finish(&self, key: &IdempotencyKey, reply: StoredReply) -> Result<()> {
        self.write(Finish(&(key.clone(), reply))).await
    }

    async fn abandon(&self, key: &IdempotencyKey) -> Result<()> {
        self.execute(
            "DELETE FROM replies WHERE environment = $1 AND operation = $2 AND key = $3 AND status IS NULL",
            &[&codec::environment(key.environment), &key.operation, &key.key],
        )
        .await
        .map(drop)
    }
}

/// Asks whether a call is the first.
struct First<'a> {
    key: &'a IdempotencyKey,
    fingerprint: &'a str,
    now: Timestamp,
    expires: Timestamp,
    running_ms: u64,
}

#[async_trait]
impl Operation for First<'_> {
    type Output = Begin;

    async fn run(&self, sql: &Sql<'_>) -> Outcome<Begin> {
        let begun = sql
            .row(
                BEGIN,
                &[
                    &codec::environment(self.key.environment),
                    &self.key.operation,
                    &self.key.key,
                    &self.fingerprint,
                    &self.now.as_millis(),
                    &self.expires.as_millis(),
                    &self.now.minus(self.running_ms).as_millis(),
                ],
            )
            .await?;
        if begun.is_some() {
            Ok(Begin::Fresh)
        } else {
            self.earlier(sql).await
        }
    }
}

impl First<'_> {
    /// The call that was there. The attempt to begin has locked it, so it still is.
    async fn earlier(&self, sql: &Sql<'_>) -> Outcome<Begin> {
        let row = sql
            .row(
                "SELECT fingerprint, status, body FROM replies WHERE environment = $1 AND operation = $2 AND key = $3",
                &[
                    &codec::environment(self.key.environment),
                    &self.key.operation,
                    &self.key.key,
                ],
            )
            .await?
            .ok_or_else(|| Error::internal("a call that was locked is gone"))?;
        let mut cells = Cells::new(&row);
        if cells.take::<&str>()? != self.fingerprint {
            return Ok(Begin::Mismatch);
        }
        let (status, body): (Option<i32>, Option<String>) = (cells.take()?, cells.take()?);
        let Some(status) = status else {
            return Ok(Begin::Running);
        };
        let status = u16::try_from(status).map_err(|_| Error::internal("broken status of a reply"))?;
        Ok(Begin::Done(StoredReply {
            status,
            body: body.unwrap_or_default(),
        }))
    }
}

struct Finish<'a>(&'a (IdempotencyKey, StoredReply));

#[async_trait]
impl Operation for Finish<'_> {
    type Output = ();

    async fn run(&self, sql: &Sql<'_>) -> Outcome<()> {
        finish(sql, &[self.0]).await
    }
}

/// Keeps the replies of calls that began.
pub(crate) async fn finish(sql: &Sql<'_>, replies: &[&(IdempotencyKey, StoredReply)]) -> Outcome<()> {
    if replies.is_empty() {
        return Ok(());
    }
    sql.execute(
        FINISH,
        &[
            &column(replies, |(key, _)| codec::environment(key.environment)),
            &column(replies, |(key, _)| key.operation.as_str()),
            &column(replies, |(key, _)| key.key.as_str()),
            &column(replies, |(_, reply)| i32::from(reply.status)),
            &column(replies, |(_, reply)| reply.body.as_str()),
        ],
    )
    .await?;
    Ok(())
}
