//! Reading `delay` and `expiry`.

use serde_json::Value;
use tidings_domain::window::{self, Window};
use tidings_types::message::{Delay, Expiry};
use tidings_types::{Error, Result, Timestamp};

/// Delays by duration end at whole minutes.
const MINUTE_MS: u64 = 60_000;
/// How much later opening hours may begin for a person whose time zone is not known yet: a week, since most windows
/// open once a week at least.
const ZONE_SLACK_MS: u64 = 7 * 24 * 60 * 60 * 1000;

pub(super) fn check_delay(delay: &Delay) -> Result<()> {
    if let Some(zone) = &delay.timezone {
        window::time_zone(zone).map_err(|error| Error::invalid(format!("message.delay.timezone: {error}")))?;
    }
    if let Some(until) = &delay.until
        && window::parse_moment(until).is_none()
    {
        Window::parse(until).map_err(|error| Error::invalid(format!("message.delay.until: {error}")))?;
    }
    Ok(())
}

/// When a message's delay ends; none when it has none or it is over. `zone` is the person's own time zone.
///
/// # Errors
/// In words, when opening hours never open within the days that are searched.
pub(crate) fn delay_end(delay: &Delay, zone: Option<&str>, accepted: Timestamp) -> Result<Option<Timestamp>, String> {
    if let Some(duration) = delay.duration.filter(|duration| *duration > 0) {
        return Ok(Some(
            accepted.plus(duration.div_ceil(MINUTE_MS).saturating_mul(MINUTE_MS)),
        ));
    }
    let Some(until) = &delay.until else { return Ok(None) };
    if let Some(moment) = window::parse_moment(until) {
        return Ok(Some(moment).filter(|moment| *moment > accepted));
    }
    let window = Window::parse(until).map_err(|error| error.to_string())?;
    let zone = delay
        .timezone
        .as_deref()
        .or(zone)
        .and_then(|zone| window::time_zone(zone).ok());
    let open = window
        .next_open(&zone.unwrap_or(window::UTC), accepted)
        .map_err(|error| error.to_string())?;
    Ok(Some(open).filter(|open| *open > accepted))
}

/// When a message begins at the latest, from what is known before the person is.
pub(super) fn latest_begin(delay: &Delay, accepted: Timestamp) -> Timestamp {
    let begins = delay_end(delay, None, accepted).ok().flatten().unwrap_or(accepted);
    let is_window = delay.duration.is_none()
        && delay
            .until
            .as_deref()
            .is_some_and(|until| window::parse_moment(until).is_none());
    // Opening hours are read in the person's own zone, which a profile may name.
    if is_window && delay.timezone.is_none() {
        begins.plus(ZONE_SLACK_MS)
    } else {
        begins
    }
}

pub(super) fn check_expiry(expires: &Expiry) -> Result<()> {
    for (name, value) in [("expires_in", &expires.expires_in), ("expires_at", &expires.expires_at)] {
        if let Some(value) = value
            && read_expiry(name, value, Timestamp::default()).is_none()
        {
            return Err(Error::invalid(format!(
                "message.expiry.{name}: Expected milliseconds or an ISO 8601 {}",
                if name == "expires_in" { "duration" } else { "moment" }
            )));
        }
    }
    Ok(())
}

/// When a message disappears from the feed.
pub(crate) fn expiry(expires: &Expiry, accepted: Timestamp) -> Option<Timestamp> {
    let at = expires
        .expires_at
        .as_ref()
        .and_then(|value| read_expiry("expires_at", value, accepted));
    at.or_else(|| {
        expires
            .expires_in
            .as_ref()
            .and_then(|value| read_expiry("expires_in", value, accepted))
    })
}

fn read_expiry(name: &str, value: &Value, accepted: Timestamp) -> Option<Timestamp> {
    match (name, value) {
        ("expires_in", Value::Number(millis)) => Some(accepted.plus(millis.as_u64()?)),
        ("expires_in", Value::String(text)) => Some(accepted.plus(window::parse_duration(text)?)),
        ("expires_at", Value::Number(millis)) => Some(Timestamp::from_millis(millis.as_i64()?)),
        ("expires_at", Value::String(text)) => window::parse_moment(text),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn durations_end_at_whole_minutes_and_past_moments_do_not_delay() {
        let accepted = Timestamp::from_millis(1_760_000_000_000);
        let delay = |duration, until: Option<&str>| Delay {
            duration,
            until: until.map(str::to_owned),
            timezone: None,
        };
        assert_eq!(
            delay_end(&delay(Some(90_000), None), None, accepted),
            Ok(Some(accepted.plus(120_000)))
        );
        assert_eq!(delay_end(&delay(Some(0), None), None, accepted), Ok(None));
        assert_eq!(delay_end(&delay(None, Some("2001-01-01")), None, accepted), Ok(None));
        assert!(
            delay_end(&delay(None, Some("2099-01-01")), None, accepted)
                .unwrap()
                .is_some()
        );
    }

    #[test]
    fn expiry_reads_numbers_and_iso() {
        let accepted = Timestamp::from_millis(1000);
        let of = |key: &str, value| {
            let expires: Expiry = serde_json::from_value(json!({ key: value })).unwrap();
            expiry(&expires, accepted)
        };
        assert_eq!(of("expires_in", json!(500)), Some(Timestamp::from_millis(1500)));
        assert_eq!(of("expires_in", json!("PT1S")), Some(Timestamp::from_millis(2000)));
        assert_eq!(
            of("expires_at", json!("1970-01-01T00:00:09Z")),
            Some(Timestamp::from_millis(9000))
        );
        assert_eq!(of("expires_at", json!(true)), None);
    }
}
