//! How often an account may be called: a token bucket as a pure value.

use tidings_types::Timestamp;

use crate::RateLimit;

/// Gives out moments at which calls may be made, evenly spaced with room for a burst.
///
/// This is the generic cell rate algorithm: one number says all, the time at which the bucket is full again.
#[derive(Clone, Debug)]
pub struct RateLimiter {
    interval_ms: f64,
    burst_ms: f64,
    full_at: f64,
}

impl RateLimiter {
    /// A full bucket. It holds one second's worth of calls, and at least one.
    pub fn new(limit: RateLimit) -> Self {
        let interval_ms = limit.interval_ms();
        let burst = (1000.0 / interval_ms).floor().max(1.0);
        Self {
            interval_ms,
            burst_ms: (burst - 1.0) * interval_ms,
            full_at: f64::MIN,
        }
    }

    /// Takes the next place and says when its call may be made: now, or later.
    ///
    /// The place is taken either way, so a caller that gets a later moment waits until then and does not ask again.
    pub fn reserve(&mut self, now: Timestamp) -> Timestamp {
        #[expect(
            clippy::cast_precision_loss,
            reason = "milliseconds since the epoch are exact in 53 bits"
        )]
        let now_ms = now.as_millis() as f64;
        let full_at = self.full_at.max(now_ms);
        self.full_at = full_at + self.interval_ms;
        let wait = (full_at - self.burst_ms - now_ms).max(0.0).ceil();
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "not negative, and casts saturate"
        )]
        let wait = wait as u64;
        now.plus(wait)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn limiter(rate: f64, period: &str) -> RateLimiter {
        RateLimiter::new(RateLimit::parse(&json!({ "rate": rate, "period": period })).unwrap())
    }

    fn at(millis: i64) -> Timestamp {
        Timestamp::from_millis(1_760_000_000_000 + millis)
    }

    #[test]
    fn a_burst_passes_and_then_calls_are_spaced() {
        let mut limiter = limiter(10.0, "second");
        let times: Vec<_> = (0..12).map(|_| limiter.reserve(at(0))).collect();
        assert_eq!(times[..10], vec![at(0); 10]);
        assert_eq!(times[10..], [at(100), at(200)]);
    }

    #[test]
    fn slow_limits_let_one_through_at_a_time() {
        let mut limiter = limiter(1.0, "hour");
        assert_eq!(limiter.reserve(at(0)), at(0));
        assert_eq!(limiter.reserve(at(1)), at(3_600_000));
        assert_eq!(limiter.reserve(at(2)), at(7_200_000));
    }

    #[test]
    fn an_idle_bucket_fills_again_but_not_beyond_a_burst() {
        let mut limiter = limiter(2.0, "second");
        limiter.reserve(at(0));
        limiter.reserve(at(0));
        let later: Vec<_> = (0..3).map(|_| limiter.reserve(at(60_000))).collect();
        assert_eq!(later, [at(60_000), at(60_000), at(60_500)]);
    }
}
