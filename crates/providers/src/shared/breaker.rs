//! Leaving an account alone while it is broken: a circuit breaker as a pure state machine.

use tidings_types::{Outcome, Timestamp};

/// When a breaker opens, and for how long.
#[derive(Clone, Copy, Debug)]
pub struct BreakerOptions {
    /// Failures in a row that open it.
    pub consecutive: u32,
    /// Calls of a window that must have been made before their ratio counts.
    pub min_calls: u32,
    /// The share of failures in a window that opens it, in percent.
    pub ratio_percent: u32,
    /// The length of a window, in milliseconds.
    pub window_ms: u64,
    /// How long it stays open before a probe, in milliseconds. It doubles with every failed probe.
    pub open_ms: u64,
    /// The longest it stays open, in milliseconds.
    pub max_open_ms: u64,
}

impl Default for BreakerOptions {
    fn default() -> Self {
        Self {
            consecutive: 5,
            min_calls: 20,
            ratio_percent: 50,
            window_ms: 30_000,
            open_ms: 5_000,
            max_open_ms: 60_000,
        }
    }
}

/// Whether a call may be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Permit {
    /// It may. Report what came of it.
    Go,
    /// The one call that finds out whether the account works again. Report what came of it.
    Probe,
    /// Not before this moment.
    Wait(Timestamp),
}

/// The breaker of one account.
#[derive(Clone, Debug)]
pub struct Breaker {
    options: BreakerOptions,
    state: State,
}

#[derive(Clone, Debug)]
enum State {
    Closed(Window),
    Open { until: Timestamp, for_ms: u64 },
    HalfOpen { probe_until: Timestamp, for_ms: u64 },
}

#[derive(Clone, Debug, Default)]
struct Window {
    began: Timestamp,
    calls: u32,
    failures: u32,
    in_a_row: u32,
}

impl Breaker {
    /// A closed one.
    pub fn new(options: BreakerOptions) -> Self {
        Self {
            options,
            state: State::Closed(Window::default()),
        }
    }

    /// Asks for a call. While open, one caller becomes the probe once the time is up; a probe that never reports is
    /// given up after as long again.
    pub fn permit(&mut self, now: Timestamp) -> Permit {
        match self.state {
            State::Closed(_) => Permit::Go,
            State::Open { until, .. } | State::HalfOpen { probe_until: until, .. } if now < until => {
                Permit::Wait(until)
            }
            State::Open { for_ms, .. } | State::HalfOpen { for_ms, .. } => {
                self.state = State::HalfOpen {
                    probe_until: now.plus(for_ms),
                    for_ms,
                };
                Permit::Probe
            }
        }
    }

    /// Reports what came of a permitted call. Answers about one message or address say that the account works.
    pub fn report(&mut self, outcome: &Outcome, now: Timestamp) {
        let failed = matches!(outcome, Outcome::ProviderDown { .. } | Outcome::Unknown { .. });
        match &mut self.state {
            State::Closed(window) => {
                if window.add(failed, now, &self.options) {
                    let for_ms = self.options.open_ms;
                    self.state = State::Open {
                        until: now.plus(for_ms),
                        for_ms,
                    };
                }
            }
            State::HalfOpen { for_ms, .. } if failed => {
                let for_ms = for_ms.saturating_mul(2).min(self.options.max_open_ms);
                self.state = State::Open {
                    until: now.plus(for_ms),
                    for_ms,
                };
            }
            State::HalfOpen { .. } => self.state = State::Closed(Window::default()),
            // A call from before it opened; the probe decides.
            State::Open { .. } => {}
        }
    }

    /// Whether calls are being held back.
    pub fn is_open(&self) -> bool {
        !matches!(self.state, State::Closed(_))
    }
}

impl Window {
    /// Counts a call; true when the breaker must open.
    fn add(&mut self, failed: bool, now: Timestamp, options: &BreakerOptions) -> bool {
        if now.since(self.began) >= options.window_ms {
            *self = Self {
                began: now,
                in_a_row: self.in_a_row,
                ..Self::default()
            };
        }
        self.calls += 1;
        if !failed {
            self.in_a_row = 0;
            return false;
        }
        self.failures += 1;
        self.in_a_row += 1;
        let ratio = self.calls >= options.min_calls && self.failures * 100 >= self.calls * options.ratio_percent;
        self.in_a_row >= options.consecutive || ratio
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BASE: i64 = 1_760_000_000_000;

    fn at(millis: i64) -> Timestamp {
        Timestamp::from_millis(BASE + millis)
    }

    fn down() -> Outcome {
        Outcome::ProviderDown {
            permanent: false,
            error: "refused".to_owned(),
        }
    }

    fn opened() -> Breaker {
        let mut breaker = Breaker::new(BreakerOptions::default());
        for _ in 0..5 {
            assert_eq!(breaker.permit(at(0)), Permit::Go);
            breaker.report(&down(), at(0));
        }
        breaker
    }

    #[test]
    fn failures_in_a_row_open_it_and_one_probe_closes_it() {
        let mut breaker = opened();
        assert_eq!(breaker.permit(at(1)), Permit::Wait(at(5_000)));
        assert_eq!(breaker.permit(at(5_000)), Permit::Probe);
        assert_eq!(breaker.permit(at(5_001)), Permit::Wait(at(10_000)));
        breaker.report(&Outcome::accepted(None), at(5_010));
        assert_eq!(breaker.permit(at(5_011)), Permit::Go);
    }

    #[test]
    fn a_failed_probe_opens_it_for_twice_as_long_up_to_a_limit() {
        let mut breaker = opened();
        let mut now = 0;
        for expected in [10_000, 20_000, 40_000, 60_000, 60_000] {
            let Permit::Wait(until) = breaker.permit(at(now)) else {
                panic!("open")
            };
            now = until.as_millis() - BASE;
            assert_eq!(breaker.permit(at(now)), Permit::Probe);
            breaker.report(&down(), at(now));
            assert_eq!(breaker.permit(at(now)), Permit::Wait(at(now + expected)));
        }
    }

    #[test]
    fn a_probe_that_never_reports_is_replaced() {
        let mut breaker = opened();
        assert_eq!(breaker.permit(at(5_000)), Permit::Probe);
        assert_eq!(breaker.permit(at(10_000)), Permit::Probe);
    }

    #[test]
    fn half_of_a_window_failing_opens_it() {
        let mut breaker = Breaker::new(BreakerOptions::default());
        for call in 0..20 {
            let outcome = if call % 2 == 1 { down() } else { Outcome::accepted(None) };
            assert!(!breaker.is_open(), "call {call}");
            breaker.report(&outcome, at(call));
        }
        assert!(breaker.is_open());
    }

    #[test]
    fn refusals_of_a_message_leave_it_closed() {
        let mut breaker = Breaker::new(BreakerOptions::default());
        for call in 0..100 {
            breaker.report(
                &Outcome::AddressDead {
                    error: "no such user".to_owned(),
                },
                at(call),
            );
            breaker.report(
                &Outcome::Refused {
                    error: "spam".to_owned(),
                },
                at(call),
            );
            breaker.report(
                &Outcome::Retry {
                    after_ms: None,
                    error: "slow down".to_owned(),
                },
                at(call),
            );
        }
        assert!(!breaker.is_open());
    }
}
