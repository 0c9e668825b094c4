//! When a device token stops being used.

use serde_json::Value;
use tidings_types::{Error, Result, Timestamp};

use crate::moment;

/// How long a token is used after its last registration when nobody says otherwise: sixty days, in milliseconds.
const DEFAULT_LIFE_MS: u64 = 60 * 24 * 60 * 60 * 1000;

/// The last moment at which a token is used; none for never ending.
///
/// # Errors
/// `Invalid` when `expiry_date` is neither a moment nor false.
pub(super) fn expires_at(field: &str, expiry_date: Option<&Value>, registered: Timestamp) -> Result<Option<Timestamp>> {
    match expiry_date {
        None | Some(Value::Null) => Ok(Some(registered.plus(DEFAULT_LIFE_MS))),
        Some(Value::Bool(false)) => Ok(None),
        Some(Value::String(text)) => match moment::parse(text) {
            Some(moment) => Ok(Some(moment)),
            None => Err(wrong(field)),
        },
        Some(_) => Err(wrong(field)),
    }
}

fn wrong(field: &str) -> Error {
    Error::invalid(format!("{field}: Expected an ISO 8601 moment or false"))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_moment_false_or_sixty_days() {
        let registered = Timestamp::from_millis(1000);
        let at = |value: Value| expires_at("expiry_date", Some(&value), registered);
        assert_eq!(at(Value::Null).unwrap(), Some(registered.plus(DEFAULT_LIFE_MS)));
        assert_eq!(at(json!(false)).unwrap(), None);
        assert_eq!(
            at(json!("1970-01-02")).unwrap(),
            Some(Timestamp::from_millis(86_400_000))
        );
        for wrong in [json!(true), json!("someday"), json!({})] {
            assert!(at(wrong).is_err());
        }
    }
}
