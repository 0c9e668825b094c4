//! What Slack answers. Methods say `ok: false` and a word with HTTP 200:
//! <https://docs.slack.dev/reference/methods/chat.postMessage#errors>; webhooks say a word with an error's status:
//! <https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks#handling_errors>.

use serde_json::Value;
use tidings_types::{Object, Outcome};

use crate::Response;
use crate::shared::answer;

/// Nobody is reached at this address: the person or channel is not there, or does not let the bot in.
const DEAD_ADDRESS: [&str; 13] = [
    "cannot_dm_bot",
    "channel_is_archived",
    "channel_not_found",
    "is_archived",
    "messages_tab_disabled",
    "no_active_hooks",
    "no_service",
    "no_service_id",
    "not_in_channel",
    "user_not_found",
    "user_not_in_channel",
    "users_not_found",
    "restricted_action",
];
/// The bot or its token cannot be used; an operator must mend that.
const OUR_ACCOUNT: [&str; 11] = [
    "access_denied",
    "account_inactive",
    "ekm_access_denied",
    "enterprise_is_restricted",
    "invalid_auth",
    "invalid_token",
    "missing_scope",
    "not_authed",
    "org_login_required",
    "token_expired",
    "token_revoked",
];
/// Slack asks to come again.
const COME_AGAIN: [&str; 3] = ["rate_limited", "ratelimited", "message_limit_exceeded"];
/// Slack itself is in trouble.
const TROUBLE: [&str; 4] = [
    "fatal_error",
    "internal_error",
    "request_timeout",
    "service_unavailable",
];

/// Reads the answer to a message.
pub(super) fn outcome(response: &Response) -> Outcome {
    if !response.status.is_success() {
        return failure(response);
    }
    let json = response.json();
    match json.get("ok").and_then(Value::as_bool) {
        Some(true) => {
            let text = |name: &str| json.get(name).and_then(Value::as_str).map(str::to_owned);
            let id = text("ts").or_else(|| text("scheduled_message_id"));
            let mut reference = Object::new();
            for name in ["channel", "ts", "scheduled_message_id"] {
                if let Some(text) = text(name) {
                    reference.insert(name.to_owned(), text.into());
                }
            }
            Outcome::Accepted { id, reference }
        }
        Some(false) => failure(response),
        // A webhook says `ok`; the address of a slash command says nothing.
        None if response.body.trim_ascii() == b"ok" || response.body.trim_ascii().is_empty() => Outcome::accepted(None),
        None => Outcome::Unknown {
            error: "Slack answered with success and words that are not its own".to_owned(),
        },
    }
}

/// Reads an answer that is no success.
pub(super) fn failure(response: &Response) -> Outcome {
    let json = response.json();
    let word = match json.get("error").and_then(Value::as_str) {
        Some(word) => word.to_owned(),
        None => String::from_utf8_lossy(&response.body)
            .trim()
            .chars()
            .take(60)
            .collect(),
    };
    let is_word = !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_');
    let error = answer::error(response, is_word.then(|| word.clone()));
    let word = word.as_str();
    if COME_AGAIN.contains(&word) {
        let after_ms = response.retry_after_ms();
        Outcome::Retry { after_ms, error }
    } else if OUR_ACCOUNT.contains(&word) {
        Outcome::ProviderDown { permanent: true, error }
    } else if DEAD_ADDRESS.contains(&word) {
        Outcome::AddressDead { error }
    } else if TROUBLE.contains(&word) {
        Outcome::ProviderDown {
            permanent: false,
            error,
        }
    } else {
        answer::by_status(response, is_word.then(|| word.to_owned()))
    }
}
