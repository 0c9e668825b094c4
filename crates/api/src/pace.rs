//! How often something may be asked for.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use tidings_types::{Environment, Timestamp};

/// A minute, in milliseconds.
const MINUTE: i64 = 60_000;
/// Calls per minute and environment, on this node.
const PER_MINUTE: u32 = 60;

/// Counts calls by the minute.
#[derive(Debug, Default)]
pub(crate) struct Pace(Mutex<HashMap<Environment, (i64, u32)>>);

impl Pace {
    /// Counts one more call, unless there were too many in this minute.
    pub(crate) fn admit(&self, environment: Environment, now: Timestamp) -> bool {
        let minute = now.as_millis().div_euclid(MINUTE);
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let count = counts.entry(environment).or_insert((minute, 0));
        if count.0 != minute {
            *count = (minute, 0);
        }
        if count.1 >= PER_MINUTE {
            return false;
        }
        count.1 += 1;
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_minute_has_so_many_calls() {
        let pace = Pace::default();
        let now = Timestamp::from_millis(1_790_000_000_000);
        let admitted = (0..100).filter(|_| pace.admit(Environment::Test, now)).count();
        assert_eq!(admitted, 60);
        assert!(pace.admit(Environment::Production, now));
        assert!(pace.admit(Environment::Test, now.plus(60_000)));
    }
}
