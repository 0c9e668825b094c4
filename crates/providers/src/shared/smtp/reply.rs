//! What an SMTP failure means, by where in the dialogue it happened.

use std::error::Error as _;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use lettre::transport::smtp::Error as SmtpError;
use tidings_types::Outcome;

/// How far a dialogue has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Stage {
    /// Connecting, greeting, EHLO, STARTTLS.
    Connect,
    /// AUTH.
    Login,
    /// MAIL FROM.
    Sender,
    /// RCPT TO.
    Recipient,
    /// DATA, before any of the mail has left.
    Data,
    /// The mail itself: from here on the server may have taken it over.
    Content,
}

/// How far one dialogue has come, told even when it is cut off in the middle.
pub(super) struct Reached(Mutex<Stage>);

impl Reached {
    /// At the beginning.
    pub(super) fn new() -> Self {
        Self(Mutex::new(Stage::Connect))
    }

    /// Where it stands.
    pub(super) fn get(&self) -> Stage {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Moves on, or back to the beginning.
    pub(super) fn set(&self, stage: Stage) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = stage;
    }
}

/// What a failure means. Codes are those of RFC 5321, section 4.2.3, and RFC 4954, section 6.
pub(super) fn failure(stage: Stage, error: &SmtpError) -> Outcome {
    let words = words(error);
    let Some(code) = error.status().map(u16::from) else {
        return lost(stage, words);
    };
    let error = format!("{code} {words}");
    match (stage, code) {
        (Stage::Connect, _) | (_, 421) => Outcome::ProviderDown {
            permanent: false,
            error,
        },
        (Stage::Login, _) => Outcome::ProviderDown {
            permanent: code >= 500,
            error,
        },
        (_, 530 | 534 | 535 | 538) => Outcome::ProviderDown { permanent: true, error },
        (_, 400..=499) => Outcome::Retry { after_ms: None, error },
        // With an enhanced code of policy (RFC 3463, x.7.x), the server refuses us rather than the address.
        (Stage::Recipient, 550 | 551 | 553) if !words.starts_with("5.7.") => Outcome::AddressDead { error },
        _ => Outcome::Refused { error },
    }
}

/// What a lost connection means.
fn lost(stage: Stage, words: String) -> Outcome {
    match stage {
        Stage::Content => Outcome::Unknown {
            error: format!("the connection was cut after the mail had left: {words}"),
        },
        Stage::Login if is_unusable(&words) => Outcome::ProviderDown {
            permanent: true,
            error: words,
        },
        _ => Outcome::ProviderDown {
            permanent: false,
            error: format!("the connection was cut: {words}"),
        },
    }
}

/// The server offers no way to authenticate that we know.
fn is_unusable(words: &str) -> bool {
    words.contains("authentication mechanism")
}

/// What running out of time means.
pub(super) fn timed_out(stage: Stage, limit: Duration) -> Outcome {
    let error = format!("no answer within {} ms", limit.as_millis());
    match stage {
        Stage::Content => Outcome::Unknown { error },
        _ => Outcome::ProviderDown {
            permanent: false,
            error,
        },
    }
}

/// Whether a kept connection had died, or the server ends it, so that a fresh one may do better.
pub(super) fn is_stale(error: &SmtpError) -> bool {
    match error.status().map(u16::from) {
        None => true,
        Some(code) => code == 421,
    }
}

/// The server's or the system's own words.
pub(super) fn words(error: &SmtpError) -> String {
    error.source().map_or_else(|| error.to_string(), ToString::to_string)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn time_running_out_is_unknown_only_once_the_mail_has_left() {
        for stage in [
            Stage::Connect,
            Stage::Login,
            Stage::Sender,
            Stage::Recipient,
            Stage::Data,
        ] {
            let outcome = timed_out(stage, Duration::from_secs(1));
            assert!(
                matches!(outcome, Outcome::ProviderDown { permanent: false, .. }),
                "{stage:?}"
            );
        }
        assert!(matches!(
            timed_out(Stage::Content, Duration::from_secs(1)),
            Outcome::Unknown { .. }
        ));
    }
}
