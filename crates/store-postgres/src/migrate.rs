//! The schema's versions: forward only, numbered, embedded. A table says how far a database is.

use async_trait::async_trait;
use tidings_types::Error;

use crate::codec::Cells;
use crate::database::Database;
use crate::fault::Outcome;
use crate::sql::Sql;
use crate::transaction::Operation;

/// All migrations, oldest first; the first makes version 1. What was released is never edited.
const MIGRATIONS: &[&str] = &[
    include_str!("../migrations/0001_first.sql"),
    include_str!("../migrations/0002_told.sql"),
    include_str!("../migrations/0003_jobs.sql"),
    include_str!("../migrations/0004_tenants.sql"),
    include_str!("../migrations/0005_templates.sql"),
    include_str!("../migrations/0006_preferences.sql"),
    include_str!("../migrations/0007_webhooks.sql"),
    include_str!("../migrations/0008_feed.sql"),
    include_str!("../migrations/0009_lists.sql"),
    include_str!("../migrations/0010_audiences.sql"),
    include_str!("../migrations/0011_bulk.sql"),
    include_str!("../migrations/0012_consents.sql"),
    include_str!("../migrations/0013_digests.sql"),
    include_str!("../migrations/0014_traces.sql"),
    include_str!("../migrations/0015_fills.sql"),
    include_str!("../migrations/0016_digest_recipients.sql"),
    include_str!("../migrations/0017_erasure.sql"),
    include_str!("../migrations/0018_list_words.sql"),
    include_str!("../migrations/0019_track_kinds.sql"),
    include_str!("../migrations/0020_retention.sql"),
    include_str!("../migrations/0021_revisions.sql"),
    include_str!("../migrations/0022_images.sql"),
];

/// The oldest PostgreSQL that can say what became of a transaction by its 64-bit number.
const OLDEST: i32 = 130_000;

/// The advisory lock under which nodes that start together take turns: "tidings" in ASCII.
const LOCK: i64 = 0x0074_6964_696e_6773;

/// Which versions the database has been through.
const VERSIONS: &str =
    "CREATE TABLE IF NOT EXISTS schema_versions (version integer PRIMARY KEY, at timestamptz NOT NULL)";

/// Brings a database to this program's version. Safe beside other nodes that do the same.
pub(crate) async fn migrate(database: &Database) -> Outcome<()> {
    database.write(&Migration(MIGRATIONS)).await
}

struct Migration(&'static [&'static str]);

#[async_trait]
impl Operation for Migration {
    type Output = ();

    async fn run(&self, sql: &Sql<'_>) -> Outcome<()> {
        check_server(sql).await?;
        let current = i32::try_from(self.0.len()).unwrap_or(i32::MAX);
        if exists(sql).await? && version(sql).await? == current {
            return Ok(());
        }
        sql.rows("SELECT pg_advisory_xact_lock($1)", &[&LOCK]).await?;
        // Looked at again under the lock: another node may have been first.
        sql.script(VERSIONS).await?;
        let from = version(sql).await?;
        if from > current {
            return Err(Error::internal(format!(
                "the database is of version {from}, and this program knows versions up to {current}: use a newer program"
            ))
            .into());
        }
        for (version, migration) in (1_i32..).zip(self.0).skip(usize::try_from(from).unwrap_or(0)) {
            sql.script(migration).await?;
            sql.execute(
                "INSERT INTO schema_versions (version, at) VALUES ($1, now())",
                &[&version],
            )
            .await?;
        }
        Ok(())
    }
}

/// What the server must offer.
async fn check_server(sql: &Sql<'_>) -> Outcome<()> {
    let query = "SELECT current_setting('server_version_num')::integer, current_setting('server_encoding')";
    let Some(row) = sql.row(query, &[]).await? else {
        return Ok(());
    };
    let mut cells = Cells::new(&row);
    if cells.take::<i32>()? < OLDEST {
        return Err(Error::internal("PostgreSQL 13 or newer is needed").into());
    }
    if cells.take::<&str>()? != "UTF8" {
        return Err(Error::internal("the database must have the encoding UTF8").into());
    }
    Ok(())
}

/// Whether the database has been used before.
async fn exists(sql: &Sql<'_>) -> Outcome<bool> {
    let row = sql
        .row("SELECT to_regclass('schema_versions') IS NOT NULL", &[])
        .await?;
    row.map_or(Ok(false), |row| Cells::new(&row).take())
}

/// The version of the database: 0 when it is empty.
async fn version(sql: &Sql<'_>) -> Outcome<i32> {
    let row = sql
        .row("SELECT COALESCE(MAX(version), 0) FROM schema_versions", &[])
        .await?;
    row.map_or(Ok(0), |row| Cells::new(&row).take())
}
