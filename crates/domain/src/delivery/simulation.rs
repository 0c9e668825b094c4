//! A world in which providers behave as told, so that a message's whole life runs in microseconds.

use std::collections::{BTreeMap, BTreeSet};

use tidings_types::plan::TargetKey;
use tidings_types::{Channel, Leaf, Method, Node, Outcome, Plan, Progress, Target, Timestamp};

use super::{CallTo, Conclusion, Escalation, Rules, Step, apply, next};

/// How a provider behaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Behaviour {
    Works,
    /// Down until this many milliseconds after the start, then works.
    DownUntil(u64),
    /// Answers 429 until then.
    BusyUntil(u64),
    /// Refuses our credentials.
    NoCredentials,
    /// The address is dead.
    DeadAddress,
    /// Every call is cut off, until then.
    CutUntil(u64),
}

/// What a simulated life came to.
#[derive(Debug)]
pub(super) struct Life {
    /// Calls as (milliseconds after the start, account).
    pub(super) calls: Vec<(u64, String)>,
    pub(super) accepted: Vec<String>,
    pub(super) conclusion: Conclusion,
    pub(super) ended_after: u64,
}

/// How long each call takes, in milliseconds.
const CALL_MS: u64 = 20;

pub(super) fn leaf(path: &str, accounts: &[&str]) -> Node {
    let target = |account: &&str| Target {
        provider: (*account).to_owned(),
        account: (*account).to_owned(),
        addresses: Vec::new(),
        timeout_ms: 300_000,
    };
    Node::Leaf(Leaf {
        path: path.to_owned(),
        channel: Channel::Email,
        method: Method::Single,
        timeout_ms: 1_800_000,
        targets: accounts.iter().map(target).collect(),
    })
}

pub(super) fn rules(one_time: bool) -> Rules {
    Rules {
        one_time,
        deadline: Timestamp::from_millis(72 * 3_600_000),
        escalation: None,
    }
}

pub(super) fn escalating(after_ms: u64) -> Rules {
    let escalation = Escalation {
        after_ms,
        criteria: tidings_types::message::Criteria::Viewed,
    };
    Rules {
        escalation: Some(escalation),
        ..rules(false)
    }
}

fn answer(behaviour: Behaviour, now: Timestamp) -> Outcome {
    let now = now.since(Timestamp::from_millis(0));
    let error = || "as told".to_owned();
    match behaviour {
        Behaviour::DownUntil(until) if now < until => Outcome::ProviderDown {
            permanent: false,
            error: error(),
        },
        Behaviour::BusyUntil(until) if now < until => Outcome::Retry {
            after_ms: None,
            error: error(),
        },
        Behaviour::CutUntil(until) if now < until => Outcome::Unknown { error: error() },
        Behaviour::NoCredentials => Outcome::ProviderDown {
            permanent: true,
            error: error(),
        },
        Behaviour::DeadAddress => Outcome::AddressDead { error: error() },
        _ => Outcome::accepted(None),
    }
}

/// Runs a message from start to end. Calls of one step run side by side, and answers come one after the other.
pub(super) fn live(root: Node, rules: &Rules, behaviours: &BTreeMap<String, Behaviour>) -> Life {
    let plan = Plan { root, verdict: None };
    let mut progress = Progress::default();
    let mut now = Timestamp::from_millis(0);
    let mut busy: BTreeSet<TargetKey> = BTreeSet::new();
    let mut under_way: Vec<(Timestamp, CallTo)> = Vec::new();
    let mut life = Life {
        calls: Vec::new(),
        accepted: Vec::new(),
        conclusion: super::conclude(&progress, false),
        ended_after: 0,
    };
    for _ in 0..100_000 {
        match next(&plan, &progress, rules, &busy, now) {
            Step::Finished(conclusion) => {
                life.conclusion = conclusion;
                life.ended_after = now.since(Timestamp::from_millis(0));
                return life;
            }
            Step::Call { calls, .. } => {
                for call in calls {
                    assert!(busy.insert(call.key.clone()), "a target is never called twice at once");
                    life.calls
                        .push((now.since(Timestamp::from_millis(0)), call.account.clone()));
                    under_way.push((now, call));
                }
                continue;
            }
            Step::Busy => {}
            Step::Wait(until) => {
                assert!(until > now, "waiting makes progress");
                now = until;
                continue;
            }
        }
        let (started, call) = under_way.remove(0);
        now = now.max(started.plus(CALL_MS));
        let behaviour = behaviours.get(&call.account).copied().unwrap_or(Behaviour::Works);
        let outcome = answer(behaviour, started);
        if matches!(outcome, Outcome::Accepted { .. }) {
            life.accepted.push(call.account.clone());
        }
        apply(&mut progress, &call.key, &outcome, started, now);
        busy.remove(&call.key);
    }
    panic!("a message's life ends: {life:?}");
}
