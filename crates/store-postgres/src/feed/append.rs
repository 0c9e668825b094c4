//! Entries arrive.

use std::collections::BTreeMap;

use tidings_store::{NewFeedEntry, Record};
use tidings_types::Timestamp;

use crate::codec::{self, Cells, column, lenient, try_column};
use crate::fault::Outcome;
use crate::sql::Sql;

/// An entry at its place.
struct Placed<'a> {
    record: &'a Record,
    entry: &'a NewFeedEntry,
    sequence: i64,
}

/// Adds the entries of steps at the next places of their people's feeds, unless their messages are there already.
pub(crate) async fn append(sql: &Sql<'_>, records: &[&Record]) -> Outcome<()> {
    let mut entries: BTreeMap<(i16, String), Vec<(&Record, &NewFeedEntry)>> = BTreeMap::new();
    for record in records {
        for entry in &record.feed {
            let person = (
                codec::environment(record.environment),
                lenient(&entry.user_id).into_owned(),
            );
            entries.entry(person).or_default().push((record, entry));
        }
    }
    if entries.is_empty() {
        return Ok(());
    }
    let mut placed = Vec::new();
    for (person, last) in take_places(sql, &entries).await? {
        let own = entries.remove(&person).unwrap_or_default();
        let first = last
            .saturating_sub(i64::try_from(own.len()).unwrap_or(i64::MAX))
            .saturating_add(1);
        placed.extend((first..).zip(own).map(|(sequence, (record, entry))| Placed {
            record,
            entry,
            sequence,
        }));
    }
    insert(sql, &placed).await
}

/// Moves the end of each person's feed by the number of new entries; returns where it is then. People are taken in
/// one order, so that two batches never wait for each other.
async fn take_places<T>(
    sql: &Sql<'_>,
    entries: &BTreeMap<(i16, String), Vec<T>>,
) -> Outcome<Vec<((i16, String), i64)>> {
    let people: Vec<_> = entries.iter().collect();
    let rows = sql
        .rows(
            "INSERT INTO feed_ends (environment, user_id, sequence)
             SELECT * FROM unnest($1::int2[], $2::text[], $3::int8[])
             ON CONFLICT (environment, user_id) DO UPDATE SET sequence = feed_ends.sequence + excluded.sequence
             RETURNING environment, user_id, sequence",
            &[
                &column(&people, |(person, _)| person.0),
                &column(&people, |(person, _)| person.1.as_str()),
                &column(&people, |(_, entries)| i64::try_from(entries.len()).unwrap_or(i64::MAX)),
            ],
        )
        .await?;
    let end = |row| {
        let mut cells = Cells::new(row);
        Ok(((cells.take()?, cells.take()?), cells.take()?))
    };
    rows.iter().map(end).collect()
}

async fn insert(sql: &Sql<'_>, entries: &[Placed<'_>]) -> Outcome<()> {
    sql.execute(
        "INSERT INTO feed (environment, user_id, sequence, changed, message_id, tenant, content, created, expires_at,
             slot, tags)
         SELECT environment, user_id, sequence, sequence, message_id, tenant, content, created, expires_at, slot,
             tags::text[]
         FROM unnest($1::int2[], $2::text[], $3::int8[], $4::text[], $5::text[], $6::text[], $7::int8[], $8::int8[],
             $9::text[], $10::text[])
             AS n (environment, user_id, sequence, message_id, tenant, content, created, expires_at, slot, tags)
         ON CONFLICT DO NOTHING",
        &[
            &column(entries, |one| codec::environment(one.record.environment)),
            &column(entries, |one| lenient(&one.entry.user_id)),
            &column(entries, |one| one.sequence),
            &column(entries, |one| one.record.id.as_str()),
            &column(entries, |one| {
                lenient(one.entry.tenant_id.as_deref().unwrap_or_default())
            }),
            &try_column(entries, |one| codec::json(&one.entry.content))?,
            &column(entries, |one| one.entry.created.as_millis()),
            &column(entries, |one| one.entry.expires_at.map(Timestamp::as_millis)),
            &column(entries, |one| one.entry.content.slot.as_deref().map(lenient)),
            &column(entries, |one| {
                codec::array(one.entry.content.tags.iter().map(|tag| lenient(tag)))
            }),
        ],
    )
    .await?;
    Ok(())
}
