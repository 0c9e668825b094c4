//! The queue against a simple model of it in memory.

use std::collections::BTreeSet;

use tidings_types::random::FixedRandom;
use tidings_types::{MessageId, Random, Status, Timestamp};

use super::fixtures::{HERE, NOW, single, step, wish};
use crate::{CancelResult, Claimed, Lane, Next, Store};

/// How many operations a run has.
const STEPS: u32 = 600;

/// Pending work, by lane, due moment and id: what the queue is.
#[derive(Default)]
struct Model {
    waiting: BTreeSet<(Lane, Timestamp, String)>,
    held: Vec<Claimed>,
}

/// A repeatable source of choices.
struct Dice(FixedRandom);

impl Dice {
    fn below(&self, limit: u64) -> u64 {
        let mut bytes = [0; 8];
        self.0.fill(&mut bytes);
        u64::from_le_bytes(bytes) % limit
    }

    fn lane(&self) -> Lane {
        Lane::ALL[usize::try_from(self.below(3)).unwrap()]
    }
}

pub async fn the_queue_does_what_a_simple_model_does(store: &dyn Store) {
    let dice = Dice(FixedRandom::new(20_261_123));
    let mut model = Model::default();
    let mut now = NOW;
    for number in 0..STEPS {
        match dice.below(10) {
            0..4 => {
                let (lane, due) = (dice.lane(), now.plus(dice.below(20)));
                let id = format!("m{number:04}");
                let acceptance = single(&id, |message| {
                    message.lane = lane;
                    message.due = due;
                });
                store.accept(acceptance).await.unwrap();
                model.waiting.insert((lane, due, id));
            }
            4 | 5 => {
                claim(
                    store,
                    &mut model,
                    wish(dice.lane(), now, u32::try_from(dice.below(5)).unwrap()),
                )
                .await;
            }
            6 | 7 => record(store, &mut model, &dice, now).await,
            8 => release_or_cancel(store, &mut model, &dice, now).await,
            _ => now = now.plus(dice.below(10)),
        }
        let state = store.queue_state(now).await.unwrap();
        assert_eq!(
            state.pending,
            u64::try_from(model.waiting.len() + model.held.len()).unwrap(),
            "step {number}"
        );
        for lane in Lane::ALL {
            let earliest = model.waiting.iter().find(|key| key.0 == lane).map(|key| key.1);
            assert_eq!(store.next_due(lane).await.unwrap(), earliest, "step {number}");
        }
    }
}

async fn claim(store: &dyn Store, model: &mut Model, wish: crate::Claim) {
    let claimed = store.claim(wish).await.unwrap();
    let expected: Vec<_> = model
        .waiting
        .iter()
        .filter(|key| key.0 == wish.lane && key.1 <= wish.now)
        .take(usize::try_from(wish.limit).unwrap())
        .cloned()
        .collect();
    // Among what is due at the same moment the order is the store's own.
    let due_of = |work: &Claimed| {
        let id = work.message.id.as_str();
        model
            .waiting
            .iter()
            .find(|key| key.2 == id)
            .unwrap_or_else(|| panic!("{id} was not waiting"))
            .clone()
    };
    let taken: Vec<_> = claimed.iter().map(due_of).collect();
    assert_eq!(
        taken.iter().map(|key| (key.0, key.1)).collect::<Vec<_>>(),
        expected.iter().map(|key| (key.0, key.1)).collect::<Vec<_>>()
    );
    for key in &taken {
        assert!(model.waiting.remove(key), "{} was claimed twice", key.2);
    }
    model.held.extend(claimed);
}

async fn record(store: &dyn Store, model: &mut Model, dice: &Dice, now: Timestamp) {
    if model.held.is_empty() {
        return;
    }
    let index = usize::try_from(dice.below(u64::try_from(model.held.len()).unwrap())).unwrap();
    let work = model.held.swap_remove(index);
    match dice.below(3) {
        0 => {
            assert!(store.record(step(&work, Status::Sent, Next::Finished)).await.unwrap());
            assert!(!store.record(step(&work, Status::Sent, Next::Finished)).await.unwrap());
        }
        1 => {
            assert!(
                store
                    .record(step(&work, Status::Routed, Next::KeepClaim))
                    .await
                    .unwrap()
            );
            model.held.push(work);
        }
        _ => {
            let due = now.plus(dice.below(30));
            assert!(store.record(step(&work, Status::Delayed, Next::At(due))).await.unwrap());
            model.waiting.insert((work.lane, due, work.message.id.into_string()));
        }
    }
}

async fn release_or_cancel(store: &dyn Store, model: &mut Model, dice: &Dice, now: Timestamp) {
    if let Some(work) = model.held.pop() {
        let result = store.cancel(HERE, &work.message.id, now).await.unwrap();
        assert!(matches!(result, CancelResult::TooLate(_)));
        // Work that is put back due now, as a released one would be, but with a moment the model knows.
        assert!(store.record(step(&work, Status::Routed, Next::At(now))).await.unwrap());
        model.waiting.insert((work.lane, now, work.message.id.into_string()));
    } else if !model.waiting.is_empty() {
        let index = usize::try_from(dice.below(u64::try_from(model.waiting.len()).unwrap())).unwrap();
        let key = model.waiting.iter().nth(index).unwrap().clone();
        let result = store.cancel(HERE, &MessageId::from(key.2.as_str()), now).await.unwrap();
        assert!(matches!(result, CancelResult::Canceled(_)));
        model.waiting.remove(&key);
    }
}
