//! What arrived, and whether a sink answers at all.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::watch;

/// Shared by the connections of a sink and by who looks at it.
#[derive(Clone)]
pub(crate) struct Tally {
    seen: Arc<Mutex<Seen>>,
    open: Arc<watch::Sender<bool>>,
    count: Arc<watch::Sender<usize>>,
}

#[derive(Default)]
struct Seen {
    ids: HashSet<Vec<u8>>,
    repeated: usize,
}

impl Default for Tally {
    fn default() -> Self {
        Self {
            seen: Arc::default(),
            open: Arc::new(watch::Sender::new(true)),
            count: Arc::new(watch::Sender::new(0)),
        }
    }
}

impl Tally {
    /// Counts a message by what tells it from others.
    pub(super) fn took(&self, id: &[u8]) {
        let mut seen = self.seen();
        if !seen.ids.insert(id.to_vec()) {
            seen.repeated += 1;
        }
        self.count.send_replace(seen.ids.len());
    }

    /// How many different messages arrived.
    pub(crate) fn distinct(&self) -> usize {
        self.seen().ids.len()
    }

    /// How often one arrived again.
    pub(crate) fn repeated(&self) -> usize {
        self.seen().repeated
    }

    /// Waits until more than so many different messages have arrived.
    pub(crate) async fn more_than(&self, count: usize) {
        // The sender lives as long as this.
        drop(self.count.subscribe().wait_for(|now| *now > count).await);
    }

    /// Answers everybody from now on.
    pub(crate) fn answer(&self) {
        self.open.send_replace(true);
    }

    /// Answers nobody from now on.
    pub(crate) fn hang(&self) {
        self.open.send_replace(false);
    }

    /// Waits while the sink hangs.
    pub(super) async fn may_answer(&self) {
        if !*self.open.borrow() {
            // The sender lives as long as this.
            drop(self.open.subscribe().wait_for(|open| *open).await);
        }
    }

    fn seen(&self) -> MutexGuard<'_, Seen> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_arrives_again_is_told_apart() {
        let tally = Tally::default();
        for id in ["a", "b", "a"] {
            tally.took(id.as_bytes());
        }
        assert_eq!((tally.distinct(), tally.repeated()), (2, 1));
    }
}
