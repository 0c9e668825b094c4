//! Sending everyone away before the server ends.

use std::time::Duration;

use super::Gateway;

/// How many clients come back in one second, at most.
const BACK_PER_SECOND: usize = 500;

/// The shortest and the longest time over which clients come back, in seconds.
const SPREAD: (usize, usize) = (3, 60);

impl Gateway {
    /// Takes no new connections, asks all to connect anew, each after another while, and returns when they have gone or
    /// the time is up. To be called last: until then clients hear what is new.
    pub async fn drain(&self, within: Duration) {
        let shared = self.shared();
        let seconds = (shared.open() / BACK_PER_SECOND).clamp(SPREAD.0, SPREAD.1);
        shared.stops.send_replace(u32::try_from(seconds).ok());
        let gone = async {
            while shared.open() > 0 {
                shared.left().await;
            }
        };
        // Those who stay lose their connections with the process.
        let _in_time = tokio::time::timeout(within, gone).await;
    }
}
