//! Whole lives of messages, by example and for all behaviours.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use tidings_types::{Method, Node, Outcome, Plan, Progress, Reason, Status, Timestamp};

use super::simulation::{Behaviour, Life, escalating, leaf, live, rules};
use super::{Step, apply, next};

fn run(root: Node, told: &[(&str, Behaviour)]) -> Life {
    let behaviours = told
        .iter()
        .map(|(account, behaviour)| ((*account).to_owned(), *behaviour))
        .collect();
    live(root, &rules(false), &behaviours)
}

fn single(children: Vec<Node>) -> Node {
    Node::Single(children)
}

#[test]
fn the_first_that_works_ends_a_single() {
    let life = run(single(vec![leaf("0", &["smtp"]), leaf("1", &["twilio"])]), &[]);
    assert_eq!(life.accepted, ["smtp"]);
    assert_eq!(life.conclusion.status, Status::Sent);
}

#[test]
fn a_provider_that_is_down_is_passed_over_at_once() {
    let down = [("smtp", Behaviour::DownUntil(u64::MAX))];
    let life = run(
        single(vec![leaf("0", &["smtp", "sendgrid"]), leaf("1", &["twilio"])]),
        &down,
    );
    assert_eq!(life.accepted, ["sendgrid"]);
    let life = run(single(vec![leaf("0", &["smtp"]), leaf("1", &["twilio"])]), &down);
    assert_eq!(life.accepted, ["twilio"]);
    assert!(life.ended_after < 10_000);
}

#[test]
fn the_last_one_has_the_whole_retry_clock() {
    let life = run(leaf("0", &["smtp"]), &[("smtp", Behaviour::DownUntil(3_600_000))]);
    assert_eq!(life.accepted, ["smtp"]);
    let life = run(leaf("0", &["smtp"]), &[("smtp", Behaviour::DownUntil(u64::MAX))]);
    assert_eq!(life.conclusion.status, Status::Undeliverable);
    assert_eq!(life.conclusion.reason, Some(Reason::ProviderError));
    assert!(life.calls.len() > 90, "{} calls", life.calls.len());
    assert!(life.ended_after >= 24 * 3_600_000);
}

#[test]
fn when_all_are_down_each_is_tried_again() {
    let told = [
        ("smtp", Behaviour::DownUntil(8_000)),
        ("twilio", Behaviour::DownUntil(u64::MAX)),
    ];
    let life = run(single(vec![leaf("0", &["smtp"]), leaf("1", &["twilio"])]), &told);
    assert_eq!(life.accepted, ["smtp"]);
}

#[test]
fn a_busy_provider_is_waited_for_until_its_timeout() {
    let life = run(
        leaf("0", &["smtp", "sendgrid"]),
        &[("smtp", Behaviour::BusyUntil(20_000))],
    );
    assert_eq!(life.accepted, ["smtp"]);
    let life = run(
        leaf("0", &["smtp", "sendgrid"]),
        &[("smtp", Behaviour::BusyUntil(u64::MAX))],
    );
    assert_eq!(life.accepted, ["sendgrid"]);
    assert!((300_000..301_000).contains(&life.ended_after), "{}", life.ended_after);
}

#[test]
fn a_one_time_message_waits_for_nobody() {
    for behaviour in [Behaviour::BusyUntil(u64::MAX), Behaviour::CutUntil(u64::MAX)] {
        let behaviours = BTreeMap::from([("smtp".to_owned(), behaviour)]);
        let life = live(
            single(vec![leaf("0", &["smtp"]), leaf("1", &["twilio"])]),
            &rules(true),
            &behaviours,
        );
        assert_eq!(life.accepted, ["twilio"]);
        assert!(life.ended_after < 10_000);
    }
}

#[test]
fn a_dead_address_closes_its_channel_and_credentials_only_their_provider() {
    let tree = || single(vec![leaf("0", &["smtp", "sendgrid"]), leaf("1", &["twilio"])]);
    assert_eq!(run(tree(), &[("smtp", Behaviour::DeadAddress)]).accepted, ["twilio"]);
    assert_eq!(
        run(tree(), &[("smtp", Behaviour::NoCredentials)]).accepted,
        ["sendgrid"]
    );
    let life = run(leaf("0", &["smtp"]), &[("smtp", Behaviour::DeadAddress)]);
    assert_eq!(life.conclusion.reason, Some(Reason::Bounced));
}

#[test]
fn all_uses_every_entry_once() {
    let tree = Node::All(vec![
        leaf("0", &["smtp"]),
        leaf("1", &["twilio"]),
        leaf("2", &["inbox"]),
    ]);
    let mut life = run(tree, &[("twilio", Behaviour::DownUntil(60_000))]);
    life.accepted.sort();
    assert_eq!(life.accepted, ["inbox", "smtp", "twilio"]);
}

#[test]
fn a_nested_single_counts_as_one_entry() {
    let tree = Node::All(vec![
        leaf("0", &["inbox"]),
        single(vec![leaf("1.0", &["push"]), leaf("1.1", &["smtp"])]),
    ]);
    let life = run(tree, &[("push", Behaviour::DeadAddress)]);
    assert_eq!(life.accepted, ["inbox", "smtp"]);
}

#[test]
fn without_a_reaction_the_next_channel_is_used_too() {
    let tree = single(vec![leaf("0", &["inbox"]), leaf("1", &["smtp"])]);
    let life = live(tree, &escalating(900_000), &BTreeMap::new());
    assert_eq!(life.accepted, ["inbox", "smtp"]);
    assert_eq!(life.calls.last().map(|(at, _)| *at), Some(900_020));
}

/// What is next for a mail that was handed over, with a text message after it, when this was told of it meanwhile.
fn after_hand_over(told: impl Fn(&mut Progress)) -> Step {
    let root = single(vec![leaf("0", &["smtp"]), leaf("1", &["twilio"])]);
    let plan = Plan { root, verdict: None };
    let (start, now) = (Timestamp::from_millis(0), Timestamp::from_millis(60_000));
    let mut progress = Progress::default();
    let Step::Call { calls, .. } = next(&plan, &progress, &escalating(900_000), &BTreeSet::new(), start) else {
        panic!("the mail goes first");
    };
    apply(&mut progress, &calls[0].key, &Outcome::accepted(None), start, start);
    told(&mut progress);
    next(&plan, &progress, &escalating(900_000), &BTreeSet::new(), now)
}

fn bounces_of(key: &str) -> BTreeSet<String> {
    BTreeSet::from([key.to_owned()])
}

#[test]
fn a_bounce_brings_the_next_channel_forward_and_a_complaint_ends_it() {
    let waiting = Step::Wait(Timestamp::from_millis(900_000));
    assert_eq!(after_hand_over(|_| {}), waiting);
    let other = after_hand_over(|progress| progress.bounced = bounces_of("email:sendgrid"));
    assert_eq!(other, waiting, "what bounced was not what took it over");
    let bounce = |progress: &mut Progress| progress.bounced = bounces_of("email:smtp");
    let Step::Call { calls, .. } = after_hand_over(bounce) else {
        panic!("the text message is due");
    };
    assert_eq!(calls[0].account, "twilio");
    let both = after_hand_over(|progress| {
        bounce(progress);
        progress.declined = true;
    });
    let complaint = after_hand_over(|progress| progress.declined = true);
    for end in [both, complaint] {
        assert!(matches!(end, Step::Finished(_)), "{end:?}");
    }
}

fn any_behaviour() -> impl Strategy<Value = Behaviour> {
    let until = prop_oneof![
        Just(1_000_u64),
        Just(30_000),
        Just(400_000),
        Just(7_200_000),
        Just(u64::MAX)
    ];
    prop_oneof![
        Just(Behaviour::Works),
        Just(Behaviour::NoCredentials),
        Just(Behaviour::DeadAddress),
        until.clone().prop_map(Behaviour::DownUntil),
        until.clone().prop_map(Behaviour::BusyUntil),
        until.prop_map(Behaviour::CutUntil),
    ]
}

const ACCOUNTS: [&str; 8] = ["a", "b", "c", "d", "e", "f", "g", "h"];

/// Trees in which every leaf has accounts of its own.
fn any_tree() -> impl Strategy<Value = Node> {
    (
        any::<bool>(),
        proptest::collection::vec((any::<bool>(), 1..3_usize, 1..3_usize), 1..3),
    )
        .prop_map(|(all, parts)| {
            let mut accounts = ACCOUNTS.iter();
            let mut children = Vec::new();
            for (index, (nested_all, leaves, targets)) in parts.into_iter().enumerate() {
                let mut nested = Vec::new();
                for inner in 0..leaves {
                    let names: Vec<_> = accounts.by_ref().take(targets).copied().collect();
                    if !names.is_empty() {
                        nested.push(leaf(&format!("{index}.{inner}"), &names));
                    }
                }
                children.push(if nested_all {
                    Node::All(nested)
                } else {
                    Node::Single(nested)
                });
            }
            if all {
                Node::All(children)
            } else {
                Node::Single(children)
            }
        })
}

/// How many hand-overs a tree may come to: one per leaf under `all`, one per `single`.
fn most(node: &Node) -> usize {
    match node {
        Node::Leaf(leaf) if leaf.method == Method::Single => 1,
        Node::Leaf(leaf) => leaf.targets.len(),
        Node::All(children) => children.iter().map(most).sum(),
        Node::Single(children) => children.iter().map(most).max().unwrap_or(0),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    /// Whatever providers do: the message ends within its time, is handed over no more often than its routing says,
    /// nobody is called after taking it over, and it is sent if anyone in reach works.
    #[test]
    fn every_life_is_sound(
        tree in any_tree(),
        told in proptest::collection::vec(any_behaviour(), ACCOUNTS.len()),
        one_time in any::<bool>(),
    ) {
        let behaviours: BTreeMap<_, _> = ACCOUNTS.iter().map(|name| (*name).to_owned()).zip(told.clone()).collect();
        let limit = most(&tree);
        let accounts: Vec<String> =
            tree.leaves().iter().flat_map(|leaf| leaf.targets.iter().map(|target| target.account.clone())).collect();
        let life = live(tree, &rules(one_time), &behaviours);
        prop_assert!(life.ended_after <= 72 * 3_600_000 + 1_000);
        prop_assert!(life.accepted.len() <= limit, "{:?}", life);
        let mut once = life.accepted.clone();
        once.sort();
        once.dedup();
        prop_assert_eq!(once.len(), life.accepted.len());
        prop_assert_eq!(life.accepted.is_empty(), life.conclusion.status == Status::Undeliverable);
        let all_work = accounts.iter().all(|name| behaviours.get(name) == Some(&Behaviour::Works));
        prop_assert!(!all_work || life.accepted.len() == limit);
        let any_works = accounts.iter().any(|name| behaviours.get(name) == Some(&Behaviour::Works));
        let closed = accounts.iter().any(|name| behaviours.get(name) == Some(&Behaviour::DeadAddress));
        prop_assert!(!any_works || closed || !life.accepted.is_empty(), "{:?}", life);
    }

    /// While something else works, a provider that is down costs less than ten seconds.
    #[test]
    fn moving_on_is_quick(count in 1..5_usize) {
        let names: Vec<_> = ACCOUNTS.iter().take(count).copied().collect();
        let children: Vec<_> = names.iter().enumerate().map(|(index, name)| leaf(&index.to_string(), &[name])).collect();
        let mut children = children;
        children.push(leaf("9", &["works"]));
        let down: Vec<_> = names.iter().map(|name| (*name, Behaviour::DownUntil(u64::MAX))).collect();
        let life = run(single(children), &down);
        prop_assert_eq!(life.accepted, vec!["works".to_owned()]);
        prop_assert!(life.ended_after < 10_000);
    }
}
