//! Hints between the parts of one node and between nodes.
//!
//! A hint says "look again", never "here is the data": what counts is in the store. A lost hint costs latency, because
//! everyone who waits for one also looks on their own now and then.

use tidings_types::{Environment, Lane};
use tokio::sync::broadcast;

/// Something that may be worth a look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hint {
    /// Work was added to this lane that is due now.
    Work(Lane),
    /// Jobs were added.
    Jobs,
    /// A document of this environment changed.
    Documents(Environment),
    /// The outbox caught something.
    Outbox(Environment),
    /// Something is new in the feed of a person with this number (see [`tidings_types::id::person_number`]).
    Feed(Environment, u64),
    /// Something may be new in any feed.
    Feeds,
}

/// Carries hints.
pub trait Bus: Send + Sync + 'static {
    /// Tells everyone.
    fn send(&self, hint: Hint);

    /// Hears what is told from now on. A receiver that falls behind skips, and should look on its own.
    fn subscribe(&self) -> broadcast::Receiver<Hint>;
}

/// A bus within one process.
#[derive(Debug)]
pub struct LocalBus {
    sender: broadcast::Sender<Hint>,
}

impl LocalBus {
    /// A bus that remembers this many hints for slow listeners.
    pub fn new(capacity: usize) -> Self {
        Self {
            sender: broadcast::Sender::new(capacity.max(1)),
        }
    }
}

impl Default for LocalBus {
    fn default() -> Self {
        Self::new(1024)
    }
}

impl Bus for LocalBus {
    fn send(&self, hint: Hint) {
        // Nobody listening is fine: hints are lossy.
        let _heard_by = self.sender.send(hint);
    }

    fn subscribe(&self) -> broadcast::Receiver<Hint> {
        self.sender.subscribe()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn listeners_hear_and_nobody_listening_is_fine() {
        let bus = LocalBus::default();
        bus.send(Hint::Work(Lane::Normal));
        let mut ear = bus.subscribe();
        bus.send(Hint::Documents(Environment::Test));
        assert_eq!(ear.recv().await, Ok(Hint::Documents(Environment::Test)));
    }
}
