//! How fast an account takes calls at the moment, and so how many callers may wait for it.

use std::time::Duration;

/// How long a call waits for a slot at most before its message goes back to the queue.
pub(super) const SLOT_WAIT: Duration = Duration::from_secs(2);

/// The pace of one account.
#[derive(Debug, Default)]
pub(super) struct Pace {
    /// How long its calls took lately; nothing until one has ended.
    call: Duration,
    waiting: usize,
}

impl Pace {
    /// Notes how long a call took.
    pub(super) fn ended(&mut self, took: Duration) {
        // Half of what was known and half of what is new: an account that recovers is trusted within a few calls.
        self.call = (self.call + took) / 2;
    }

    /// Lets a caller wait for one of `slots`, if its turn would come in time. So an account that is fast may have many
    /// waiting for it, and one that hangs does not fill the worker with them.
    pub(super) fn may_wait(&mut self, slots: usize) -> bool {
        let turns = SLOT_WAIT.as_millis() / self.call.as_millis().max(1);
        let room = usize::try_from(turns).unwrap_or(usize::MAX).saturating_mul(slots);
        let admitted = self.waiting < room.max(1);
        self.waiting += usize::from(admitted);
        admitted
    }

    /// Notes that a caller waits no longer, and whether it waited in vain.
    pub(super) fn waited(&mut self, in_vain: bool) {
        self.waiting = self.waiting.saturating_sub(1);
        if in_vain {
            // Calls take at least so long, though none has ended to say so.
            self.call = self.call.max(SLOT_WAIT);
        }
    }

    /// After how long it is worth asking again for one who was turned away.
    pub(super) fn come_back_after(&self) -> Duration {
        self.call.max(Duration::from_secs(1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_may_wait_for_a_fast_account_and_few_for_one_that_hangs() {
        let (fast, slow) = (Duration::from_millis(100), Duration::from_secs(30));
        let mut pace = Pace::default();
        pace.ended(fast * 2);
        assert_eq!((0..500).filter(|_| pace.may_wait(8)).count(), 160);
        (0..160).for_each(|_| pace.waited(true));
        assert_eq!((0..500).filter(|_| pace.may_wait(8)).count(), 8);
        (0..8).for_each(|_| pace.waited(true));
        pace.ended(slow);
        assert_eq!((0..500).filter(|_| pace.may_wait(8)).count(), 1);
        assert!(pace.come_back_after() > Duration::from_secs(10));
        pace.waited(false);
        (0..10).for_each(|_| pace.ended(fast));
        assert!((0..500).filter(|_| pace.may_wait(8)).count() > 100);
        assert_eq!(pace.come_back_after(), Duration::from_secs(1));
    }
}
