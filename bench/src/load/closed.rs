//! As fast as answers come: each connection sends its next request when it has its answer.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use anyhow::bail;
use tokio::task::JoinSet;

use super::{Connection, Latencies, Requests};

/// What a flood came to.
pub(crate) struct Flood {
    /// Answers within the measured time.
    pub(crate) latencies: Latencies,
    /// How long was measured.
    pub(crate) lasted: Duration,
    /// Sends that were accepted, those of the warming up included.
    pub(crate) sends: usize,
}

impl Flood {
    /// Accepted sends per second.
    #[expect(clippy::cast_precision_loss, reason = "counts here are far below 2^52")]
    pub(crate) fn rate(&self) -> f64 {
        self.latencies.count() as f64 / self.lasted.as_secs_f64()
    }

    /// What each send took of a time that all took together.
    pub(crate) fn of_each(&self, all: Duration) -> Duration {
        all / u32::try_from(self.sends).unwrap_or(u32::MAX).max(1)
    }
}

/// Sends for a time, and measures after warming up.
///
/// # Errors
/// When a send is answered with anything but 202, or a connection is cut.
pub(crate) async fn flood(
    server: SocketAddr,
    requests: &Arc<Requests>,
    connections: usize,
    warm_up: Duration,
    lasting: Duration,
) -> anyhow::Result<Flood> {
    let next = Arc::new(AtomicUsize::new(0));
    let begin = Instant::now() + warm_up;
    let end = begin + lasting;
    let mut under_way = JoinSet::new();
    for _ in 0..connections {
        let mut connection = Connection::open(server).await?;
        let (requests, next) = (Arc::clone(requests), Arc::clone(&next));
        under_way.spawn(async move {
            let mut latencies = Latencies::default();
            loop {
                let sent = Instant::now();
                if sent >= end {
                    return anyhow::Ok(latencies);
                }
                accepted(&mut connection, &requests.make(next.fetch_add(1, Ordering::Relaxed))).await?;
                let received = Instant::now();
                if received >= begin && received < end {
                    latencies.add(received - sent);
                }
            }
        });
    }
    let mut latencies = Latencies::default();
    while let Some(ended) = under_way.join_next().await {
        latencies.merge(ended??);
    }
    Ok(Flood {
        latencies,
        lasted: lasting,
        sends: next.load(Ordering::Relaxed),
    })
}

/// Sends a number of messages, and returns when all are accepted.
///
/// # Errors
/// As [`flood`].
pub(crate) async fn count(
    server: SocketAddr,
    requests: &Arc<Requests>,
    connections: usize,
    messages: usize,
) -> anyhow::Result<()> {
    let next = Arc::new(AtomicUsize::new(0));
    let mut under_way = JoinSet::new();
    for _ in 0..connections {
        let mut connection = Connection::open(server).await?;
        let (requests, next) = (Arc::clone(requests), Arc::clone(&next));
        under_way.spawn(async move {
            loop {
                let number = next.fetch_add(1, Ordering::Relaxed);
                if number >= messages {
                    return anyhow::Ok(());
                }
                accepted(&mut connection, &requests.make(number)).await?;
            }
        });
    }
    while let Some(ended) = under_way.join_next().await {
        ended??;
    }
    Ok(())
}

/// Sends one request, which must be accepted.
pub(super) async fn accepted(connection: &mut Connection, request: &[u8]) -> anyhow::Result<()> {
    let answer = connection.exchange(request).await?;
    if answer.status != 202 {
        bail!(
            "a send was answered with {}: {}",
            answer.status,
            String::from_utf8_lossy(&answer.body)
        );
    }
    Ok(())
}
