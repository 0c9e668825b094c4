//! What became of a template's messages.

use rusqlite::{Connection, params};
use tidings_store::DeliveryCount;
use tidings_types::{Environment, Timestamp};

use crate::codec::{self, Cells};
use crate::fault::Outcome;

pub(super) fn of_template(
    sql: &Connection,
    environment: Environment,
    notification: &str,
    from: Timestamp,
    until: Timestamp,
) -> Outcome<Vec<DeliveryCount>> {
    // A channel's key is `email:smtp`. An entry without one stands for no provider: nobody was called. That the name is
    // not empty is said so that the partial index is used. What was told
    // of a message stands by provider, by channel, or by neither.
    let rows = sql
        .prepare_cached(
            "SELECT provider, channel, SUM(sent), SUM(sent AND delivered), SUM(sent AND opened), SUM(sent AND clicked),
                 SUM(failed), SUM(failed AND reached_nobody)
             FROM (
                 SELECT e.entry ->> '$.provider' AS provider, e.channel AS channel,
                     e.entry ->> '$.sent' IS NOT NULL AS sent,
                     COALESCE(e.entry ->> '$.delivered', e.told ->> '$.delivered') IS NOT NULL AS delivered,
                     COALESCE(e.entry ->> '$.opened', e.told ->> '$.opened') IS NOT NULL AS opened,
                     COALESCE(e.entry ->> '$.clicked', e.told ->> '$.clicked') IS NOT NULL AS clicked,
                     e.entry ->> '$.status' = 'UNDELIVERABLE' OR e.told -> '$.failed' IS NOT NULL AS failed,
                     e.status = 'UNDELIVERABLE' AS reached_nobody
                 FROM (
                     SELECT k.status, k.entry, k.channel,
                         json_patch(json_patch(COALESCE(k.told -> '$.\"\"', '{}'),
                                               COALESCE(k.told -> ('$.\"' || k.channel || '\"'), '{}')),
                                    COALESCE(k.told -> ('$.\"' || k.key || '\"'), '{}')) AS told
                     FROM (
                         SELECT m.status, p.value AS entry, p.value ->> '$.channel.key' AS key,
                             substr(p.value ->> '$.channel.key', 1, instr(p.value ->> '$.channel.key', ':') - 1)
                                 AS channel,
                             m.told -> '$.channels' AS told
                         FROM messages AS m, json_each(m.providers) AS p
                         WHERE m.environment = ?1 AND m.notification = ?2 AND m.notification <> ''
                             AND m.enqueued >= ?3 AND m.enqueued < ?4
                             AND instr(p.value ->> '$.channel.key', ':') > 1
                     ) AS k
                 ) AS e
             )
             GROUP BY provider, channel ORDER BY provider, channel",
        )?
        .query_map(
            params![
                codec::environment(environment),
                notification,
                from.as_millis(),
                until.as_millis()
            ],
            |row| {
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
            },
        )?
        .collect::<rusqlite::Result<Vec<_>>>()?;
    Ok(rows)
}
