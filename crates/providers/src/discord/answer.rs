//! What Discord answers. Its codes: <https://discord.com/developers/docs/topics/opcodes-and-status-codes#json>.

use serde_json::Value;
use tidings_types::{Object, Outcome};

use crate::Response;
use crate::shared::answer;

/// Nobody is reached at this address.
const DEAD_ADDRESS: [u64; 7] = [
    10003, // unknown channel
    10013, // unknown user
    10015, // unknown webhook
    50001, // missing access
    50007, // cannot send messages to this user
    50013, // missing permissions
    50278, // no mutual servers
];

/// Reads the answer to a message.
pub(super) fn outcome(response: &Response) -> Outcome {
    if !response.status.is_success() {
        return failure(response);
    }
    let json = response.json();
    let Some(id) = json.get("id").and_then(Value::as_str) else {
        return Outcome::Unknown {
            error: "Discord answered with success but without a message's id".to_owned(),
        };
    };
    let mut reference = Object::new();
    for name in ["channel_id", "id"] {
        if let Some(value) = json.get(name).filter(|value| value.is_string()) {
            reference.insert(name.to_owned(), value.clone());
        }
    }
    Outcome::Accepted {
        id: Some(id.to_owned()),
        reference,
    }
}

/// Reads an answer that is no success: `{"code": 50007, "message": ".."}`, or `{"retry_after": 1.5}` in seconds.
pub(super) fn failure(response: &Response) -> Outcome {
    let json = response.json();
    let code = json.get("code").and_then(Value::as_u64).filter(|code| *code != 0);
    let words = json.get("message").and_then(Value::as_str).map(|message| match code {
        Some(code) => format!("{code} {message}"),
        None => message.to_owned(),
    });
    if code.is_some_and(|code| DEAD_ADDRESS.contains(&code)) {
        return Outcome::AddressDead {
            error: answer::error(response, words),
        };
    }
    match json.get("retry_after").and_then(Value::as_f64) {
        Some(seconds) if response.status == 429 => Outcome::Retry {
            after_ms: millis(seconds),
            error: answer::error(response, words),
        },
        _ => answer::by_status(response, words),
    }
}

/// Seconds as whole milliseconds, rounded up.
fn millis(seconds: f64) -> Option<u64> {
    let wait = std::time::Duration::try_from_secs_f64(seconds).ok()?;
    u64::try_from(wait.as_millis()).ok().map(|millis| millis + 1)
}
