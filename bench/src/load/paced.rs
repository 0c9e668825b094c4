//! At a given rate: requests keep to a timetable, and an answer's time counts from when its request was due, so that a
//! server that stalls cannot hide it by being asked less.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::task::JoinSet;

use super::closed::accepted;
use super::{Connection, Latencies, Requests};

/// Sends at a rate for a time, after a second of warming up.
///
/// # Errors
/// When a send is answered with anything but 202, or a connection is cut.
pub(crate) async fn paced(
    server: SocketAddr,
    requests: &Arc<Requests>,
    connections: u32,
    per_second: f64,
    lasting: Duration,
) -> anyhow::Result<Latencies> {
    let warm_up = Duration::from_secs(1);
    let spacing = Duration::from_secs_f64(1.0 / per_second.max(1.0));
    let mut opened = Vec::new();
    for _ in 0..connections {
        opened.push(Connection::open(server).await?);
    }
    let begin = Instant::now();
    let mut under_way = JoinSet::new();
    for (index, mut connection) in opened.into_iter().enumerate() {
        let requests = Arc::clone(requests);
        let first = begin + spacing * u32::try_from(index)?;
        under_way.spawn(async move {
            let mut latencies = Latencies::default();
            let mut due = first;
            let mut number = index;
            while due < begin + warm_up + lasting {
                tokio::time::sleep_until(due.into()).await;
                accepted(&mut connection, &requests.make(number)).await?;
                if due >= begin + warm_up {
                    latencies.add(due.elapsed());
                }
                due += spacing * connections;
                number += connections as usize;
            }
            anyhow::Ok(latencies)
        });
    }
    let mut latencies = Latencies::default();
    while let Some(ended) = under_way.join_next().await {
        latencies.merge(ended??);
    }
    Ok(latencies)
}
