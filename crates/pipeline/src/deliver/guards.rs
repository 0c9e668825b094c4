//! When an account may be called at all: not while it is being given a rest, and no more often than its rate allows.

use std::collections::HashMap;

use tidings_providers::{Breaker, BreakerOptions, Permit, RateLimit, RateLimiter};
use tidings_types::{Outcome, Settings, Timestamp};

/// Reservations that nobody came for are forgotten when there are this many, at the least.
const SWEEP_AT: usize = 1024;
/// How long after its moment a reservation is kept, in milliseconds.
const RESERVATION_KEPT_MS: u64 = 60_000;

/// The breaker and the rate of one account.
pub(super) struct Guards {
    breaker: Breaker,
    limit: Option<RateLimit>,
    limiter: Option<RateLimiter>,
    /// When calls that came too early may be made. A place is reserved once.
    reserved: HashMap<String, Timestamp>,
    sweep_at: usize,
}

impl Guards {
    pub(super) fn new() -> Self {
        let breaker = Breaker::new(BreakerOptions::default());
        Self {
            breaker,
            limit: None,
            limiter: None,
            reserved: HashMap::new(),
            sweep_at: SWEEP_AT,
        }
    }

    /// Whether the account is being given a rest. A caller that is let through reports what came of its call.
    pub(super) fn rests(&mut self, now: Timestamp) -> bool {
        matches!(self.breaker.permit(now), Permit::Wait(_))
    }

    /// Reports what came of a call.
    pub(super) fn report(&mut self, outcome: &Outcome, now: Timestamp) {
        self.breaker.report(outcome, now);
    }

    /// Whether nothing would be forgotten with it.
    pub(super) fn is_idle(&self) -> bool {
        !self.breaker.is_open() && self.limiter.is_none()
    }

    /// When the account's rate allows this call; none when that is now. The moment stays the same until it has come.
    pub(super) fn reserve(&mut self, key: &str, settings: &Settings, now: Timestamp) -> Option<Timestamp> {
        let limit = RateLimit::of(settings);
        if limit != self.limit {
            self.limiter = limit.map(RateLimiter::new);
            self.limit = limit;
            self.reserved.clear();
        }
        let limiter = self.limiter.as_mut()?;
        if let Some(at) = self.reserved.get(key).copied() {
            if at > now {
                return Some(at);
            }
            self.reserved.remove(key);
            return None;
        }
        let at = limiter.reserve(now);
        if at <= now {
            return None;
        }
        if self.reserved.len() >= self.sweep_at {
            let oldest = now.minus(RESERVATION_KEPT_MS);
            self.reserved.retain(|_, at| *at >= oldest);
            self.sweep_at = SWEEP_AT.max(self.reserved.len() * 2);
        }
        self.reserved.insert(key.to_owned(), at);
        Some(at)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn limited() -> Settings {
        let mut settings = Settings::default();
        settings.set("rate_limit", json!({ "rate": 1, "period": "minute" }));
        settings
    }

    #[test]
    fn a_place_is_reserved_once_and_kept() {
        let (mut guards, settings) = (Guards::new(), limited());
        let at = |minutes: u64| Timestamp::from_millis(0).plus(minutes * 60_000);
        assert_eq!(guards.reserve("a", &settings, at(0)), None);
        assert_eq!(guards.reserve("b", &settings, at(0)), Some(at(1)));
        assert_eq!(guards.reserve("c", &settings, at(0)), Some(at(2)));
        assert_eq!(guards.reserve("b", &settings, at(0)), Some(at(1)), "asked too early");
        assert_eq!(guards.reserve("b", &settings, at(1)), None);
        assert_eq!(guards.reserve("c", &settings, at(2)), None);
    }

    #[test]
    fn reservations_that_nobody_came_for_are_forgotten() {
        let (mut guards, settings) = (Guards::new(), limited());
        guards.sweep_at = 2;
        let at = |minutes: u64| Timestamp::from_millis(0).plus(minutes * 60_000);
        for key in ["a", "b", "c"] {
            guards.reserve(key, &settings, at(0));
        }
        guards.reserve("d", &settings, at(100));
        guards.reserve("e", &settings, at(100));
        assert_eq!(guards.reserved.keys().collect::<Vec<_>>(), ["e"]);
    }
}
