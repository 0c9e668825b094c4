//! How fast messages reach a provider's socket and stand in the store as sent, counted from the first send.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail};
use rusqlite::{Connection as Database, OpenFlags};
use serde_json::Value;

use crate::load::{Connection, Kind, Requests, count};
use crate::report::{Goal, Report};
use crate::server::{Programs, Server};
use crate::sinks;

/// Connections over which the messages are sent.
const CONNECTIONS: usize = 64;

/// How long delivery may make no progress before the scene fails.
const PATIENCE: Duration = Duration::from_secs(10);

/// Measures both sinks.
pub(crate) async fn measure(programs: &Programs, messages: usize, report: &mut Report) -> anyhow::Result<()> {
    let about = "first send -> all received by the sink and recorded as SENT";
    report.section("End to end", about);
    for (kind, messages, goal) in [(Kind::Webhook, messages, 4000.0), (Kind::Mail, messages / 3, 1500.0)] {
        deliver(programs, kind, messages, Goal::AtLeast(goal), report).await?;
    }
    Ok(())
}

async fn deliver(
    programs: &Programs,
    kind: Kind,
    messages: usize,
    goal: Goal,
    report: &mut Report,
) -> anyhow::Result<()> {
    let server = programs.tidings().await?;
    let sink = match kind {
        Kind::Webhook | Kind::Inbox { .. } => sinks::webhook().await?,
        Kind::Mail => sinks::smtp().await?,
    };
    if kind == Kind::Mail {
        server.use_smtp(sink.address).await?;
    }
    let requests = Arc::new(Requests::new(&server.key, kind, sink.address));
    let used = server.processor_time()?;
    let begun = Instant::now();
    count(server.address, &requests, CONNECTIONS, messages).await?;
    let accepted = begun.elapsed();
    let mut look = Connection::open(server.address).await?;
    let mut progress = (0, Instant::now());
    while pending(&mut look).await? > 0 {
        let received = sink.tally.distinct();
        if received > progress.0 {
            progress = (received, Instant::now());
        } else if progress.1.elapsed() > PATIENCE {
            bail!("{}: {received} of {messages} arrived, then nothing more", kind.name());
        }
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
    let took = begun.elapsed();
    let used = server.processor_time()?.saturating_sub(used);
    let statuses = statuses(&server)?;
    let sent = statuses.get("SENT").copied().unwrap_or_default();
    if sent != messages || sink.tally.distinct() != messages {
        bail!(
            "{}: {} of {messages} arrived, statuses {statuses:?}",
            kind.name(),
            sink.tally.distinct()
        );
    }
    let name = kind.name();
    report.figure(&format!("{name}: messages"), "", as_figure(messages));
    report.figure(&format!("{name}: all accepted"), "s", accepted.as_secs_f64());
    report.goal(
        &format!("{name}: received and recorded"),
        "/s",
        as_figure(messages) / took.as_secs_f64(),
        goal,
    );
    let each = used.as_secs_f64() * 1_000_000.0 / as_figure(messages);
    report.figure(&format!("{name}: processor time"), "us per message", each);
    report.figure(&format!("{name}: received twice"), "", as_figure(sink.tally.repeated()));
    report.goal(
        &format!("{name}: most memory"),
        "MB",
        server.memory()?.most,
        Goal::Under(150.0),
    );
    server.kill().await?;
    Ok(())
}

/// How many messages have no final status, as the server itself tells it.
async fn pending(connection: &mut Connection) -> anyhow::Result<u64> {
    let answer = connection
        .exchange(b"GET /readyz HTTP/1.1\r\nhost: bench\r\n\r\n")
        .await?;
    let told: Value = serde_json::from_slice(&answer.body)?;
    told.pointer("/queue/pending")
        .and_then(Value::as_u64)
        .context("the server does not tell its queue")
}

/// Messages by status, from the database itself.
fn statuses(server: &Server) -> anyhow::Result<BTreeMap<String, usize>> {
    let database = Database::open_with_flags(server.database(), OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    let mut statement = database.prepare("SELECT status, COUNT(*) FROM messages GROUP BY status")?;
    let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get::<_, i64>(1)?)))?;
    rows.map(|row| {
        let (status, count) = row?;
        Ok((status, usize::try_from(count)?))
    })
    .collect()
}

#[expect(clippy::cast_precision_loss, reason = "counts here are far below 2^52")]
fn as_figure(count: usize) -> f64 {
    count as f64
}
