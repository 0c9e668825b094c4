//! The further names of documents.

use tidings_store::DocumentKind;
use tidings_types::{Environment, Error};

use crate::codec::{self, Cells};
use crate::fault::Outcome;
use crate::sql::Sql;

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
