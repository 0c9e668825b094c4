//! Trying again after a lost connection or a collision.

use std::time::Duration;

use crate::fault::Fault;

/// How long to wait before each further attempt, in milliseconds. A database that is started anew is back within a
/// few seconds; a caller should not wait longer than that for an answer.
const PAUSES_MS: [u64; 6] = [5, 20, 100, 300, 700, 1500];

/// The attempts a verb has left.
#[derive(Debug)]
pub(crate) struct Retries {
    pauses: std::slice::Iter<'static, u64>,
}

impl Retries {
    /// All of them.
    pub(crate) fn new() -> Self {
        Self {
            pauses: PAUSES_MS.iter(),
        }
    }

    /// Whether another attempt is worth it; if so, waits until it is time for it.
    pub(crate) async fn is_worth_it(&mut self, fault: &Fault) -> bool {
        if !fault.is_passing() {
            return false;
        }
        match self.pauses.next() {
            Some(&pause) => {
                tokio::time::sleep(Duration::from_millis(pause)).await;
                true
            }
            None => false,
        }
    }
}
