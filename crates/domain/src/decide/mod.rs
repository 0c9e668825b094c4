//! The decision: which channels and providers may carry a message to this person now, and why not the others.
//!
//! Every channel and provider that is considered leaves one line in the trace. The result is a tree of what may be
//! tried, or a verdict when nothing may.

mod input;
mod leaf;
mod verdict;

pub use input::{AddressState, Candidate, Input};
use tidings_types::routing::RoutingTarget;
use tidings_types::trace::TraceCode;
use tidings_types::{
    Channel, Leaf, Method, Node, Plan, PreferenceStatus, Reason, Routing, RoutingEntry, Status, TraceEntry, Verdict,
};

use crate::preference::Standing;
use leaf::{Excluded, LeafBuilder};

/// A decision and the reasons for it.
#[derive(Clone, Debug, PartialEq)]
pub struct Decision {
    /// What may be tried.
    pub plan: Plan,
    /// Why, and why not.
    pub trace: Vec<TraceEntry>,
}

/// Time for a provider unless set otherwise: five minutes, in milliseconds.
pub const PROVIDER_TIMEOUT_MS: u64 = 300_000;
/// Time for a channel unless set otherwise: thirty minutes, in milliseconds.
pub const CHANNEL_TIMEOUT_MS: u64 = 1_800_000;

/// Decides. The same input always gives the same decision.
pub fn decide(input: &Input<'_>) -> Decision {
    let mut trace = vec![TraceEntry::new(
        input.now,
        TraceCode::Routing,
        input.routing_source.to_owned(),
    )];
    if let Some(verdict) = preference_verdict(input, &mut trace) {
        return Decision {
            plan: Plan {
                root: Node::default(),
                verdict: Some(verdict),
            },
            trace,
        };
    }
    let mut builder = LeafBuilder::new(input, &mut trace);
    let mut root = build(&mut builder, input.routing, "");
    let mut excluded = builder.into_excluded();
    if root.is_none() && is_required(input) && excluded.contains(&Excluded::Preference) {
        let told = "None of the channels the person chose can carry it, and it is required: any other may";
        trace.push(TraceEntry::new(input.now, TraceCode::Required, told));
        let mut builder = LeafBuilder::new(input, &mut trace).whatever_was_chosen();
        root = build(&mut builder, input.routing, "");
        excluded = builder.into_excluded();
    }
    if let Some(root) = root {
        return Decision {
            plan: Plan {
                root: prefer(root, input),
                verdict: None,
            },
            trace,
        };
    }
    let verdict = verdict::of_nothing(&excluded);
    trace.push(TraceEntry::new(input.now, TraceCode::Ended, verdict.error.clone()));
    Decision {
        plan: Plan {
            root: Node::default(),
            verdict: Some(verdict),
        },
        trace,
    }
}

/// Whether the person cannot opt out, so that their choice of channels must not come to that either.
fn is_required(input: &Input<'_>) -> bool {
    let effective = input.preference.as_ref().map(|(_, effective)| effective);
    effective.is_some_and(|effective| effective.standing == Standing::Required)
}

/// What the person's preferences forbid altogether.
fn preference_verdict(input: &Input<'_>, trace: &mut Vec<TraceEntry>) -> Option<Verdict> {
    let (topic, effective) = input.preference.as_ref()?;
    let name = &topic.name;
    let mut note = |code, detail: String| trace.push(TraceEntry::new(input.now, code, detail));
    match effective.standing {
        Standing::Required => {
            note(
                TraceCode::Required,
                format!("Topic \"{name}\" is required: it goes out whatever the person chose"),
            );
            None
        }
        Standing::In => {
            let how = if effective.preference.status == Some(PreferenceStatus::OptedIn) {
                "opted in"
            } else {
                "not opted out"
            };
            note(TraceCode::Preference, format!("Topic \"{name}\": {how}"));
            None
        }
        Standing::OptedOut => {
            note(TraceCode::OptedOut, format!("The person opted out of topic \"{name}\""));
            Some(Verdict {
                status: Status::Undeliverable,
                reason: Reason::Unsubscribed,
                error: "Notification opted out by user".to_owned(),
            })
        }
        Standing::NotOptedIn => {
            note(
                TraceCode::OptInRequired,
                format!("Topic \"{name}\" is opt-in, and the person did not opt in"),
            );
            Some(Verdict {
                status: Status::Undeliverable,
                reason: Reason::OptInRequired,
                error: "The topic requires an opt-in, and the user has not opted in".to_owned(),
            })
        }
        Standing::NoConsent => {
            note(
                TraceCode::NoConsent,
                format!("Topic \"{name}\" is marketing, and no consent of the person is on record"),
            );
            Some(Verdict {
                status: Status::Undeliverable,
                reason: Reason::OptInRequired,
                error: "Marketing is only sent with recorded consent, and there is none".to_owned(),
            })
        }
        Standing::Unconfirmed => {
            note(
                TraceCode::Unconfirmed,
                format!(
                    "Topic \"{name}\" is marketing, and the person has not yet confirmed by mail that they want it"
                ),
            );
            Some(Verdict {
                status: Status::Undeliverable,
                reason: Reason::OptInRequired,
                error: "The user has not yet confirmed the opt-in".to_owned(),
            })
        }
        Standing::Snoozed { until } => {
            note(
                TraceCode::Snoozed,
                format!("The person paused topic \"{name}\" until {}", until.to_rfc3339()),
            );
            Some(Verdict {
                status: Status::Filtered,
                reason: Reason::Filtered,
                error: "The user paused this topic".to_owned(),
            })
        }
    }
}

fn build<'i>(builder: &mut LeafBuilder<'i, '_>, routing: &'i Routing, path: &str) -> Option<Node> {
    let mut children = Vec::new();
    for (index, entry) in routing.channels.iter().enumerate() {
        let path = if path.is_empty() {
            index.to_string()
        } else {
            format!("{path}.{index}")
        };
        let child = match entry {
            RoutingEntry::Nested(nested) => build(builder, nested, &path),
            RoutingEntry::Target(target) => leaf(builder, target, path).map(Node::Leaf),
        };
        children.extend(child);
    }
    if children.is_empty() {
        return None;
    }
    Some(match routing.method {
        Method::All => Node::All(children),
        Method::Single => Node::Single(children),
    })
}

fn leaf<'i>(builder: &mut LeafBuilder<'i, '_>, target: &'i RoutingTarget, path: String) -> Option<Leaf> {
    match builder.build(target, path) {
        Ok(leaf) => Some(leaf),
        Err(excluded) => {
            builder.exclude(excluded);
            None
        }
    }
}

/// Puts the person's preferred channels first where one of several is chosen.
fn prefer(node: Node, input: &Input<'_>) -> Node {
    let Some((_, effective)) = &input.preference else {
        return node;
    };
    let preferred = &effective.preference.channel_preferences;
    if preferred.is_empty() {
        return node;
    }
    order(node, preferred)
}

fn order(node: Node, preferred: &[Channel]) -> Node {
    let place = |node: &Node| match node {
        Node::Leaf(leaf) => preferred
            .iter()
            .position(|one| *one == leaf.channel)
            .unwrap_or(preferred.len()),
        _ => preferred.len(),
    };
    match node {
        Node::Single(mut children) => {
            children.sort_by_key(place);
            Node::Single(children.into_iter().map(|child| order(child, preferred)).collect())
        }
        Node::All(children) => Node::All(children.into_iter().map(|child| order(child, preferred)).collect()),
        leaf @ Node::Leaf(_) => leaf,
    }
}

#[cfg(test)]
mod tests;
