//! What an SMTP server's replies and failures mean, by where in the dialogue they come.

use std::time::Duration;

use tidings_testkit::smtp_double::{Rules, SmtpDouble, Twist};
use tidings_types::Outcome;

use super::smtp::{driver, to_port};

/// A kind of outcome.
pub(crate) type Kind = fn(&Outcome) -> bool;

async fn outcome_with(rules: Rules) -> Outcome {
    let double = SmtpDouble::start(rules).await;
    to_port(double.port)
        .send_within(&driver(), Duration::from_secs(2))
        .await
}

#[tokio::test]
async fn replies_mean_what_the_standard_says_by_where_they_come() {
    let cases: [(&str, &str, Kind); 19] = [
        ("GREETING", "554 5.3.2 go away", is_down),
        ("GREETING", "421 4.3.2 closing", is_down),
        ("EHLO", "502 5.5.1 what?", is_down),
        ("MAIL", "451 4.3.0 later", is_retry),
        ("MAIL", "421 4.3.2 closing", is_down),
        ("MAIL", "530 5.7.0 log in first", is_broken),
        ("MAIL", "550 5.7.1 not you", is_refused),
        ("RCPT", "450 4.2.0 greylisted", is_retry),
        ("RCPT", "452 4.5.3 too many", is_retry),
        ("RCPT", "550 5.1.1 no such user", is_dead),
        ("RCPT", "551 5.1.6 moved", is_dead),
        ("RCPT", "553 5.1.3 bad syntax", is_dead),
        ("RCPT", "550 5.7.1 relaying denied", is_refused),
        ("RCPT", "552 5.2.2 mailbox full", is_refused),
        ("DATA", "451 4.3.0 later", is_retry),
        ("DATA", "554 5.5.1 no valid recipients", is_refused),
        (".", "451 4.7.1 later", is_retry),
        (".", "550 5.7.1 spam", is_refused),
        (".", "552 5.3.4 too big", is_refused),
    ];
    for (command, reply, expected) in cases {
        let outcome = outcome_with(Rules::twist(command, Twist::Say(reply))).await;
        assert!(expected(&outcome), "{command}: {reply}: {outcome:?}");
        let text = reply.split_once(' ').unwrap().1;
        assert!(
            outcome.error().unwrap().contains(text),
            "{command}: {reply}: {outcome:?}"
        );
    }
}

pub(crate) fn is_down(outcome: &Outcome) -> bool {
    matches!(outcome, Outcome::ProviderDown { permanent: false, .. })
}

pub(crate) fn is_broken(outcome: &Outcome) -> bool {
    matches!(outcome, Outcome::ProviderDown { permanent: true, .. })
}

pub(crate) fn is_retry(outcome: &Outcome) -> bool {
    matches!(outcome, Outcome::Retry { .. })
}

pub(crate) fn is_dead(outcome: &Outcome) -> bool {
    matches!(outcome, Outcome::AddressDead { .. })
}

pub(crate) fn is_refused(outcome: &Outcome) -> bool {
    matches!(outcome, Outcome::Refused { .. })
}

pub(crate) fn is_unknown(outcome: &Outcome) -> bool {
    matches!(outcome, Outcome::Unknown { .. })
}

#[tokio::test]
async fn a_cut_or_silence_is_unknown_only_once_the_mail_has_left() {
    for (command, expected) in [
        ("GREETING", is_down as Kind),
        ("EHLO", is_down),
        ("MAIL", is_down),
        ("RCPT", is_down),
        ("DATA", is_down),
        (".", is_unknown),
    ] {
        let outcome = outcome_with(Rules::twist(command, Twist::Cut)).await;
        assert!(expected(&outcome), "cut at {command}: {outcome:?}");
        let double = SmtpDouble::start(Rules::twist(command, Twist::Hang)).await;
        let outcome = to_port(double.port)
            .send_within(&driver(), Duration::from_millis(200))
            .await;
        assert!(expected(&outcome), "silence at {command}: {outcome:?}");
        assert_eq!(double.connections(), 1);
    }
}
