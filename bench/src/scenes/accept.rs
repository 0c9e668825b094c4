//! How fast sends are accepted: durably stored and answered.
//!
//! Three servers are asked the same: the bare one; Tidings while it delivers what it accepts, so that both share the
//! cores; and Tidings while its providers hang, which leaves acceptance alone.

use std::sync::Arc;
use std::time::Duration;

use crate::load::{Kind, Requests, count, flood, paced};
use crate::report::{Goal, Report};
use crate::server::{Programs, Server};
use crate::sinks::{self, Sink};

/// Sends made before providers hang for good: as many as take all places of the engine.
const TO_HANG: usize = 512;

/// What Tidings is asked to do besides accepting.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Besides {
    /// Deliver.
    Delivering,
    /// Wait for providers that do not answer.
    Hanging,
}

/// Measures at 64 and at 512 connections, and at half load.
pub(crate) async fn measure(programs: &Programs, seconds: u64, report: &mut Report) -> anyhow::Result<()> {
    let lasting = Duration::from_secs(seconds);
    for (kind, connections) in [
        (Kind::Webhook, 64),
        (Kind::Webhook, 512),
        (Kind::Mail, 64),
        (Kind::Mail, 512),
    ] {
        let about = "POST /send, durable before its answer";
        report.section(&format!("Accept {}, {connections} connections", kind.name()), about);
        let bare = bare(programs, kind, connections, lasting, report).await?;
        let alone = tidings(programs, kind, connections, lasting, Besides::Hanging, report).await?;
        let busy = tidings(programs, kind, connections, lasting, Besides::Delivering, report).await?;
        report.goal("accepting alone / bare", "ratio", alone / bare, Goal::AtLeast(0.5));
        report.figure("while delivering / bare", "ratio", busy / bare);
        if connections == 64 {
            half_load(programs, kind, busy / 2.0, lasting, report).await?;
        }
    }
    Ok(())
}

async fn bare(
    programs: &Programs,
    kind: Kind,
    connections: usize,
    lasting: Duration,
    report: &mut Report,
) -> anyhow::Result<f64> {
    let server = programs.bare().await?;
    let requests = Arc::new(Requests::new(&server.key, kind, server.address));
    let flood = measured(&server, &requests, connections, lasting, "bare server", report).await?;
    server.kill().await?;
    Ok(flood)
}

async fn tidings(
    programs: &Programs,
    kind: Kind,
    connections: usize,
    lasting: Duration,
    besides: Besides,
    report: &mut Report,
) -> anyhow::Result<f64> {
    let (server, sink) = server(programs, kind).await?;
    let requests = Arc::new(Requests::new(&server.key, kind, sink.address));
    let label = match besides {
        Besides::Delivering => "while delivering",
        Besides::Hanging => {
            sink.tally.hang();
            count(server.address, &requests, 8, TO_HANG).await?;
            "accepting alone"
        }
    };
    let rate = measured(&server, &requests, connections, lasting, label, report).await?;
    let memory = server.memory()?;
    report.goal(&format!("{label}: most memory"), "MB", memory.most, Goal::Under(150.0));
    server.kill().await?;
    Ok(rate)
}

async fn half_load(
    programs: &Programs,
    kind: Kind,
    per_second: f64,
    lasting: Duration,
    report: &mut Report,
) -> anyhow::Result<()> {
    let (server, sink) = server(programs, kind).await?;
    let requests = Arc::new(Requests::new(&server.key, kind, sink.address));
    let mut latencies = paced(server.address, &requests, 64, per_second, lasting).await?;
    report.figure("half load: sends", "/s", per_second);
    report.figure("half load: p50", "ms", latencies.percentile(50));
    report.goal("half load: p99", "ms", latencies.percentile(99), Goal::Under(50.0));
    server.kill().await?;
    Ok(())
}

async fn server(programs: &Programs, kind: Kind) -> anyhow::Result<(Server, Sink)> {
    let server = programs.tidings().await?;
    let sink = match kind {
        Kind::Webhook | Kind::Inbox { .. } => sinks::webhook().await?,
        Kind::Mail => sinks::smtp().await?,
    };
    if kind == Kind::Mail {
        server.use_smtp(sink.address).await?;
    }
    Ok((server, sink))
}

/// Floods a server; returns its rate.
async fn measured(
    server: &Server,
    requests: &Arc<Requests>,
    connections: usize,
    lasting: Duration,
    label: &str,
    report: &mut Report,
) -> anyhow::Result<f64> {
    let warm_up = Duration::from_secs(1);
    let used = server.processor_time()?;
    let mut flood = flood(server.address, requests, connections, warm_up, lasting).await?;
    let used = server.processor_time()?.saturating_sub(used);
    let rate = flood.rate();
    report.figure(label, "/s", rate);
    report.percentiles(label, &mut flood.latencies);
    let each = flood.of_each(used).as_secs_f64() * 1_000_000.0;
    report.figure(&format!("{label}: processor time"), "us per send", each);
    Ok(rate)
}
