//! Walking the plan's tree: what each node wants to do now.

use std::collections::BTreeSet;

use tidings_types::message::Criteria;
use tidings_types::plan::TargetKey;
use tidings_types::progress::{DeathCause, Reached, TargetProgress, TargetState};
use tidings_types::{Leaf, Method, Node, Progress, Target, Timestamp};

use super::{CallTo, Rules};

/// What a node has come to.
pub(super) enum Evaluation {
    /// It worked.
    Done,
    /// It did not, and will not.
    Failed,
    /// It has something to do, now or at a moment.
    Working {
        calls: Vec<CallTo>,
        wake: Option<Timestamp>,
    },
    /// Everything in it was tried, and some of it may work later.
    Resting(Resting),
}

/// Targets that failed in a way that may pass, with the moments of their next attempts.
pub(super) struct Resting(Vec<(Timestamp, CallTo)>);

impl Resting {
    /// Tries again what is due first, one at a time.
    pub(super) fn into_work(self, now: Timestamp) -> (Vec<CallTo>, Option<Timestamp>) {
        match self.0.into_iter().min_by_key(|(at, _)| *at) {
            Some((at, call)) if at <= now => (vec![call], None),
            Some((at, _)) => (Vec::new(), Some(at)),
            None => (Vec::new(), None),
        }
    }
}

/// How much is left of a node, whatever else there is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Hope {
    /// Nothing.
    None,
    /// Its time is up, and it never failed for good.
    Spent,
    /// It can be tried.
    Fresh,
}

/// What every node is looked at with.
pub(super) struct Walk<'a> {
    pub(super) progress: &'a Progress,
    pub(super) rules: &'a Rules,
    pub(super) busy: &'a BTreeSet<TargetKey>,
    pub(super) now: Timestamp,
}

impl Walk<'_> {
    /// Looks at a node. `alternative` says whether something outside it could still do its work.
    pub(super) fn node(&self, node: &Node, alternative: bool) -> Evaluation {
        match node {
            Node::Leaf(leaf) => match leaf.method {
                Method::Single => self.leaf(leaf, alternative),
                Method::All => self.every(leaf, alternative),
            },
            Node::Single(children) => self.single(children, alternative),
            Node::All(children) => self.all(
                children.iter().map(|child| self.node(child, alternative)).collect(),
                alternative,
            ),
        }
    }

    fn single(&self, children: &[Node], alternative: bool) -> Evaluation {
        let hopes: Vec<_> = children.iter().map(|child| self.hope(child)).collect();
        let fresh = hopes.iter().filter(|hope| **hope == Hope::Fresh).count();
        let last_spent = hopes.iter().rposition(|hope| *hope == Hope::Spent);
        let mut resting = Vec::new();
        let mut done = false;
        for (index, (child, hope)) in children.iter().zip(&hopes).enumerate() {
            let others = fresh - usize::from(*hope == Hope::Fresh);
            let last_resort = fresh == 0 && !alternative && last_spent == Some(index);
            let worked = self.accepted_at(child);
            if *hope == Hope::Spent && !last_resort && worked.is_none() {
                continue;
            }
            match self.node(child, alternative || others > 0) {
                // With nothing left to escalate to, handing over was enough.
                Evaluation::Done => match self
                    .escalates_at(child, worked)
                    .filter(|_| any_hope_after(&hopes, index))
                {
                    None => return Evaluation::Done,
                    Some(at) if self.now < at => {
                        return Evaluation::Working {
                            calls: Vec::new(),
                            wake: Some(at),
                        };
                    }
                    Some(_) => done = true,
                },
                Evaluation::Failed => {}
                Evaluation::Resting(more) => resting.extend(more.0),
                working @ Evaluation::Working { .. } => return working,
            }
        }
        match (resting.is_empty(), done) {
            (true, true) => Evaluation::Done,
            (true, false) => Evaluation::Failed,
            (false, _) => Evaluation::Resting(Resting(resting)),
        }
    }

    fn all(&self, evaluations: Vec<Evaluation>, alternative: bool) -> Evaluation {
        let mut calls = Vec::new();
        let mut wake: Option<Timestamp> = None;
        let mut resting = Vec::new();
        let (mut working, mut done) = (false, false);
        for evaluation in evaluations {
            match evaluation {
                Evaluation::Done => done = true,
                Evaluation::Failed => {}
                Evaluation::Resting(more) => resting.push(more),
                Evaluation::Working { calls: more, wake: at } => {
                    working = true;
                    calls.extend(more);
                    wake = earliest(wake, at);
                }
            }
        }
        if resting.is_empty() && !working {
            return if done { Evaluation::Done } else { Evaluation::Failed };
        }
        // Without a way around it, or once part of it worked, what rests is this node's own to finish.
        if working || done || !alternative {
            for one in resting {
                let (more, at) = one.into_work(self.now);
                calls.extend(more);
                wake = earliest(wake, at);
            }
            return Evaluation::Working { calls, wake };
        }
        Evaluation::Resting(Resting(resting.into_iter().flat_map(|one| one.0).collect()))
    }

    /// A channel of which one provider is used.
    fn leaf(&self, leaf: &Leaf, alternative: bool) -> Evaluation {
        let targets = self.targets(leaf);
        if targets.iter().any(|(_, progress)| is_accepted(*progress)) {
            return Evaluation::Done;
        }
        if self.closed(leaf) || (alternative && self.channel_expired(leaf)) {
            return Evaluation::Failed;
        }
        let live: Vec<_> = targets
            .into_iter()
            .filter(|(_, progress)| !is_dead(*progress))
            .collect();
        let mut usable: Vec<_> = live
            .iter()
            .filter(|(target, progress)| !self.expired(target, *progress))
            .collect();
        if usable.is_empty() && !alternative {
            usable.extend(live.last());
        }
        let has_alternative = alternative || usable.len() > 1;
        let mut resting = Vec::new();
        for (target, progress) in usable {
            let call = call_to(leaf, target, has_alternative);
            if self.busy.contains(&call.key) {
                return Evaluation::Working {
                    calls: Vec::new(),
                    wake: None,
                };
            }
            match progress.map(|progress| &progress.state) {
                Some(TargetState::Failing { retry_at, down, .. }) => {
                    if has_alternative && (*down || self.rules.one_time) {
                        resting.push((*retry_at, call));
                        continue;
                    }
                    if *retry_at <= self.now {
                        return Evaluation::Working {
                            calls: vec![call],
                            wake: None,
                        };
                    }
                    let limit = if has_alternative {
                        self.time_up(leaf, target, alternative)
                    } else {
                        None
                    };
                    return Evaluation::Working {
                        calls: Vec::new(),
                        wake: earliest(Some(*retry_at), limit),
                    };
                }
                _ => {
                    return Evaluation::Working {
                        calls: vec![call],
                        wake: None,
                    };
                }
            }
        }
        if resting.is_empty() {
            Evaluation::Failed
        } else {
            Evaluation::Resting(Resting(resting))
        }
    }

    /// A channel of which every provider is used.
    fn every(&self, leaf: &Leaf, alternative: bool) -> Evaluation {
        let targets = self.targets(leaf);
        let worked = targets.iter().any(|(_, progress)| is_accepted(*progress));
        if !worked && (self.closed(leaf) || (alternative && self.channel_expired(leaf))) {
            return Evaluation::Failed;
        }
        let mut evaluations = Vec::new();
        for (target, progress) in targets {
            let call = call_to(leaf, target, alternative);
            let given_up = (alternative || worked) && self.expired(target, progress);
            evaluations.push(match progress.map(|progress| &progress.state) {
                _ if self.busy.contains(&call.key) => Evaluation::Working {
                    calls: Vec::new(),
                    wake: None,
                },
                None => Evaluation::Working {
                    calls: vec![call],
                    wake: None,
                },
                Some(TargetState::Accepted { .. }) => Evaluation::Done,
                Some(TargetState::Dead { .. }) => Evaluation::Failed,
                Some(TargetState::Failing { .. }) if given_up => Evaluation::Failed,
                Some(TargetState::Failing { retry_at, .. }) => Evaluation::Resting(Resting(vec![(*retry_at, call)])),
            });
        }
        self.all(evaluations, alternative)
    }

    fn targets<'l>(&self, leaf: &'l Leaf) -> Vec<(&'l Target, Option<&TargetProgress>)> {
        let progress = |target| self.progress.targets.get(&TargetKey::new(leaf, target));
        leaf.targets.iter().map(|target| (target, progress(target))).collect()
    }

    /// Whether an address, the message or its content was refused: another provider of the channel would not help.
    fn closed(&self, leaf: &Leaf) -> bool {
        leaf.method == Method::Single
            && self.targets(leaf).iter().any(|(_, progress)| {
                matches!(
                    progress.map(|progress| &progress.state),
                    Some(TargetState::Dead {
                        cause: DeathCause::Address | DeathCause::Refused | DeathCause::Render,
                        ..
                    })
                )
            })
    }

    fn expired(&self, target: &Target, progress: Option<&TargetProgress>) -> bool {
        progress.is_some_and(|progress| self.now >= progress.first_at.plus(target.timeout_ms))
    }

    fn first_at(&self, leaf: &Leaf) -> Option<Timestamp> {
        self.targets(leaf)
            .iter()
            .filter_map(|(_, progress)| progress.map(|progress| progress.first_at))
            .min()
    }

    fn channel_expired(&self, leaf: &Leaf) -> bool {
        self.first_at(leaf)
            .is_some_and(|first| self.now >= first.plus(leaf.timeout_ms))
    }

    /// When a target that fails is left for another.
    fn time_up(&self, leaf: &Leaf, target: &Target, alternative: bool) -> Option<Timestamp> {
        let progress = self.progress.targets.get(&TargetKey::new(leaf, target))?;
        let provider = progress.first_at.plus(target.timeout_ms);
        let channel = self
            .first_at(leaf)
            .filter(|_| alternative)
            .map(|first| first.plus(leaf.timeout_ms));
        earliest(Some(provider), channel)
    }

    fn hope(&self, node: &Node) -> Hope {
        match node {
            Node::Single(children) | Node::All(children) => children
                .iter()
                .map(|child| self.hope(child))
                .max()
                .unwrap_or(Hope::None),
            Node::Leaf(leaf) => {
                if self.closed(leaf) {
                    return Hope::None;
                }
                let left = self
                    .targets(leaf)
                    .into_iter()
                    .filter(|(_, progress)| !is_dead(*progress));
                let of = |(target, progress): (&Target, _)| {
                    if self.expired(target, progress) || self.channel_expired(leaf) {
                        Hope::Spent
                    } else {
                        Hope::Fresh
                    }
                };
                left.map(of).max().unwrap_or(Hope::None)
            }
        }
    }

    /// When the latest provider within a node took the message over.
    fn accepted_at(&self, node: &Node) -> Option<Timestamp> {
        let leaves = node.leaves();
        let states = leaves
            .iter()
            .flat_map(|leaf| self.targets(leaf))
            .filter_map(|(_, progress)| progress);
        states
            .filter_map(|progress| match progress.state {
                TargetState::Accepted { at } => Some(at),
                _ => None,
            })
            .max()
    }

    /// Whether nothing that was handed over within a node arrived: each provider that took it over has reported so since.
    fn bounced(&self, node: &Node) -> bool {
        let leaves = node.leaves();
        let mut accepted = leaves
            .iter()
            .flat_map(|leaf| {
                self.targets(leaf)
                    .into_iter()
                    .map(move |(target, progress)| (leaf, target, progress))
            })
            .filter(|(_, _, progress)| is_accepted(*progress))
            .peekable();
        let bounced = |leaf: &Leaf, target: &Target| self.progress.bounced.contains(&target.key_on(leaf.channel));
        accepted.peek().is_some() && accepted.all(|(leaf, target, _)| bounced(leaf, target))
    }

    /// When the next channel is used besides, unless the person reacted; none when handing over was enough. What bounced
    /// is not waited for.
    fn escalates_at(&self, node: &Node, accepted_at: Option<Timestamp>) -> Option<Timestamp> {
        let escalation = self.rules.escalation?;
        let wanted = match escalation.criteria {
            Criteria::NoEscalation => return None,
            Criteria::Delivered => Reached::Delivered,
            Criteria::Viewed => Reached::Opened,
            Criteria::Engaged => Reached::Clicked,
        };
        if self.progress.declined || self.progress.reached.is_some_and(|reached| reached >= wanted) {
            return None;
        }
        if self.bounced(node) {
            return Some(self.now);
        }
        Some(accepted_at?.plus(escalation.after_ms))
    }
}

fn any_hope_after(hopes: &[Hope], index: usize) -> bool {
    hopes.iter().skip(index + 1).any(|hope| *hope != Hope::None)
}

fn call_to(leaf: &Leaf, target: &Target, has_alternative: bool) -> CallTo {
    CallTo {
        path: leaf.path.clone(),
        account: target.account.clone(),
        key: TargetKey::new(leaf, target),
        has_alternative,
    }
}

fn is_accepted(progress: Option<&TargetProgress>) -> bool {
    progress.is_some_and(|progress| matches!(progress.state, TargetState::Accepted { .. }))
}

fn is_dead(progress: Option<&TargetProgress>) -> bool {
    progress.is_some_and(|progress| matches!(progress.state, TargetState::Dead { .. }))
}

fn earliest(a: Option<Timestamp>, b: Option<Timestamp>) -> Option<Timestamp> {
    match (a, b) {
        (Some(a), Some(b)) => Some(a.min(b)),
        (one, other) => one.or(other),
    }
}
