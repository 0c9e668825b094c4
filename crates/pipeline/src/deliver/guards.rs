//! When an account may be called at all: not while it is being given a rest, and no more often than its rate allows.

use std::collections::HashMap;

use tidings_providers::{Breaker, BreakerOptions, Permit, RateLimit, RateLimiter};
use tidings_types::{Outcome, Settings, Timestamp};

/// Reservations that nobody came for are forgotten when there are this many, at the least.
const SWEEP_AT: usize = 1024;
/// How long after its moment a reservation is kept, in milliseconds.
const RESERVATION_KEPT_MS: u64 = 60_000;

/// Whether a call goes before others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Haste {
    /// It carries a one-time message.
    Urgent,
    /// It takes its turn.
    None,
}

/// A reserved moment.
#[derive(Debug)]
struct Place {
    at: Timestamp,
    haste: Haste,
}

/// The breaker and the rate of one account.
pub(super) struct Guards {
    breaker: Breaker,
    limit: Option<RateLimit>,
    limiter: Option<RateLimiter>,
    /// When calls that came too early may be made. A place is reserved once.
    reserved: HashMap<String, Place>,
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

    /// When the account's rate allows this call; none when that is now. The moment stays the same until it has come,
    /// unless an urgent call takes it and leaves a later one.
    pub(super) fn reserve(
        &mut self,
        key: &str,
        haste: Haste,
        settings: &Settings,
        now: Timestamp,
    ) -> Option<Timestamp> {
        let limit = RateLimit::of(settings);
        if limit != self.limit {
            self.limiter = limit.map(RateLimiter::new);
            self.limit = limit;
            self.reserved.clear();
        }
        let limiter = self.limiter.as_mut()?;
        if let Some(at) = self.reserved.get(key).map(|place| place.at) {
            if at > now {
                return Some(at);
            }
            self.reserved.remove(key);
            return None;
        }
        let mut at = limiter.reserve(now);
        if at <= now {
            return None;
        }
        if haste == Haste::Urgent {
            let patient = self.reserved.values_mut().filter(|place| place.haste == Haste::None);
            if let Some(first) = patient.filter(|place| place.at > now).min_by_key(|place| place.at) {
                std::mem::swap(&mut first.at, &mut at);
            }
        }
        if self.reserved.len() >= self.sweep_at {
            let oldest = now.minus(RESERVATION_KEPT_MS);
            self.reserved.retain(|_, place| place.at >= oldest);
            self.sweep_at = SWEEP_AT.max(self.reserved.len() * 2);
        }
        self.reserved.insert(key.to_owned(), Place { at, haste });
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
        assert_eq!(guards.reserve("a", Haste::None, &settings, at(0)), None);
        assert_eq!(guards.reserve("b", Haste::None, &settings, at(0)), Some(at(1)));
        assert_eq!(guards.reserve("c", Haste::None, &settings, at(0)), Some(at(2)));
        assert_eq!(
            guards.reserve("b", Haste::None, &settings, at(0)),
            Some(at(1)),
            "asked too early"
        );
        assert_eq!(guards.reserve("b", Haste::None, &settings, at(1)), None);
        assert_eq!(guards.reserve("c", Haste::None, &settings, at(2)), None);
    }

    #[test]
    fn urgent_calls_take_the_first_places_and_the_rate_still_holds() {
        let (mut guards, settings) = (Guards::new(), limited());
        let at = |minutes: u64| Timestamp::from_millis(0).plus(minutes * 60_000);
        for key in ["a", "b", "c"] {
            guards.reserve(key, Haste::None, &settings, at(0));
        }
        assert_eq!(guards.reserve("u", Haste::Urgent, &settings, at(0)), Some(at(1)));
        assert_eq!(guards.reserve("v", Haste::Urgent, &settings, at(0)), Some(at(2)));
        assert_eq!(guards.reserve("b", Haste::None, &settings, at(1)), Some(at(3)));
        assert_eq!(guards.reserve("c", Haste::None, &settings, at(2)), Some(at(4)));
        assert_eq!(guards.reserve("u", Haste::Urgent, &settings, at(1)), None);
    }

    #[test]
    fn reservations_that_nobody_came_for_are_forgotten() {
        let (mut guards, settings) = (Guards::new(), limited());
        guards.sweep_at = 2;
        let at = |minutes: u64| Timestamp::from_millis(0).plus(minutes * 60_000);
        for key in ["a", "b", "c"] {
            guards.reserve(key, Haste::None, &settings, at(0));
        }
        guards.reserve("d", Haste::None, &settings, at(100));
        guards.reserve("e", Haste::None, &settings, at(100));
        assert_eq!(guards.reserved.keys().collect::<Vec<_>>(), ["e"]);
    }
}
