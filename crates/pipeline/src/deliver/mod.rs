//! Carrying out one claimed message until it ends, waits, or its claim is given back.
//!
//! Before every hand-over everything is looked up and decided afresh, so that an opt-out holds for whatever has not left.
//! After every answer the step is recorded before the next call is made: what a provider took over is never sent to it
//! again. Only a crash between a provider's answer and its record can repeat a call, and then with the same idempotency
//! key.

mod attempt;
mod ledger;
mod output;
mod slots;

use std::collections::BTreeSet;
use std::sync::Arc;

use futures_util::stream::{FuturesUnordered, StreamExt as _};
use tidings_domain::decide::Decision;
use tidings_domain::delivery::{self, CallTo, Conclusion, Escalation, Rules, Step};
use tidings_store::{Claimed, Next};
use tidings_types::message::Criteria;
use tidings_types::plan::TargetKey;
use tidings_types::progress::{Frozen, TargetState};
use tidings_types::trace::TraceCode;
use tidings_types::{
    Event, EventType, KeyMode, Leaf, MessageSpec, Outcome, Result, Status, Target, Timestamp, TraceEntry, Verdict,
};

use crate::Services;
use crate::accept::{MESSAGE_TIMEOUT_MS, delay_end};
use crate::resolve::{Resolution, Resolved, Subject, resolve};
pub(crate) use attempt::render_for;
use attempt::{Attempted, attempt};
use ledger::Ledger;
pub(crate) use output::content_of;
pub(crate) use slots::Accounts;

/// How long a message waits when its provider account has no free slot, in milliseconds.
const CROWDED_WAIT_MS: u64 = 1_000;

/// Carries out a claimed message. Its claim is settled when this returns `Ok`.
///
/// # Errors
/// When the store fails; the claim is then still held and should be given back.
pub(crate) async fn carry_out(services: &Services, accounts: &Accounts, claimed: Claimed) -> Result<()> {
    let mut ledger = Ledger::new(claimed);
    loop {
        let now = services.clock.now();
        let subject = Subject {
            message: &ledger.claimed.message,
            request: &ledger.claimed.request,
            frozen: ledger.progress.frozen.as_ref(),
        };
        let resolved = match resolve(services, &subject, now).await? {
            Resolution::Resolved(resolved) => Arc::new(*resolved),
            Resolution::Ended(verdict) => return ledger.end(services, &verdict, now).await,
        };
        ledger.introduce(&resolved, now);
        if let Some(until) = held_until(&mut ledger, &resolved, now) {
            return match until {
                Ok(until) => ledger.hold(services, until, now).await,
                Err(verdict) => ledger.end(services, &verdict, now).await,
            };
        }
        let decision = resolved.decide(services, now);
        ledger.consider(&decision);
        if let Some(verdict) = &decision.plan.verdict {
            return ledger.overruled(services, verdict, now).await;
        }
        ledger.route(&resolved, &decision, now);
        match run(services, accounts, &mut ledger, &resolved, &decision).await? {
            After::Settled => return Ok(()),
            After::LookAgain => {}
        }
    }
}

/// What a round of calls came to.
enum After {
    /// The message ended or waits; recorded.
    Settled,
    /// More calls are to be made: look everything up again first.
    LookAgain,
}

/// Makes the calls that are due and records each answer, until nothing is under way.
async fn run(
    services: &Services,
    accounts: &Accounts,
    ledger: &mut Ledger,
    resolved: &Arc<Resolved>,
    decision: &Decision,
) -> Result<After> {
    let rules = rules(&resolved.spec, ledger);
    let mut under_way = FuturesUnordered::new();
    let mut busy: BTreeSet<TargetKey> = BTreeSet::new();
    let mut fresh = true;
    loop {
        let now = services.clock.now();
        match delivery::next(&decision.plan, &ledger.progress, &rules, &busy, now) {
            Step::Finished(conclusion) => {
                ledger.finish(services, &conclusion, now).await?;
                return Ok(After::Settled);
            }
            Step::Wait(until) => {
                ledger.wait(services, until).await?;
                return Ok(After::Settled);
            }
            Step::Call { .. } if !fresh => {
                // The next hand-over is decided on fresh preferences; what is under way ends first.
                if under_way.is_empty() {
                    ledger.flush(services, Next::KeepClaim).await?;
                    return Ok(After::LookAgain);
                }
            }
            Step::Call { calls, .. } => {
                for call in calls {
                    if let Some((leaf, target)) = find(decision, &call) {
                        busy.insert(call.key.clone());
                        ledger.delivering(leaf, target, now);
                        let subject = ledger.subject();
                        under_way.push(attempt(services, accounts, Arc::clone(resolved), subject, leaf.clone(), target.clone(), call));
                    }
                }
                fresh = false;
            }
            Step::Busy => {}
        }
        let Some(attempted) = under_way.next().await else {
            // Nothing under way and nothing to do: the plan and the progress disagree. Look at them afresh.
            ledger.flush(services, Next::At(now.plus(CROWDED_WAIT_MS))).await?;
            return Ok(After::Settled);
        };
        busy.remove(&attempted.call.key);
        let now = services.clock.now();
        match &attempted.outcome {
            None => {
                // No slot was free, or the account's rate is used up: not a failure, only later.
                if under_way.is_empty() {
                    let until = attempted.not_before.unwrap_or(now.plus(CROWDED_WAIT_MS));
                    ledger.flush(services, Next::At(until)).await?;
                    return Ok(After::Settled);
                }
            }
            Some(outcome) => {
                settle(ledger, &attempted, outcome, now);
                if !under_way.is_empty() {
                    ledger.flush(services, Next::KeepClaim).await?;
                }
            }
        }
    }
}

/// Notes an answer in the progress, the timeline and the trace.
fn settle(ledger: &mut Ledger, attempted: &Attempted, outcome: &Outcome, now: Timestamp) {
    if attempted.render_failed {
        let error = outcome.error().unwrap_or_default();
        delivery::fail_rendering(&mut ledger.progress, &attempted.call.key, error, now);
        ledger.answered(attempted, outcome, TraceCode::RenderFailed, now);
        return;
    }
    let state = delivery::apply(&mut ledger.progress, &attempted.call.key, outcome, attempted.started, now);
    let code = match state {
        TargetState::Accepted { .. } => TraceCode::Accepted,
        TargetState::Failing { down: true, .. } if attempted.call.has_alternative => TraceCode::MovedOn,
        TargetState::Failing { .. } => TraceCode::RetryLater,
        TargetState::Dead { .. } => TraceCode::Failed,
    };
    ledger.answered(attempted, outcome, code, now);
}

fn find<'d>(decision: &'d Decision, call: &CallTo) -> Option<(&'d Leaf, &'d Target)> {
    let leaf = decision.plan.root.leaves().into_iter().find(|leaf| leaf.path == call.path)?;
    let target = leaf.targets.iter().find(|target| target.account == call.account)?;
    Some((leaf, target))
}

fn rules(spec: &MessageSpec, ledger: &Ledger) -> Rules {
    let begun = ledger.progress.not_before.unwrap_or(ledger.claimed.message.enqueued);
    let escalation = match (spec.timeout.escalation, spec.timeout.criteria) {
        (Some(after_ms), Some(criteria)) if criteria != Criteria::NoEscalation => Some(Escalation { after_ms, criteria }),
        _ => None,
    };
    Rules {
        one_time: ledger.one_time,
        deadline: begun.plus(spec.timeout.message.unwrap_or(MESSAGE_TIMEOUT_MS)),
        escalation,
    }
}

/// Until when the message is held, if it is; computed once.
fn held_until(
    ledger: &mut Ledger,
    resolved: &Resolved,
    now: Timestamp,
) -> Option<std::result::Result<Timestamp, Verdict>> {
    if ledger.progress.not_before.is_none() && ledger.progress.routed_at.is_none() {
        match delay_end(&resolved.spec.delay, resolved.zone.as_deref(), ledger.claimed.message.enqueued) {
            Ok(until) => ledger.progress.not_before = until,
            Err(error) => {
                let reason = tidings_types::Reason::Failed;
                return Some(Err(Verdict { status: Status::Undeliverable, reason, error }));
            }
        }
    }
    ledger.progress.not_before.filter(|until| *until > now).map(Ok)
}

impl Ledger {
    /// What the message began with, once routing is decided for the first time.
    fn route(&mut self, resolved: &Resolved, decision: &Decision, now: Timestamp) {
        if self.progress.routed_at.is_some() {
            return;
        }
        self.progress.routed_at = Some(now);
        self.progress.frozen = Some(Frozen {
            routing: resolved.routing.clone(),
            template_version: resolved.template.as_ref().map(|template| template.version.clone()),
        });
        let channels: Vec<_> =
            decision.plan.root.leaves().iter().map(|leaf| serde_json::json!(leaf.channel.as_str())).collect();
        self.status = Status::Routed;
        self.event(Event::new(EventType::Routed, now).with("channels", channels));
    }

    /// The decision forbids what is left. If something was handed over before, that is what counts.
    async fn overruled(mut self, services: &Services, verdict: &Verdict, now: Timestamp) -> Result<()> {
        let conclusion = delivery::conclude(&self.progress, false);
        if conclusion.status == Status::Sent {
            self.note(TraceEntry::new(now, TraceCode::Ended, format!("Nothing more is sent: {}", verdict.error)));
            return self.finish(services, &conclusion, now).await;
        }
        self.end(services, verdict, now).await
    }

    /// Ends as the plan's execution concluded.
    async fn finish(&mut self, services: &Services, conclusion: &Conclusion, now: Timestamp) -> Result<()> {
        let mock = self.claimed.request.mode == KeyMode::Mock;
        self.status = match conclusion.status {
            Status::Sent if mock => Status::Simulated,
            other => other,
        };
        self.reason = conclusion.reason;
        self.error.clone_from(&conclusion.error);
        if self.status == Status::Simulated {
            self.event(Event::new(EventType::Simulated, now));
        }
        let told = match (conclusion.timed_out, &conclusion.error) {
            (true, _) => format!("{}: its time was up", self.status),
            (false, Some(error)) => format!("{}: {error}", self.status),
            (false, None) => self.status.to_string(),
        };
        self.note(TraceEntry::new(now, TraceCode::Ended, told));
        self.count();
        self.flush(services, Next::Finished).await
    }

    /// Waits for the next attempt.
    async fn wait(&mut self, services: &Services, until: Timestamp) -> Result<()> {
        if delivery::conclude(&self.progress, false).status == Status::Sent {
            self.status = Status::Sent;
        }
        self.flush(services, Next::At(until)).await
    }
}
