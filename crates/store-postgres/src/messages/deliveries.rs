//! What became of a template's messages.

use tidings_store::DeliveryCount;
use tidings_types::{Environment, Result, Timestamp};
use tokio_postgres::Row;

use crate::codec::{self, Cells};
use crate::database::Database;
use crate::fault::Outcome;

pub(super) async fn of_template(
    database: &Database,
    environment: Environment,
    notification: &str,
    from: Timestamp,
    until: Timestamp,
) -> Result<Vec<DeliveryCount>> {
    // A channel's key is `email:smtp`. An entry without one stands for no provider: nobody was called. That the name is
    // not empty is said so that the partial index is used. What was told
    // of a message stands by provider, by channel, or by neither.
    let rows = database
        .read(
            "SELECT e.entry ->> 'provider', e.channel, count(e.entry ->> 'sent'),
                 count(*) FILTER (WHERE e.entry ->> 'sent' IS NOT NULL AND COALESCE(e.entry ->> 'delivered',
                     e.told -> e.key ->> 'delivered', e.told -> e.channel ->> 'delivered', e.told -> '' ->> 'delivered') IS NOT NULL),
                 count(*) FILTER (WHERE e.entry ->> 'sent' IS NOT NULL AND COALESCE(e.entry ->> 'opened',
                     e.told -> e.key ->> 'opened', e.told -> e.channel ->> 'opened', e.told -> '' ->> 'opened') IS NOT NULL),
                 count(*) FILTER (WHERE e.entry ->> 'sent' IS NOT NULL AND COALESCE(e.entry ->> 'clicked',
                     e.told -> e.key ->> 'clicked', e.told -> e.channel ->> 'clicked', e.told -> '' ->> 'clicked') IS NOT NULL),
                 count(*) FILTER (WHERE e.failed), count(*) FILTER (WHERE e.failed AND e.status = 'UNDELIVERABLE')
             FROM (
                 SELECT k.*, k.entry ->> 'status' = 'UNDELIVERABLE' OR COALESCE(k.told -> k.key -> 'failed',
                     k.told -> k.channel -> 'failed', k.told -> '' -> 'failed') IS NOT NULL AS failed
                 FROM (
                     SELECT m.status, p.value AS entry, p.value -> 'channel' ->> 'key' AS key,
                         split_part(p.value -> 'channel' ->> 'key', ':', 1) AS channel,
                         m.told::json -> 'channels' AS told
                     FROM messages AS m, json_array_elements(m.providers::json) AS p
                     WHERE m.environment = $1 AND m.notification = $2 AND m.notification <> ''
                         AND m.enqueued >= $3 AND m.enqueued < $4 AND position(':' IN p.value -> 'channel' ->> 'key') > 1
                 ) AS k
             ) AS e
             GROUP BY 1, 2 ORDER BY 1, 2",
            &[
                &codec::environment(environment),
                &notification,
                &from.as_millis(),
                &until.as_millis(),
            ],
        )
        .await?;
    Ok(rows.iter().map(count).collect::<Outcome<_>>()?)
}

fn count(row: &Row) -> Outcome<DeliveryCount> {
    let mut cells = Cells::new(row);
    Ok(DeliveryCount {
        provider: cells.take()?,
        channel: cells.take()?,
        sent: cells.count()?,
        delivered: cells.count()?,
        opened: cells.count()?,
        clicked: cells.count()?,
        errors: cells.count()?,
        undeliverable: cells.count()?,
    })
}
