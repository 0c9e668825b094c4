//! How fast an account takes calls at the moment, and so how many callers may wait for it.

use std::time::Duration;

use tidings_types::Timestamp;

/// How long a call waits for a slot at most before its message goes back to the queue.
pub(super) const SLOT_WAIT: Duration = Duration::from_secs(2);
/// The soonest that it is worth asking again.
const SOONEST: Duration = Duration::from_secs(1);
/// The latest that somebody is asked to come back: an account that works again is noticed within this time.
const LATEST: Duration = Duration::from_secs(30);

/// The pace of one account.
#[derive(Debug, Default)]
pub(super) struct Pace {
    /// How long its calls took lately; nothing until one has ended.
    call: Duration,
    waiting: usize,
    /// When the last of those who were turned away is to come back.
    last_turn: Timestamp,
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

    /// When somebody who was turned away is to come back. Each has a turn of his own, as far apart as the account takes
    /// calls: a queue behind an account that hangs is not looked through again and again.
    pub(super) fn come_back_at(&mut self, slots: usize, now: Timestamp) -> Timestamp {
        let apart = self.call / u32::try_from(slots.max(1)).unwrap_or(u32::MAX);
        let soonest = now.plus(millis(self.call.clamp(SOONEST, LATEST)));
        let turn = self.last_turn.plus(millis(apart)).max(soonest);
        self.last_turn = turn.min(now.plus(millis(LATEST)));
        self.last_turn
    }
}

/// A duration in milliseconds.
pub(super) fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
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
        let now = Timestamp::from_millis(1_785_000_000_000);
        assert!(pace.come_back_at(8, now) > now.plus(10_000));
        pace.waited(false);
        (0..10).for_each(|_| pace.ended(fast));
        assert!((0..500).filter(|_| pace.may_wait(8)).count() > 100);
        let later = now.plus(60_000);
        assert_eq!(pace.come_back_at(8, later), later.plus(1_000));
    }

    #[test]
    fn who_is_turned_away_comes_back_in_turn() {
        let now = Timestamp::from_millis(1_785_000_000_000);
        let mut pace = Pace::default();
        pace.waited(true);
        let turns: Vec<u64> = (0..2_000).map(|_| pace.come_back_at(64, now).since(now)).collect();
        assert!(turns.is_sorted());
        assert_eq!(turns.first(), Some(&2_000));
        // As many in a second as the account would take: 64 slots, two seconds each.
        let within = |second: u64| turns.iter().filter(|turn| **turn / 1_000 == second).count();
        assert!((30..=33).contains(&within(10)), "{}", within(10));
        // Nobody is sent away for longer than half a minute.
        assert_eq!(turns.last(), Some(&30_000));
        // Turns that are over do not keep anybody waiting.
        let later = now.plus(120_000);
        assert_eq!(pace.come_back_at(64, later), later.plus(2_000));
    }
}
