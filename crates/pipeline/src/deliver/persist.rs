//! Writing down what a step came to, whatever it takes.

use std::time::Duration;

use tidings_store::Record;
use tidings_types::{Error, Progress, Result};

use crate::Services;

/// How long to wait before a record is written again; it doubles with every failure.
const FIRST_WAIT: Duration = Duration::from_millis(50);
const LONGEST_WAIT: Duration = Duration::from_secs(5);

/// Writes a record, again and again while the store fails. Giving up would forget what a provider has answered, and it
/// would be called once more for every failure.
///
/// # Errors
/// When the claim was lost: another node took the message over after this one was thought dead, and what it records
/// counts.
pub(super) async fn persist(services: &Services, record: Record) -> Result<()> {
    let mut wait = FIRST_WAIT;
    loop {
        match services.store.record(record.clone()).await {
            Ok(true) => return Ok(()),
            Ok(false) => return Err(Error::busy("the claim was lost")),
            Err(error) => tracing::error!(message = %record.id, %error, "a step cannot be recorded; it is tried again"),
        }
        tokio::time::sleep(wait).await;
        wait = (wait * 2).min(LONGEST_WAIT);
        if took_effect(services, &record).await {
            return Ok(());
        }
    }
}

/// Whether a record whose answer was an error is stored nevertheless: written twice, its lines would stand there twice.
async fn took_effect(services: &Services, record: &Record) -> bool {
    match services.store.message(record.environment, &record.id).await {
        // What was told of the message meanwhile is no part of the step.
        Ok(Some(stored)) => {
            let progress = Progress {
                reached: record.progress.reached,
                bounced: record.progress.bounced.clone(),
                declined: record.progress.declined,
                ..stored.progress
            };
            (stored.status == record.status || stored.told.reached.is_some())
                && progress == record.progress
                && stored.trace == record.trace
        }
        _ => false,
    }
}
