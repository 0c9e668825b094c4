//! How a message ends.

use tidings_types::progress::{DeathCause, TargetState};
use tidings_types::{Progress, Reason, Status};

/// The end of a message whose plan was carried out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conclusion {
    /// [`Status::Sent`] if any provider took it over, else [`Status::Undeliverable`].
    pub status: Status,
    /// Why not.
    pub reason: Option<Reason>,
    /// In the words of the provider that failed last.
    pub error: Option<String>,
    /// Whether it ended because its time was up.
    pub timed_out: bool,
}

/// Concludes from how far a message has come.
pub fn conclude(progress: &Progress, timed_out: bool) -> Conclusion {
    let accepted = progress
        .targets
        .values()
        .any(|target| matches!(target.state, TargetState::Accepted { .. }));
    if accepted {
        return Conclusion {
            status: Status::Sent,
            reason: None,
            error: None,
            timed_out,
        };
    }
    let last = progress.targets.values().max_by_key(|target| target.last_at);
    let (reason, error) = match last.map(|target| &target.state) {
        Some(TargetState::Dead { cause, error }) => (reason_of(*cause), error.clone()),
        Some(TargetState::Failing { error, .. }) => (Reason::ProviderError, error.clone()),
        Some(TargetState::Accepted { .. }) | None => (Reason::Failed, "Its time was up before it was tried".to_owned()),
    };
    Conclusion {
        status: Status::Undeliverable,
        reason: Some(reason),
        error: Some(error),
        timed_out,
    }
}

fn reason_of(cause: DeathCause) -> Reason {
    match cause {
        DeathCause::Address => Reason::Bounced,
        DeathCause::Render => Reason::Failed,
        DeathCause::Provider | DeathCause::Refused | DeathCause::TimedOut => Reason::ProviderError,
    }
}
