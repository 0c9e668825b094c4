//! What Twilio's error codes mean for us: <https://www.twilio.com/docs/api/errors>.

use serde_json::Value;
use tidings_types::Outcome;

use crate::Response;
use crate::shared::answer;

/// Numbers that cannot receive text messages from this account, now or later.
const DEAD_ADDRESS: [u64; 7] = [
    21211, // invalid 'To' number
    21214, // 'To' number cannot be reached
    21217, // number does not appear to be valid
    21265, // 'To' number cannot be a short code
    21610, // the recipient opted out
    21614, // 'To' number is not a mobile number
    30005, // unknown destination handset
];

/// Settings an operator must mend: the sender or the account, not this message.
const OUR_ACCOUNT: [u64; 9] = [
    20003, // authentication error
    20005, // account not active
    20008, // test credentials cannot do this
    21212, // invalid 'From' number
    21606, // 'From' number cannot send text messages
    21659, // 'From' is not a Twilio number
    21660, // 'From' number belongs to another account
    21701, // messaging service does not exist
    21703, // messaging service has no numbers
];

/// Twilio's own "too many": the request as such was fine.
const COME_AGAIN: [u64; 3] = [
    14107, // message rate exceeded
    20429, // too many requests
    21611, // the sender's queue is full
];

/// Reads an answer that is not success: `{"code": 21211, "message": "..", "status": 400}`.
pub(super) fn outcome(response: &Response) -> Outcome {
    let json = response.json();
    let code = json.get("code").and_then(Value::as_u64);
    let words = json.get("message").and_then(Value::as_str).map(|message| match code {
        Some(code) => format!("{code} {message}"),
        None => message.to_owned(),
    });
    match code {
        Some(21610) => Outcome::AddressDead {
            error: "21610 the recipient has opted out of texts from this sender".to_owned(),
        },
        Some(code) if DEAD_ADDRESS.contains(&code) => Outcome::AddressDead {
            error: answer::error(response, words),
        },
        Some(code) if OUR_ACCOUNT.contains(&code) => Outcome::ProviderDown {
            permanent: true,
            error: answer::error(response, words),
        },
        Some(code) if COME_AGAIN.contains(&code) => Outcome::Retry {
            after_ms: response.retry_after_ms(),
            error: answer::error(response, words),
        },
        _ => answer::by_status(response, words),
    }
}
