//! What runs now and then: redaction, pruning, a look at other nodes' changes and at messages that are late.

use std::sync::Arc;
use std::time::Duration;

use tidings_types::{Environment, Result, Timestamp};
use tokio::sync::watch;

use crate::Services;

/// How often other nodes' changes are looked for.
const REFRESH: Duration = Duration::from_secs(1);
/// Every how many refreshes the rest runs.
const ROUND: u32 = 60;
/// How long deliveries to webhooks that have ended are kept, in milliseconds.
const WEBHOOKS_KEPT_MS: u64 = 7 * 24 * 60 * 60 * 1000;
/// How many of them are forgotten per transaction.
const PRUNE_BATCH: u32 = 1000;
/// How many messages are redacted per transaction.
const REDACT_BATCH: u32 = 256;

/// How long what was gathered for a digest is kept after its release, in milliseconds.
const DIGESTS_KEPT_MS: u64 = 30 * 24 * 60 * 60 * 1000;

/// How long changes of feeds are kept for those who follow them, in milliseconds: they hear of them within seconds.
const FEED_CHANGES_MS: u64 = 60 * 60 * 1000;
/// How long it is remembered which tenant a client shows, in milliseconds: longer than a page stays open.
const FEED_SOURCES_MS: u64 = 60 * 24 * 60 * 60 * 1000;

/// Runs until told to stop. Failures are logged and tried again the next time.
pub async fn run(services: Arc<Services>, mut stopped: watch::Receiver<bool>) {
    let mut count = 0_u32;
    while !*stopped.borrow() {
        for environment in Environment::ALL {
            if let Err(error) = services.library.refresh(environment).await {
                tracing::warn!(%error, "documents cannot be read");
            }
        }
        if count.is_multiple_of(ROUND)
            && let Err(error) = round(&services).await
        {
            tracing::warn!(%error, "upkeep failed");
        }
        count = count.wrapping_add(1);
        tokio::select! {
            () = tokio::time::sleep(REFRESH) => {}
            _ = stopped.changed() => {}
        }
    }
}

/// One round of everything.
///
/// # Errors
/// When the store fails.
pub async fn round(services: &Services) -> Result<()> {
    let now = services.clock.now();
    let before = now.minus(services.settings.one_time_retention_ms);
    while services.store.redact_one_time(before, REDACT_BATCH).await? == REDACT_BATCH {}
    while services.store.redact_bulk_jobs(before, REDACT_BATCH).await? > 0 {}
    let released = now.minus(DIGESTS_KEPT_MS);
    while services.store.prune_digests(released, REDACT_BATCH).await? == REDACT_BATCH {}
    services.store.prune_replies(now).await?;
    let before = now.minus(WEBHOOKS_KEPT_MS);
    while services.store.prune_webhook_deliveries(before, PRUNE_BATCH).await? == u64::from(PRUNE_BATCH) {}
    services.store.prune_outbox(services.settings.outbox_keep).await?;
    services
        .store
        .prune_feed(now.minus(FEED_CHANGES_MS), now.minus(FEED_SOURCES_MS))
        .await?;
    let queue = services.store.queue_state(now).await?;
    #[expect(
        clippy::cast_precision_loss,
        reason = "gauges are floats, and counts this large are estimates anyway"
    )]
    for (state, count) in [
        ("pending", queue.pending),
        ("due", queue.due),
        ("overdue", queue.overdue),
    ] {
        metrics::gauge!("tidings_queue_messages", "state" => state).set(count as f64);
    }
    count_jobs(services, now).await?;
    if queue.overdue > 0 {
        tracing::error!(
            count = queue.overdue,
            "messages are past their deadline without a final status"
        );
    }
    Ok(())
}

/// Shows what jobs wait and which were given up.
async fn count_jobs(services: &Services, now: Timestamp) -> Result<()> {
    for count in services.store.job_counts(now).await? {
        #[expect(
            clippy::cast_precision_loss,
            reason = "gauges are floats, and counts this large are estimates anyway"
        )]
        for (state, number) in [("pending", count.pending), ("due", count.due), ("dead", count.dead)] {
            metrics::gauge!("tidings_jobs", "kind" => count.kind.clone(), "state" => state).set(number as f64);
        }
        if count.dead > 0 {
            tracing::error!(kind = count.kind, count = count.dead, "jobs were given up");
        }
    }
    Ok(())
}
