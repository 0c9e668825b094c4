//! How many messages of a request stand where: counted, but no more often than is worth it.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use tidings_pipeline::Services;
use tidings_types::{Environment, RequestId, Result, Status, Timestamp};

/// Counting takes at most one part in so many of a caller's waiting, however often they ask.
const REST: u64 = 20;
/// A count is never older than this, in milliseconds.
const OLDEST_MS: u64 = 60_000;
/// How many requests' counts are kept.
const KEPT: usize = 256;

type Key = (Environment, RequestId);
type Slot = Arc<tokio::sync::Mutex<Option<Counted>>>;

/// What was counted lately. Small requests are counted each time; those with very many messages again after twenty times as
/// long as it took, so that whoever watches one does not keep the store busy.
#[derive(Debug, Default)]
pub(crate) struct Counts(Mutex<HashMap<Key, Slot>>);

/// A count, and when it was made.
#[derive(Clone, Debug)]
struct Counted {
    counts: Vec<(Status, u64)>,
    phase: Phase,
    at: Timestamp,
    took_ms: u64,
}

/// What makes a count stale at once when it changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Phase {
    /// Whether there are more messages to come.
    pub(super) expanding: bool,
    /// Whether it was called off.
    pub(super) canceled: bool,
}

impl Counted {
    fn is_good(&self, phase: Phase, now: Timestamp) -> bool {
        let age = u64::try_from(now.as_millis().saturating_sub(self.at.as_millis())).unwrap_or(u64::MAX);
        self.phase == phase && age < self.took_ms.saturating_mul(REST).min(OLDEST_MS)
    }
}

impl Counts {
    /// The counts, by status. Who asks while they are counted waits for the same ones.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub(super) async fn of(
        &self,
        services: &Services,
        environment: Environment,
        id: &RequestId,
        phase: Phase,
    ) -> Result<Vec<(Status, u64)>> {
        let slot = self.slot((environment, id.clone()));
        let mut kept = slot.lock().await;
        let began = services.clock.now();
        if let Some(counted) = kept.as_ref().filter(|counted| counted.is_good(phase, began)) {
            return Ok(counted.counts.clone());
        }
        let counts = services.store.count_messages(environment, id).await?;
        let at = services.clock.now();
        *kept = Some(Counted {
            counts: counts.clone(),
            phase,
            at,
            took_ms: u64::try_from(at.as_millis().saturating_sub(began.as_millis())).unwrap_or(0),
        });
        Ok(counts)
    }

    fn slot(&self, key: Key) -> Slot {
        let mut slots = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if slots.len() >= KEPT {
            slots.retain(|_, slot| Arc::strong_count(slot) > 1);
        }
        Arc::clone(slots.entry(key).or_default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_count_is_good_for_as_long_as_it_was_dear() {
        let phase = Phase {
            expanding: false,
            canceled: false,
        };
        let now = Timestamp::from_millis(1_790_000_000_000);
        let counted = |took_ms| Counted {
            counts: Vec::new(),
            phase,
            at: now,
            took_ms,
        };
        assert!(!counted(0).is_good(phase, now), "what costs nothing is counted anew");
        assert!(counted(50).is_good(phase, now.plus(999)));
        assert!(!counted(50).is_good(phase, now.plus(1000)));
        assert!(!counted(60_000).is_good(phase, now.plus(OLDEST_MS)));
        let other = Phase {
            expanding: true,
            ..phase
        };
        assert!(!counted(50).is_good(other, now), "what changed is counted anew");
    }
}
