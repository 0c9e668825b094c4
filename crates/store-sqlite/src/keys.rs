//! API keys and signing secrets.

use async_trait::async_trait;
use rusqlite::{OptionalExtension, params};
use tidings_store::{ApiKey, Keys};
use tidings_types::{Environment, KeyMode, KeyScope, Result, Timestamp};

use crate::SqliteStore;
use crate::codec::{self, Cells};

#[async_trait]
impl Keys for SqliteStore {
    async fn create_key(&self, key: ApiKey) -> Result<()> {
        self.write(move |write| {
            write
                .sql
                .prepare_cached(
                    "INSERT INTO api_keys (id, environment, scope, mode, hint, hash, name, created, revoked)
                     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
                )?
                .execute(params![
                    key.id,
                    codec::environment(key.environment),
                    key.scope.as_str(),
                    key.mode.as_str(),
                    key.hint,
                    key.hash,
                    key.name,
                    key.created.as_millis(),
                    key.revoked.map(Timestamp::as_millis),
                ])?;
            Ok(())
        })
        .await
    }

    async fn key_by_hash(&self, hash: &str) -> Result<Option<ApiKey>> {
        let hash = hash.to_owned();
        self.read(move |sql| {
            Ok(sql
                .prepare_cached(
                    "SELECT id, environment, scope, mode, hint, hash, name, created, revoked
                     FROM api_keys WHERE hash = ?1",
                )?
                .query_row([hash], |row| key(&mut Cells::new(row)))
                .optional()?)
        })
        .await
    }

    async fn keys(&self) -> Result<Vec<ApiKey>> {
        self.read(|sql| {
            let mut statement = sql.prepare_cached(
                "SELECT id, environment, scope, mode, hint, hash, name, created, revoked
                 FROM api_keys ORDER BY created, id",
            )?;
            let keys = statement
                .query_map([], |row| key(&mut Cells::new(row)))?
                .collect::<rusqlite::Result<_>>()?;
            Ok(keys)
        })
        .await
    }

    async fn revoke_key(&self, id: &str, now: Timestamp) -> Result<bool> {
        let id = id.to_owned();
        self.write(move |write| {
            let revoked = write
                .sql
                .prepare_cached("UPDATE api_keys SET revoked = ?2 WHERE id = ?1 AND revoked IS NULL")?
                .execute(params![id, now.as_millis()])?;
            Ok(revoked > 0)
        })
        .await
    }

    async fn secret(&self, environment: Environment, name: &str, candidate: &str) -> Result<String> {
        let (name, candidate) = (name.to_owned(), candidate.to_owned());
        self.write(move |write| {
            let environment = codec::environment(environment);
            write
                .sql
                .prepare_cached("INSERT OR IGNORE INTO secrets (environment, name, value) VALUES (?1, ?2, ?3)")?
                .execute(params![environment, name, candidate])?;
            Ok(write
                .sql
                .prepare_cached("SELECT value FROM secrets WHERE environment = ?1 AND name = ?2")?
                .query_row(params![environment, name], |row| row.get(0))?)
        })
        .await
    }
}

fn key(cells: &mut Cells<'_>) -> rusqlite::Result<ApiKey> {
    Ok(ApiKey {
        id: cells.take()?,
        environment: cells.environment()?,
        scope: cells.name(KeyScope::parse)?,
        mode: cells.name(KeyMode::parse)?,
        hint: cells.take()?,
        hash: cells.take()?,
        name: cells.take()?,
        created: cells.moment()?,
        revoked: cells.maybe_moment()?,
    })
}
