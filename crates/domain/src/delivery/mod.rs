//! Carrying out a plan: a state machine that says, from how far a message has come, what to do next.
//!
//! [`next`] is asked with a fresh plan before every hand-over; [`apply()`] notes what came of a call. Neither waits nor
//! calls anyone. In words:
//!
//! - An entry that works ends a `single`; an `all` carries out every entry on its own.
//! - A provider that is down, or that refuses our credentials, is passed over at once while anything else is left to
//!   try; a one-time message passes over any provider that does not take it at the first attempt.
//! - When everything was tried and some failures may pass, those are tried again on the retry clock.
//! - A provider's and a channel's timeout only end it while something else is left; the last one has until the
//!   message's own deadline.
//! - A dead address or a refused message closes its channel, not the message.

mod apply;
mod conclude;
mod evaluate;

use std::collections::BTreeSet;

pub use apply::{apply, fail_rendering};
pub use conclude::{Conclusion, conclude};
use evaluate::{Evaluation, Walk};
use tidings_types::message::Criteria;
use tidings_types::plan::TargetKey;
use tidings_types::{Plan, Progress, Timestamp};

/// What holds for one message besides its plan.
#[derive(Clone, Copy, Debug)]
pub struct Rules {
    /// Whether it is a one-time message, which does not wait while there is another way.
    pub one_time: bool,
    /// When everything ends.
    pub deadline: Timestamp,
    /// When handing over is not enough.
    pub escalation: Option<Escalation>,
}

/// The next channel of a `single` is used too, unless the person reacted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Escalation {
    /// How long to wait after a hand-over, in milliseconds.
    pub after_ms: u64,
    /// What must have happened by then.
    pub criteria: Criteria,
}

/// What to do next.
#[derive(Clone, Debug, PartialEq)]
pub enum Step {
    /// Make these calls now. Ask again after each answer, and at `wake` if there is one.
    Call {
        /// The calls.
        calls: Vec<CallTo>,
        /// When to look again at the latest.
        wake: Option<Timestamp>,
    },
    /// Nothing now; ask again then.
    Wait(Timestamp),
    /// Calls are under way; ask again after each answer.
    Busy,
    /// It is over.
    Finished(Conclusion),
}

/// One call to make.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CallTo {
    /// Its place in the plan: index of the leaf by [`tidings_types::Leaf::path`].
    pub path: String,
    /// The account within the leaf.
    pub account: String,
    /// The key of its progress.
    pub key: TargetKey,
    /// Whether anything else is left to try, so that it should not take long.
    pub has_alternative: bool,
}

/// What to do next with a message. `busy` are the targets whose calls are under way.
pub fn next(plan: &Plan, progress: &Progress, rules: &Rules, busy: &BTreeSet<TargetKey>, now: Timestamp) -> Step {
    if now >= rules.deadline {
        return if busy.is_empty() {
            Step::Finished(conclude(progress, true))
        } else {
            Step::Busy
        };
    }
    let walk = Walk {
        progress,
        rules,
        busy,
        now,
    };
    let (calls, wake) = match walk.node(&plan.root, false) {
        Evaluation::Done | Evaluation::Failed => (Vec::new(), None),
        Evaluation::Working { calls, wake } => (calls, wake),
        Evaluation::Resting(resting) => resting.into_work(now),
    };
    if !calls.is_empty() {
        return Step::Call { calls, wake };
    }
    if !busy.is_empty() {
        return Step::Busy;
    }
    match wake {
        Some(wake) if wake < rules.deadline => Step::Wait(wake),
        Some(_) => Step::Finished(conclude(progress, true)),
        None => Step::Finished(conclude(progress, false)),
    }
}

#[cfg(test)]
mod simulation;
#[cfg(test)]
mod tests;
