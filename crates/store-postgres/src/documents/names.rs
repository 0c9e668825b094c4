//! The further names of documents.

use async_trait::async_trait;
use tidings_store::DocumentKind;
use tidings_types::{Environment, Error, Result};

use super::{read, row};
use crate::codec::{self, Cells};
use crate::database::Database;
use crate::fault::Outcome;
use crate::sql::Sql;
use crate::transaction::Operation;

/// Gives a document these names instead of those it had; returns them. A name given twice counts once.
pub(super) async fn replace(
    sql: &Sql<'_>,
    environment: Environment,
    kind: DocumentKind,
    id: &str,
    names: &[String],
) -> Outcome<Vec<String>> {
    free(sql, environment, kind, id).await?;
    let mut unique: Vec<String> = Vec::with_capacity(names.len());
    for name in names {
        if !unique.contains(name) {
            unique.push(name.clone());
        }
    }
    let (environment, kind) = (codec::environment(environment), kind.as_str());
    let taken = sql
        .row(
            "SELECT name FROM document_names WHERE environment = $1 AND kind = $2 AND name = ANY ($3) LIMIT 1",
            &[&environment, &kind, &unique],
        )
        .await?;
    if let Some(row) = taken {
        let name: &str = Cells::new(&row).take()?;
        return Err(Error::conflict(format!("The name {name} is taken")).into());
    }
    sql.execute(
        "INSERT INTO document_names (environment, kind, id, name, position)
         SELECT $1, $2, $3, n.name, n.position FROM unnest($4::text[]) WITH ORDINALITY AS n (name, position)",
        &[&environment, &kind, &id, &unique],
    )
    .await?;
    Ok(unique)
}

/// Takes a document's names away.
pub(super) async fn free(sql: &Sql<'_>, environment: Environment, kind: DocumentKind, id: &str) -> Outcome<()> {
    sql.execute(
        "DELETE FROM document_names WHERE environment = $1 AND kind = $2 AND id = $3",
        &[&codec::environment(environment), &kind.as_str(), &id],
    )
    .await?;
    Ok(())
}

/// Gives a document one more name, taken from whichever had it.
pub(super) struct Give<'a> {
    pub(super) environment: Environment,
    pub(super) kind: DocumentKind,
    pub(super) name: &'a str,
    pub(super) id: &'a str,
}

#[async_trait]
impl Operation for Give<'_> {
    type Output = bool;

    async fn run(&self, sql: &Sql<'_>) -> Outcome<bool> {
        row::lock(sql, self.environment).await?;
        let Some(document) = read::current(sql, self.environment, self.kind, self.id).await? else {
            return Ok(false);
        };
        if document.names.iter().any(|own| own == self.name) {
            return Ok(true);
        }
        let (environment, kind) = (codec::environment(self.environment), self.kind.as_str());
        sql.execute(
            "INSERT INTO document_names (environment, kind, name, id, position)
             SELECT $1, $2, $3, $4, COALESCE(MAX(position) + 1, 0) FROM document_names
             WHERE environment = $1 AND kind = $2 AND id = $4
             ON CONFLICT (environment, kind, name) DO UPDATE SET id = excluded.id, position = excluded.position",
            &[&environment, &kind, &self.name, &self.id],
        )
        .await?;
        // Lets caches know.
        row::save(sql, self.environment, &document).await?;
        Ok(true)
    }
}

/// All names of a kind with the documents they name.
pub(super) async fn all(
    database: &Database,
    environment: Environment,
    kind: DocumentKind,
) -> Result<Vec<(String, String)>> {
    let rows = database
        .read(
            "SELECT name, id FROM document_names WHERE environment = $1 AND kind = $2 ORDER BY name",
            &[&codec::environment(environment), &kind.as_str()],
        )
        .await?;
    let pair = |row| {
        let mut cells = Cells::new(row);
        Ok((cells.take()?, cells.take()?))
    };
    Ok(rows.iter().map(pair).collect::<Outcome<_>>()?)
}
