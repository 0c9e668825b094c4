//! The message itself, as it stands after a step.

use tidings_store::Record;
use tidings_types::{Reason, Timestamp};

use crate::codec::{self, column, lenient, try_column};
use crate::fault::Outcome;
use crate::sql::Sql;

pub(super) async fn update(sql: &Sql<'_>, records: &[&Record]) -> Outcome<()> {
    sql.execute(
        "UPDATE messages AS m
         SET status = CASE WHEN m.status IN ('DELIVERED', 'OPENED', 'CLICKED') THEN m.status ELSE s.status END,
             reason = CASE WHEN m.status NOT IN ('DELIVERED', 'OPENED', 'CLICKED') THEN s.reason END,
             error = CASE WHEN m.status NOT IN ('DELIVERED', 'OPENED', 'CLICKED') THEN s.error END,
             sent = COALESCE(m.sent, s.sent),
             providers = s.providers, provider_keys = s.provider_keys::text[], progress = s.progress, trace = s.trace,
             notification = COALESCE(s.notification, m.notification), one_time = m.one_time OR s.one_time
         FROM unnest($1::int2[], $2::text[], $3::text[], $4::text[], $5::text[], $6::int8[], $7::text[], $8::text[],
                  $9::text[], $10::text[], $11::text[], $12::bool[])
             AS s (environment, id, status, reason, error, sent, providers, provider_keys, progress, trace,
                  notification, one_time)
         WHERE m.environment = s.environment AND m.id = s.id",
        &[
            &column(records, |record| codec::environment(record.environment)),
            &column(records, |record| record.id.as_str()),
            &column(records, |record| record.status.as_str()),
            &column(records, |record| record.reason.map(Reason::as_str)),
            &column(records, |record| record.error.as_deref().map(lenient)),
            &column(records, |record| record.sent.map(Timestamp::as_millis)),
            &try_column(records, |record| codec::json(&record.providers))?,
            &column(records, |record| {
                codec::array(record.providers.iter().map(|one| lenient(&one.provider)))
            }),
            &try_column(records, |record| codec::json(&record.progress))?,
            &try_column(records, |record| codec::json(&record.trace))?,
            &column(records, |record| record.notification.as_deref().map(lenient)),
            &column(records, |record| record.one_time),
        ],
    )
    .await?;
    Ok(())
}
