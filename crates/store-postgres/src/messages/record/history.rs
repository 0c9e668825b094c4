//! What a step leaves behind: lines of history, renderings.

use std::collections::BTreeMap;

use tidings_store::{Output, Record};

use crate::codec::{self, column, lenient, try_column};
use crate::fault::Outcome;
use crate::sql::Sql;

/// Adds the lines of each step.
pub(super) async fn append(sql: &Sql<'_>, records: &[&Record]) -> Outcome<()> {
    let telling: Vec<&Record> = records
        .iter()
        .copied()
        .filter(|record| !record.events.is_empty())
        .collect();
    if telling.is_empty() {
        return Ok(());
    }
    sql.execute(
        "INSERT INTO events (environment, message_id, lines)
         SELECT * FROM unnest($1::int2[], $2::text[], $3::text[])",
        &[
            &column(&telling, |record| codec::environment(record.environment)),
            &column(&telling, |record| record.id.as_str()),
            &try_column(&telling, |record| codec::json(&record.events))?,
        ],
    )
    .await?;
    Ok(())
}

/// Adds renderings, or puts them in the place of those of the same block.
pub(super) async fn insert_outputs(sql: &Sql<'_>, records: &[&Record]) -> Outcome<()> {
    let outputs: Vec<(&Record, &Output)> = records
        .iter()
        .flat_map(|record| last_of_each_block(record).into_iter().map(|output| (*record, output)))
        .collect();
    if outputs.is_empty() {
        return Ok(());
    }
    sql.execute(
        "INSERT INTO outputs (environment, message_id, channel_id, channel, content)
         SELECT * FROM unnest($1::int2[], $2::text[], $3::text[], $4::text[], $5::text[])
         ON CONFLICT (environment, message_id, channel_id)
             DO UPDATE SET channel = excluded.channel, content = excluded.content",
        &[
            &column(&outputs, |(record, _)| codec::environment(record.environment)),
            &column(&outputs, |(record, _)| record.id.as_str()),
            &column(&outputs, |(_, output)| lenient(&output.channel_id)),
            &column(&outputs, |(_, output)| lenient(&output.channel)),
            &try_column(&outputs, |(_, output)| codec::json(&output.content))?,
        ],
    )
    .await?;
    Ok(())
}

/// One statement can write a row only once, so only the last rendering of a block counts. In the order of the first.
fn last_of_each_block(record: &Record) -> Vec<&Output> {
    let mut places = BTreeMap::new();
    let mut outputs: Vec<&Output> = Vec::with_capacity(record.outputs.len());
    for output in &record.outputs {
        let place = *places.entry(output.channel_id.as_str()).or_insert(outputs.len());
        match outputs.get_mut(place) {
            Some(earlier) => *earlier = output,
            None => outputs.push(output),
        }
    }
    outputs
}
