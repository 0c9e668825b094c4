//! An HTTP answer, read to its end or to our limit.

use http::{HeaderMap, StatusCode};
use serde_json::Value;
use tidings_types::Timestamp;

/// An HTTP answer.
#[derive(Clone, Debug)]
pub struct Response {
    /// The status.
    pub status: StatusCode,
    /// The headers.
    pub headers: HeaderMap,
    /// The body, cut at the driver's limit.
    pub body: Vec<u8>,
    /// When it came.
    pub received: Timestamp,
}

impl Response {
    /// A header's value, if it is text.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// The body as JSON; null when it is not.
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or(Value::Null)
    }

    /// How long `Retry-After` asks to wait, in milliseconds: seconds or an HTTP date (RFC 9110, section 10.2.3).
    pub fn retry_after_ms(&self) -> Option<u64> {
        let text = self.header("retry-after")?.trim();
        if let Ok(seconds) = text.parse::<u64>() {
            return Some(seconds.saturating_mul(1000));
        }
        let moment = jiff::fmt::rfc2822::parse(text).ok()?.timestamp();
        Some(Timestamp::from(moment).since(self.received))
    }
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    fn after(value: &'static str) -> Option<u64> {
        let mut headers = HeaderMap::new();
        headers.insert("retry-after", HeaderValue::from_static(value));
        // 1994-11-06T08:49:07Z, thirty seconds before the date in RFC 9110's example.
        let received = Timestamp::from_millis(784_111_747_000);
        Response {
            status: StatusCode::TOO_MANY_REQUESTS,
            headers,
            body: Vec::new(),
            received,
        }
        .retry_after_ms()
    }

    #[test]
    fn retry_after_is_seconds_or_a_date() {
        assert_eq!(after("120"), Some(120_000));
        assert_eq!(after("Sun, 06 Nov 1994 08:49:37 GMT"), Some(30_000));
        assert_eq!(after("Sun, 06 Nov 1994 08:40:00 GMT"), Some(0));
        assert_eq!(after("soon"), None);
        assert_eq!(after("-3"), None);
        assert_eq!(after("99999999999999999999"), None);
    }
}
