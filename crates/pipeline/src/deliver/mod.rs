//! Carrying out one claimed message until it ends, waits, or its claim is given back.
//!
//! Before every hand-over everything is looked up and decided afresh, so that an opt-out holds for whatever has not left.
//! After every answer the step is recorded before the next call is made: what a provider took over is never sent to it
//! again. Only a crash between a provider's answer and its record can repeat a call, and then with the same idempotency
//! key.

mod attempt;
mod calls;
mod guards;
mod ledger;
mod limits;
mod marketing;
mod output;
mod pace;
mod persist;
mod slots;
mod tracking;

use std::sync::Arc;

use tidings_domain::decide::Decision;
use tidings_domain::delivery::{self, CallTo, Conclusion, Escalation, Rules, Step};
use tidings_store::{Claimed, Holding, NewJob, Next};
use tidings_types::message::Criteria;
use tidings_types::progress::Frozen;
use tidings_types::trace::TraceCode;
use tidings_types::{
    Event, EventType, KeyMode, Leaf, MessageSpec, Reason, Result, Status, Target, Timestamp, TraceEntry, Verdict,
};

use crate::Services;
use crate::accept::{MESSAGE_TIMEOUT_MS, delay_end};
use crate::digests::hold;
use crate::resolve::{Quiet, Resolution, Resolved, Subject, resolve};
pub(crate) use attempt::{Traces, render_for};
use calls::Calls;
use ledger::Ledger;
pub(crate) use output::content_of;
pub(crate) use slots::Accounts;

/// How long a message waits when its plan wants a call that it does not describe, in milliseconds.
const PUZZLED_WAIT_MS: u64 = 1_000;

/// Carries out a claimed message. Its claim is settled when this returns `Ok`.
///
/// # Errors
/// When the store cannot be read, or the claim was lost; a claim still held should be given back.
pub(crate) async fn carry_out(services: &Services, accounts: &Accounts, claimed: Claimed) -> Result<()> {
    if claimed.request.canceled_at.is_some() && !was_handed_over(&claimed) {
        return call_off(services, claimed).await;
    }
    let mut ledger = Ledger::new(claimed);
    let mut calls = Calls::new(services, accounts);
    loop {
        let now = services.clock.now();
        match look(services, &mut ledger, now).await? {
            Look::Held(until) => return ledger.hold(services, until, now).await,
            Look::Ended(verdict) => {
                calls.finish(&mut ledger).await?;
                return ledger.overruled(services, &verdict, services.clock.now()).await;
            }
            Look::Quiet(resolved, hours) => {
                calls.finish(&mut ledger).await?;
                if ledger.progress.routed_at.is_none()
                    && let Some(held) = ledger.digest(services, &resolved, now).await?
                {
                    return ledger.gather(services, held, now).await;
                }
                let deadline = rules(&resolved.spec, &ledger).deadline;
                return ledger
                    .keep_quiet(services, &hours, deadline, services.clock.now())
                    .await;
            }
            Look::Decided(resolved, decision) => {
                if ledger.progress.routed_at.is_none()
                    && let Some(held) = ledger.digest(services, &resolved, now).await?
                {
                    return ledger.gather(services, held, now).await;
                }
                if let Some(verdict) = limits::reached(services, &ledger, &resolved, now).await? {
                    return ledger.end(services, &verdict, now).await;
                }
                ledger.route(&resolved, &decision, now);
                match run(services, &mut calls, &mut ledger, &resolved, &decision).await? {
                    After::Settled => return Ok(()),
                    After::LookAgain => {}
                }
            }
        }
    }
}

/// Whether a provider took the message over.
fn was_handed_over(claimed: &Claimed) -> bool {
    delivery::conclude(&claimed.message.progress, false).status == Status::Sent
}

/// Calls off a message whose request was called off. Only a message that nobody holds can be.
async fn call_off(services: &Services, claimed: Claimed) -> Result<()> {
    let message = &claimed.message;
    let claim = (message.environment, message.id.clone(), claimed.token);
    services.store.release(vec![claim]).await?;
    let now = services.clock.now();
    services.store.cancel(message.environment, &message.id, now).await?;
    Ok(())
}

/// What looking at a message afresh came to.
enum Look {
    /// This may be tried.
    Decided(Arc<Resolved>, Decision),
    /// Not before this moment.
    Held(Timestamp),
    /// Not before the person's quiet hours end.
    Quiet(Arc<Resolved>, Quiet),
    /// Nothing more may be tried.
    Ended(Verdict),
}

/// Looks everything up and decides.
async fn look(services: &Services, ledger: &mut Ledger, now: Timestamp) -> Result<Look> {
    let subject = Subject {
        message: &ledger.claimed.message,
        request: &ledger.claimed.request,
        frozen: ledger.progress.frozen.as_ref(),
        unsaved: None,
    };
    let resolved = match resolve(services, &subject, now).await {
        Ok(Resolution::Resolved(resolved)) => Arc::new(*resolved),
        Ok(Resolution::Ended(verdict)) => return Ok(Look::Ended(verdict)),
        // What could not be looked up in all this time is a fault that trying again does not mend.
        Err(error) if now >= ledger.claimed.deadline => {
            tracing::error!(message = %ledger.claimed.message.id, %error, "a message ends because it cannot be looked up");
            return Ok(Look::Ended(Verdict::failed(
                "It could not be looked up before its time was up",
            )));
        }
        Err(error) => return Err(error),
    };
    ledger.introduce(&resolved, now);
    if let Some(until) = held_until(ledger, &resolved, now) {
        return Ok(until.map_or_else(Look::Ended, Look::Held));
    }
    let decision = resolved.decide(services, now);
    ledger.consider(&decision);
    Ok(match &decision.plan.verdict {
        Some(verdict) => Look::Ended(verdict.clone()),
        // What is too late by now ends, quiet hours or not.
        None => match resolved
            .quiet(now)
            .filter(|_| now < rules(&resolved.spec, ledger).deadline)
        {
            Some(hours) => Look::Quiet(resolved, hours),
            None => Look::Decided(resolved, decision),
        },
    })
}

/// What a round of calls came to.
enum After {
    /// The message ended or waits; recorded.
    Settled,
    /// More calls are to be made: look everything up again first.
    LookAgain,
}

/// Makes the calls that are due and records each answer. Calls of earlier rounds may still be under way.
async fn run<'a>(
    services: &'a Services,
    calls: &mut Calls<'a>,
    ledger: &mut Ledger,
    resolved: &Arc<Resolved>,
    decision: &Decision,
) -> Result<After> {
    let rules = rules(&resolved.spec, ledger);
    let mut fresh = true;
    loop {
        let now = services.clock.now();
        match delivery::next(&decision.plan, &ledger.progress, &rules, &calls.busy, now) {
            Step::Finished(conclusion) => {
                ledger.finish(services, &conclusion, now).await?;
                return Ok(After::Settled);
            }
            // What was told while the provider was called would not end a wait that begins only now.
            Step::Wait(_) if ledger.listen(services).await? => continue,
            Step::Wait(until) => {
                ledger.wait(services, until).await?;
                return Ok(After::Settled);
            }
            // The next hand-over is decided on fresh preferences.
            Step::Call { .. } if !fresh => {
                ledger.flush(services, Next::KeepClaim).await?;
                return Ok(After::LookAgain);
            }
            Step::Call { calls: wanted, .. } => {
                for call in wanted {
                    if let Some((leaf, target)) = find(decision, &call) {
                        calls.start(ledger.subject(), resolved, leaf, target, call);
                    }
                }
                fresh = false;
            }
            Step::Busy => {}
        }
        if !calls.settle_next(ledger).await {
            // Nothing is under way. What could not begin is tried when there is room, or when anything else is due.
            let room = calls.take_crowded().unwrap_or(now.plus(PUZZLED_WAIT_MS));
            let other = match delivery::next(&decision.plan, &ledger.progress, &rules, &calls.busy, now) {
                Step::Call { wake, .. } => wake,
                _ => None,
            };
            let until = room.min(other.unwrap_or(room)).min(rules.deadline);
            ledger.flush(services, Next::At(until)).await?;
            return Ok(After::Settled);
        }
        if calls.any_under_way() {
            ledger.flush(services, Next::KeepClaim).await?;
        }
    }
}

fn find<'d>(decision: &'d Decision, call: &CallTo) -> Option<(&'d Leaf, &'d Target)> {
    let leaf = decision
        .plan
        .root
        .leaves()
        .into_iter()
        .find(|leaf| leaf.path == call.path)?;
    let target = leaf.targets.iter().find(|target| target.account == call.account)?;
    Some((leaf, target))
}

fn rules(spec: &MessageSpec, ledger: &Ledger) -> Rules {
    let begun = ledger.progress.not_before.unwrap_or(ledger.claimed.message.enqueued);
    let escalation = match (spec.timeout.escalation, spec.timeout.criteria) {
        (Some(after_ms), Some(criteria)) if criteria != Criteria::NoEscalation => {
            Some(Escalation { after_ms, criteria })
        }
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
        match delay_end(
            &resolved.spec.delay,
            resolved.zone.as_deref(),
            ledger.claimed.message.enqueued,
        ) {
            Ok(until) => ledger.progress.not_before = until,
            Err(error) => return Some(Err(Verdict::failed(error))),
        }
    }
    ledger.progress.not_before.filter(|until| *until > now).map(Ok)
}

impl Ledger {
    /// What is filed instead of being sent, if it is.
    async fn digest(
        &self,
        services: &Services,
        resolved: &Resolved,
        now: Timestamp,
    ) -> Result<Option<(Holding, NewJob)>> {
        let message = &self.claimed.message;
        let (user, tenant) = (message.user_id.as_ref(), message.tenant_id.as_deref());
        // A one-time message is of no use later, and what a mock key sends must never become a real digest.
        if self.one_time || self.claimed.request.mode == KeyMode::Mock {
            return Ok(None);
        }
        let times = (message.enqueued, now);
        hold(services, message.environment, user, tenant, resolved, times).await
    }

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
        let channels: Vec<_> = decision
            .plan
            .root
            .leaves()
            .iter()
            .map(|leaf| serde_json::json!(leaf.channel.as_str()))
            .collect();
        self.status = Status::Routed;
        self.routed = true;
        self.event(Event::new(EventType::Routed, now).with("channels", channels));
    }

    /// The decision forbids what is left. If something was handed over before, that is what counts.
    async fn overruled(mut self, services: &Services, verdict: &Verdict, now: Timestamp) -> Result<()> {
        let conclusion = delivery::conclude(&self.progress, false);
        if conclusion.status == Status::Sent {
            self.note(TraceEntry::new(
                now,
                TraceCode::Ended,
                format!("Nothing more is sent: {}", verdict.error),
            ));
            return self.finish(services, &conclusion, now).await;
        }
        self.end(services, verdict, now).await
    }

    /// Ends as the plan's execution concluded.
    async fn finish(&mut self, services: &Services, conclusion: &Conclusion, now: Timestamp) -> Result<()> {
        self.status = match conclusion.status {
            Status::Sent => self.handed_over(),
            other => other,
        };
        self.reason = conclusion.reason;
        self.error.clone_from(&conclusion.error);
        if self.status == Status::Sent
            && let Some(error) = self.bounced()
        {
            self.status = Status::Undeliverable;
            self.reason = Some(Reason::Bounced);
            self.error = Some(error);
        }
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
            self.status = self.handed_over();
        }
        self.flush(services, Next::At(until)).await
    }
}
