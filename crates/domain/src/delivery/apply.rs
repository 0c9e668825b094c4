//! Noting what came of a call.

use tidings_types::plan::TargetKey;
use tidings_types::progress::{DeathCause, TargetProgress, TargetState};
use tidings_types::{Outcome, Progress, Timestamp};

use crate::retry;

/// Notes the outcome of a call that began at `started` and ended at `now`, and returns where the target stands.
pub fn apply(
    progress: &mut Progress,
    key: &TargetKey,
    outcome: &Outcome,
    started: Timestamp,
    now: Timestamp,
) -> TargetState {
    let before = progress.targets.get(key);
    let attempts = before.map_or(0, |target| target.attempts) + 1;
    let first_at = before.map_or(started, |target| target.first_at);
    let failing = |asked_ms: Option<u64>, down: bool, error: &str| {
        if now.since(first_at) >= retry::CEILING_MS {
            return TargetState::Dead {
                cause: DeathCause::TimedOut,
                error: error.to_owned(),
            };
        }
        let retry_at = now.plus(retry::wait_ms(attempts, asked_ms));
        TargetState::Failing {
            retry_at,
            down,
            error: error.to_owned(),
        }
    };
    let dead = |cause, error: &str| TargetState::Dead {
        cause,
        error: error.to_owned(),
    };
    let state = match outcome {
        Outcome::Accepted { .. } => TargetState::Accepted { at: now },
        Outcome::Retry { after_ms, error } => failing(*after_ms, false, error),
        Outcome::ProviderDown {
            permanent: false,
            error,
        } => failing(None, true, error),
        Outcome::ProviderDown { permanent: true, error } => dead(DeathCause::Provider, error),
        Outcome::AddressDead { error } => dead(DeathCause::Address, error),
        Outcome::Refused { error } => dead(DeathCause::Refused, error),
        // It may have been taken over: asking the same provider again, with the same idempotency key, is safer than
        // sending a second copy another way.
        Outcome::Unknown { error } => failing(None, false, error),
    };
    let target = TargetProgress {
        attempts,
        first_at,
        last_at: now,
        state: state.clone(),
    };
    progress.targets.insert(key.clone(), target);
    state
}

/// Notes that the content could not be rendered for a target's channel.
pub fn fail_rendering(progress: &mut Progress, key: &TargetKey, error: &str, now: Timestamp) {
    let state = TargetState::Dead {
        cause: DeathCause::Render,
        error: error.to_owned(),
    };
    progress.targets.insert(
        key.clone(),
        TargetProgress {
            attempts: 0,
            first_at: now,
            last_at: now,
            state,
        },
    );
}
