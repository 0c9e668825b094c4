//! Pages and counts.

use tidings_store::{Cursor, FeedEntry, FeedFilter, Page, PageRequest};
use tidings_types::{Environment, Error, Result, Timestamp};

use super::row;
use crate::codec::{self, Cells};
use crate::database::Database;
use crate::fault::Outcome;

/// Entries, newest first.
pub(super) async fn page(
    database: &Database,
    environment: Environment,
    user: &str,
    filter: &FeedFilter,
    now: Timestamp,
    page: &PageRequest,
) -> Result<Page<FeedEntry>> {
    let (created, sequence) = match &page.after {
        None => (i64::MAX, i64::MAX),
        Some(after) => {
            let sequence = after.id.parse();
            (
                after.sort,
                sequence.map_err(|_| Error::invalid("Invalid cursor format"))?,
            )
        }
    };
    let text = format!(
        "{} AND (f.created, f.sequence) < ($7, $8) ORDER BY f.created DESC, f.sequence DESC LIMIT $9",
        query(row::ENTRY, filter)
    );
    let from = filter.from.map_or(i64::MIN, Timestamp::as_millis);
    let rows = database
        .read(
            &text,
            &[
                &codec::environment(environment),
                &user,
                &filter.tenant_id.as_deref().unwrap_or_default(),
                &now.as_millis(),
                &from,
                &filter.tags,
                &created,
                &sequence,
                &codec::surplus(page.limit),
            ],
        )
        .await?;
    let rows = rows
        .iter()
        .map(|row| row::entry(&mut Cells::new(row)))
        .collect::<Outcome<_>>()?;
    Ok(Page::from_surplus(rows, page.limit, |last: &FeedEntry| Cursor {
        sort: last.entry.created.as_millis(),
        id: last.sequence.to_string(),
    }))
}

/// How many entries there are.
pub(super) async fn count(
    database: &Database,
    environment: Environment,
    user: &str,
    filter: &FeedFilter,
    now: Timestamp,
) -> Result<u64> {
    let from = filter.from.map_or(i64::MIN, Timestamp::as_millis);
    let row = database
        .read_one(
            &query("COUNT(*)", filter),
            &[
                &codec::environment(environment),
                &user,
                &filter.tenant_id.as_deref().unwrap_or_default(),
                &now.as_millis(),
                &from,
                &filter.tags,
            ],
        )
        .await?;
    Ok(row.map_or(Ok(0), |row| Cells::new(&row).count())?)
}

/// A query for entries. Its forms are few, so that each is planned once; what most counts look at stands in an index.
fn query(what: &str, filter: &FeedFilter) -> String {
    let state = |column: &str, has_value: Option<bool>| match has_value {
        None => String::new(),
        Some(true) => format!(" AND f.{column} IS NOT NULL"),
        Some(false) => format!(" AND f.{column} IS NULL"),
    };
    let tags = if filter.tags.is_empty() {
        // Said so that the parameter has a type.
        " AND cardinality($6::text[]) = 0"
    } else {
        " AND f.tags && $6::text[]"
    };
    format!(
        "SELECT {what} FROM feed AS f
         WHERE f.environment = $1 AND f.user_id = $2 AND f.tenant = $3{}
             AND (f.expires_at IS NULL OR f.expires_at > $4) AND f.created >= $5{tags}{}{}",
        state("archived_at", Some(filter.archived)),
        state("read_at", filter.read),
        state("slot", filter.pinned),
    )
}
