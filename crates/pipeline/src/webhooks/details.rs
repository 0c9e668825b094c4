//! A stored message in the form of the log.

use serde_json::Value;
use tidings_store::{MessageRow, ProviderRecord};
use tidings_types::{Error, Result};
use tidings_wire::message::MessageDetails;

/// A message as it stands in a listing.
pub fn summary(row: MessageRow) -> MessageDetails {
    MessageDetails {
        id: row.id.into_string(),
        status: row.status,
        enqueued: row.enqueued,
        sent: row.sent,
        delivered: row.delivered,
        opened: row.opened,
        clicked: row.clicked,
        read: row.told.read,
        archived: row.told.archived,
        canceled_at: row.canceled_at,
        event: row.event,
        notification: row.notification,
        recipient: row.recipient,
        recipient_id: row.user_id.map(tidings_types::UserId::into_string),
        reason: row.reason,
        error: row.error,
        tags: row.tags,
        trace_id: row.trace_id,
        providers: None,
    }
}

/// A message with what each provider made of it.
pub fn details(mut row: MessageRow) -> Result<MessageDetails> {
    let providers = std::mem::take(&mut row.providers)
        .iter()
        .map(provider)
        .collect::<Result<_>>()?;
    Ok(MessageDetails {
        providers: Some(providers),
        ..summary(row)
    })
}

/// One provider's entry, without what it does not have: an entry for a message that was never routed has no provider.
fn provider(record: &ProviderRecord) -> Result<Value> {
    let mut value = serde_json::to_value(record).map_err(Error::internal)?;
    if let Value::Object(fields) = &mut value {
        fields.retain(|_, value| !value.is_null() && value.as_str() != Some(""));
    }
    Ok(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_opted_out_entry_has_only_status_and_error() {
        let record = ProviderRecord {
            status: "UNDELIVERABLE".to_owned(),
            error: Some("Notification opted out by user".to_owned()),
            ..ProviderRecord::default()
        };
        let expected = serde_json::json!({"status": "UNDELIVERABLE", "error": "Notification opted out by user"});
        assert_eq!(provider(&record).unwrap(), expected);
    }
}
