//! The calls of one message that are under way, side by side.

use std::collections::BTreeSet;
use std::sync::Arc;

use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;
use futures_util::stream::{FuturesUnordered, StreamExt as _};
use tidings_domain::delivery::{self, CallTo};
use tidings_store::Next;
use tidings_types::plan::TargetKey;
use tidings_types::progress::TargetState;
use tidings_types::trace::TraceCode;
use tidings_types::{Leaf, Outcome, Result, Target, Timestamp};

use super::attempt::{Answer, Attempted, CallSubject, attempt};
use super::ledger::Ledger;
use super::slots::Accounts;
use crate::Services;
use crate::resolve::Resolved;

/// Calls under way, and targets that have to wait for room.
pub(super) struct Calls<'a> {
    services: &'a Services,
    accounts: &'a Accounts,
    under_way: FuturesUnordered<BoxFuture<'a, Attempted>>,
    /// Targets not to be called now: their call is under way, or there was no room for it.
    pub(super) busy: BTreeSet<TargetKey>,
    /// Of these, the ones without room, and when the first of them may try again.
    crowded: BTreeSet<TargetKey>,
    room_at: Option<Timestamp>,
}

impl<'a> Calls<'a> {
    pub(super) fn new(services: &'a Services, accounts: &'a Accounts) -> Self {
        Self {
            services,
            accounts,
            under_way: FuturesUnordered::new(),
            busy: BTreeSet::new(),
            crowded: BTreeSet::new(),
            room_at: None,
        }
    }

    pub(super) fn any_under_way(&self) -> bool {
        !self.under_way.is_empty()
    }

    /// Begins a call.
    pub(super) fn start(
        &mut self,
        subject: CallSubject,
        resolved: &Arc<Resolved>,
        leaf: &Leaf,
        target: &Target,
        call: CallTo,
    ) {
        self.busy.insert(call.key.clone());
        let (resolved, leaf, target) = (Arc::clone(resolved), leaf.clone(), target.clone());
        self.under_way
            .push(attempt(self.services, self.accounts, resolved, subject, leaf, target, call).boxed());
    }

    /// Waits for the next answer and notes it. False when nothing was under way.
    pub(super) async fn settle_next(&mut self, ledger: &mut Ledger) -> bool {
        let Some(attempted) = self.under_way.next().await else {
            return false;
        };
        let now = self.services.clock.now();
        let key = &attempted.call.key;
        if let Answer::Later(at) = attempted.answer {
            // Not a failure, only later. It counts as busy so that it is not asked for again at once.
            self.room_at = Some(self.room_at.map_or(at, |other| other.min(at)));
            self.crowded.insert(key.clone());
        } else {
            self.busy.remove(key);
            settle(ledger, &attempted, now);
        }
        true
    }

    /// When the first of those without room may try again. They count as busy no longer.
    pub(super) fn take_crowded(&mut self) -> Option<Timestamp> {
        for key in std::mem::take(&mut self.crowded) {
            self.busy.remove(&key);
        }
        self.room_at.take()
    }

    /// Waits for all answers and records them.
    pub(super) async fn finish(&mut self, ledger: &mut Ledger) -> Result<()> {
        while self.settle_next(ledger).await {
            ledger.flush(self.services, Next::KeepClaim).await?;
        }
        Ok(())
    }
}

/// Notes an answer in the progress, the timeline and the trace.
fn settle(ledger: &mut Ledger, attempted: &Attempted, now: Timestamp) {
    let key = &attempted.call.key;
    match &attempted.answer {
        Answer::Called(outcome) => {
            let state = delivery::apply(&mut ledger.progress, key, outcome, attempted.started, now);
            let code = match state {
                TargetState::Accepted { .. } => TraceCode::Accepted,
                TargetState::Failing { down: true, .. } if attempted.call.has_alternative => TraceCode::MovedOn,
                TargetState::Failing { .. } => TraceCode::RetryLater,
                TargetState::Dead { .. } => TraceCode::Failed,
            };
            ledger.answered(attempted, outcome, code, now);
        }
        Answer::Unrendered(error) => {
            delivery::fail_rendering(&mut ledger.progress, key, error, now);
            ledger.unrendered(attempted, error, now);
        }
        Answer::Resting => {
            let error = "it is being given a rest after failures";
            let down = Outcome::ProviderDown {
                permanent: false,
                error: error.to_owned(),
            };
            delivery::apply(&mut ledger.progress, key, &down, attempted.started, now);
            ledger.resting(attempted, error, now);
        }
        Answer::Later(_) => {}
    }
}
