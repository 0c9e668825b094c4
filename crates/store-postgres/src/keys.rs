//! API keys and signing secrets.

use async_trait::async_trait;
use tidings_store::{ApiKey, Keys};
use tidings_types::{Environment, Error, KeyMode, KeyScope, Result, Timestamp};

use crate::PostgresStore;
use crate::codec::{self, Cells};
use crate::fault::Outcome;

#[async_trait]
impl Keys for PostgresStore {
    async fn create_key(&self, key: ApiKey) -> Result<()> {
        self.execute(
            "INSERT INTO api_keys (id, environment, scope, mode, hint, hash, name, created, revoked)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
            &[
                &key.id,
                &codec::environment(key.environment),
                &key.scope.as_str(),
                &key.mode.as_str(),
                &key.hint,
                &key.hash,
                &key.name,
                &key.created.as_millis(),
                &key.revoked.map(Timestamp::as_millis),
            ],
        )
        .await
        .map(drop)
    }

    async fn key_by_hash(&self, hash: &str) -> Result<Option<ApiKey>> {
        let row = self
            .database
            .read_one(
                "SELECT id, environment, scope, mode, hint, hash, name, created, revoked
                 FROM api_keys WHERE hash = $1",
                &[&hash],
            )
            .await?;
        Ok(row.map(|row| key(&mut Cells::new(&row))).transpose()?)
    }

    async fn keys(&self) -> Result<Vec<ApiKey>> {
        let rows = self
            .database
            .read(
                "SELECT id, environment, scope, mode, hint, hash, name, created, revoked
                 FROM api_keys ORDER BY created, id",
                &[],
            )
            .await?;
        Ok(rows
            .iter()
            .map(|row| key(&mut Cells::new(row)))
            .collect::<Outcome<_>>()?)
    }

    async fn revoke_key(&self, id: &str, now: Timestamp) -> Result<bool> {
        let revoked = self
            .execute(
                "UPDATE api_keys SET revoked = $2 WHERE id = $1 AND revoked IS NULL RETURNING 1",
                &[&id, &now.as_millis()],
            )
            .await?;
        Ok(!revoked.is_empty())
    }

    async fn secret(&self, environment: Environment, name: &str, candidate: &str) -> Result<String> {
        // The update changes nothing; it makes the row that is there, possibly another node's, come back.
        let rows = self
            .execute(
                "INSERT INTO secrets AS s (environment, name, value) VALUES ($1, $2, $3)
                 ON CONFLICT (environment, name) DO UPDATE SET value = s.value RETURNING s.value",
                &[&codec::environment(environment), &name, &candidate],
            )
            .await?;
        let row = rows
            .first()
            .ok_or_else(|| Error::internal("a secret was not returned"))?;
        Ok(Cells::new(row).take()?)
    }
}

fn key(cells: &mut Cells<'_>) -> Outcome<ApiKey> {
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
