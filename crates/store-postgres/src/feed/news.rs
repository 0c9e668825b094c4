//! What is new for those who follow.

use std::collections::BTreeMap;

use tidings_store::{FeedChange, FeedEntry, FeedEvent, FeedPosition, News};
use tidings_types::{MessageId, Result, Timestamp};

use super::row;
use crate::codec::{self, Cells, column};
use crate::database::Database;
use crate::fault::Outcome;

/// A position's place among those that are asked for, from 1.
type Place = i64;

/// What is new since each position.
pub(super) async fn news(
    database: &Database,
    positions: &[FeedPosition],
    now: Timestamp,
    limit: u32,
) -> Result<Vec<News>> {
    // Read first: everything up to an end is visible to the queries after it.
    let ends = ends(database, positions).await?;
    let (mut arrived, mut changes) = (BTreeMap::new(), BTreeMap::new());
    if !ends.is_empty() {
        let asked = Asked::new(positions, &ends);
        arrived = asked.arrivals(database, now, limit).await?;
        changes = asked.changes(database, limit).await?;
    }
    let news = |(place, position): (Place, &FeedPosition)| match ends.get(&place) {
        None => News {
            through: position.after,
            ..News::default()
        },
        Some(end) => News::merge(
            *end,
            limit,
            arrived.remove(&place).unwrap_or_default(),
            changes.remove(&place).unwrap_or_default(),
        ),
    };
    Ok((1..).zip(positions).map(news).collect())
}

/// Where the feeds end, of the positions behind which there is something.
async fn ends(database: &Database, positions: &[FeedPosition]) -> Result<BTreeMap<Place, i64>> {
    let rows = database
        .read(
            "SELECT p.place, e.sequence
             FROM unnest($1::int2[], $2::text[], $3::int8[]) WITH ORDINALITY AS p (environment, user_id, after, place)
             JOIN feed_ends AS e ON e.environment = p.environment AND e.user_id = p.user_id AND e.sequence > p.after",
            &[
                &column(positions, |one| codec::environment(one.environment)),
                &column(positions, |one| one.user_id.as_str()),
                &column(positions, |one| one.after),
            ],
        )
        .await?;
    let end = |row| {
        let mut cells = Cells::new(row);
        Ok((cells.take()?, cells.take()?))
    };
    Ok(rows.iter().map(end).collect::<Outcome<_>>()?)
}

/// The positions behind which there is something, column by column.
struct Asked<'a> {
    places: Vec<Place>,
    environments: Vec<i16>,
    users: Vec<&'a str>,
    after: Vec<i64>,
}

impl<'a> Asked<'a> {
    fn new(positions: &'a [FeedPosition], ends: &BTreeMap<Place, i64>) -> Self {
        let asked: Vec<(Place, &FeedPosition)> = (1..)
            .zip(positions)
            .filter(|(place, _)| ends.contains_key(place))
            .collect();
        Self {
            places: column(&asked, |(place, _)| *place),
            environments: column(&asked, |(_, one)| codec::environment(one.environment)),
            users: column(&asked, |(_, one)| one.user_id.as_str()),
            after: column(&asked, |(_, one)| one.after),
        }
    }

    async fn arrivals(
        &self,
        database: &Database,
        now: Timestamp,
        limit: u32,
    ) -> Result<BTreeMap<Place, Vec<FeedEntry>>> {
        let text = format!(
            "SELECT p.place, {} FROM unnest($1::int8[], $2::int2[], $3::text[], $4::int8[])
                 AS p (place, environment, user_id, after)
             CROSS JOIN LATERAL (
                 SELECT * FROM feed AS one
                 WHERE one.environment = p.environment AND one.user_id = p.user_id AND one.sequence > p.after
                     AND (one.expires_at IS NULL OR one.expires_at > $5)
                 ORDER BY one.sequence LIMIT $6) AS f
             ORDER BY p.place, f.sequence",
            row::ENTRY
        );
        let rows = database
            .read(
                &text,
                &[
                    &self.places,
                    &self.environments,
                    &self.users,
                    &self.after,
                    &now.as_millis(),
                    &i64::from(limit),
                ],
            )
            .await?;
        Ok(by_place(&rows, row::entry)?)
    }

    async fn changes(&self, database: &Database, limit: u32) -> Result<BTreeMap<Place, Vec<FeedChange>>> {
        let rows = database
            .read(
                "SELECT p.place, f.sequence, f.event, f.tenant, f.messages, f.source
                 FROM unnest($1::int8[], $2::int2[], $3::text[], $4::int8[]) AS p (place, environment, user_id, after)
                 CROSS JOIN LATERAL (
                     SELECT * FROM feed_changes AS one
                     WHERE one.environment = p.environment AND one.user_id = p.user_id AND one.sequence > p.after
                     ORDER BY one.sequence LIMIT $5) AS f
                 ORDER BY p.place, f.sequence",
                &[
                    &self.places,
                    &self.environments,
                    &self.users,
                    &self.after,
                    &i64::from(limit),
                ],
            )
            .await?;
        Ok(by_place(&rows, change)?)
    }
}

fn change(cells: &mut Cells<'_>) -> Outcome<FeedChange> {
    Ok(FeedChange {
        sequence: cells.take()?,
        event: cells.name(FeedEvent::parse)?,
        tenant_id: cells.take::<Option<String>>()?.and_then(row::tenant),
        messages: cells.take::<Vec<String>>()?.into_iter().map(MessageId::from).collect(),
        source: cells.take()?,
    })
}

/// Rows whose first column is the place of their position.
fn by_place<T>(
    rows: &[tokio_postgres::Row],
    read: impl Fn(&mut Cells<'_>) -> Outcome<T>,
) -> Outcome<BTreeMap<Place, Vec<T>>> {
    let mut places: BTreeMap<Place, Vec<T>> = BTreeMap::new();
    for row in rows {
        let mut cells = Cells::new(row);
        places.entry(cells.take()?).or_default().push(read(&mut cells)?);
    }
    Ok(places)
}
