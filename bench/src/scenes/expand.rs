//! How fast a list is expanded, what that costs in memory, and whether an urgent message waits behind the crowd.
//!
//! The crowd's sink hangs while the list is expanded, so that expanding is measured by itself; then it answers, and urgent
//! messages are sent one after the other while the crowd is delivered.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail, ensure};
use rusqlite::{Connection as Database, OpenFlags};
use serde_json::{Value, json};

use crate::load::{Connection, Latencies, post, put};
use crate::report::{Goal, Report};
use crate::server::{Programs, Server};
use crate::sinks::{self, Sink};

/// How many people are put on the list per call.
const PER_CALL: usize = 1000;
/// How many urgent messages are timed, idle and while the crowd is delivered.
const URGENT: usize = 300;
/// How long anything may make no progress before the scene fails.
const PATIENCE: Duration = Duration::from_mins(1);

/// Measures a list of so many people.
pub(crate) async fn measure(programs: &Programs, recipients: usize, report: &mut Report) -> anyhow::Result<()> {
    let about = format!("a list of {recipients}, and urgent messages beside it");
    report.section("Expand", &about);
    let server = programs.tidings().await?;
    let (crowd, single) = (sinks::webhook().await?, sinks::webhook().await?);
    let mut connection = Connection::open(server.address).await?;
    fill(&server, &mut connection, &crowd, recipients).await?;
    let mut idle = urgent(&server, &single, URGENT).await?;
    let idle_p99 = idle.percentile(99);
    report.figure("urgent, send to hand-over, idle: p50", "ms", idle.percentile(50));
    report.figure("urgent, send to hand-over, idle: p99", "ms", idle_p99);

    crowd.tally.hang();
    let before = server.memory()?;
    let begun = Instant::now();
    let used = server.processor_time()?;
    send(&server, &mut connection).await?;
    expanded(&server, recipients).await?;
    let took = begun.elapsed();
    let used = server.processor_time()?.saturating_sub(used);
    let rate = as_figure(recipients) / took.as_secs_f64();
    report.goal("expanded", "recipients/s", rate, Goal::AtLeast(20_000.0));
    let each = used.as_secs_f64() * 1_000_000.0 / as_figure(recipients);
    report.figure("expanded: processor time", "us per recipient", each);
    let grown = server.memory()?.now - before.now;
    report.goal("memory grown by", "MB", grown, Goal::Under(50.0));

    crowd.tally.answer();
    let (start, before) = (Instant::now(), crowd.tally.distinct());
    let mut beside = urgent(&server, &single, URGENT).await?;
    let delivered = crowd.tally.distinct().saturating_sub(before);
    ensure!(delivered > 0, "nothing of the crowd was delivered meanwhile");
    let rate = as_figure(delivered) / start.elapsed().as_secs_f64();
    report.figure("delivered meanwhile", "/s", rate);
    report.figure("urgent, beside the crowd: p50", "ms", beside.percentile(50));
    let most = (2.0 * idle_p99).max(50.0);
    report.goal(
        "urgent, beside the crowd: p99",
        "ms",
        beside.percentile(99),
        Goal::Under(most),
    );
    report.goal("most memory", "MB", server.memory()?.most, Goal::Under(150.0));
    server.kill().await?;
    Ok(())
}

/// Makes the list, and a tenant that gives everybody on it the sink's address.
async fn fill(server: &Server, connection: &mut Connection, crowd: &Sink, recipients: usize) -> anyhow::Result<()> {
    let tenant = json!({ "name": "Crowd", "user_profile": { "webhook": { "url": url(crowd.address) } } });
    done(connection, &put("/tenants/crowd", &server.key, &tenant)).await?;
    for first in (0..recipients).step_by(PER_CALL) {
        let people: Vec<Value> = (first..recipients.min(first + PER_CALL))
            .map(|number| json!({ "recipientId": format!("person{number:07}") }))
            .collect();
        let body = json!({ "recipients": people });
        done(connection, &post("/lists/crowd/subscriptions", &server.key, &body)).await?;
    }
    Ok(())
}

async fn send(server: &Server, connection: &mut Connection) -> anyhow::Result<()> {
    let body = json!({ "message": {
        "to": { "list_id": "crowd" },
        "context": { "tenant_id": "crowd" },
        "content": { "title": "News", "body": "Hello {{name}}! There are news." },
        "data": { "name": "Ada" },
        "routing": { "method": "single", "channels": ["webhook"] },
    }});
    done(connection, &post("/send", &server.key, &body)).await
}

async fn done(connection: &mut Connection, request: &[u8]) -> anyhow::Result<()> {
    let answer = connection.exchange(request).await?;
    if !(200..300).contains(&answer.status) {
        bail!(
            "refused with {}: {}",
            answer.status,
            String::from_utf8_lossy(&answer.body)
        );
    }
    Ok(())
}

/// Waits until nothing is left to be expanded, and counts.
async fn expanded(server: &Server, recipients: usize) -> anyhow::Result<()> {
    let database = Database::open_with_flags(server.database(), OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    let begun = Instant::now();
    let jobs = "SELECT COUNT(*) FROM jobs WHERE kind = 'expand' AND dead_since IS NULL";
    while database.query_row(jobs, [], |row| row.get::<_, i64>(0))? > 0 {
        let patience = PATIENCE.max(Duration::from_millis(u64::try_from(recipients)?));
        ensure!(
            begun.elapsed() < patience,
            "the list is not expanded after {patience:?}"
        );
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    let list = "SELECT COUNT(*) FROM messages WHERE request_id <> id";
    let messages: i64 = database.query_row(list, [], |row| row.get(0))?;
    ensure!(
        usize::try_from(messages)? == recipients,
        "{messages} messages for {recipients} people"
    );
    Ok(())
}

/// Sends urgent messages one after the other; times each from its send to its arrival at the sink.
async fn urgent(server: &Server, sink: &Sink, count: usize) -> anyhow::Result<Latencies> {
    let mut connection = Connection::open(server.address).await?;
    let body = json!({ "message": {
        "to": { "webhook": { "url": url(sink.address) } },
        "content": { "title": "Code", "body": "Your code is {{code}}." },
        "data": { "code": "123456" },
        "metadata": { "tags": ["otp"] },
        "routing": { "method": "single", "channels": ["webhook"] },
    }});
    let request = post("/send", &server.key, &body);
    let mut latencies = Latencies::default();
    for _ in 0..count {
        let before = sink.tally.distinct();
        let begun = Instant::now();
        let answer = connection.exchange(&request).await?;
        ensure!(answer.status == 202, "refused with {}", answer.status);
        let arrived = tokio::time::timeout(PATIENCE, sink.tally.more_than(before));
        arrived.await.context("an urgent message did not arrive")?;
        latencies.add(begun.elapsed());
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    Ok(latencies)
}

fn url(address: SocketAddr) -> String {
    format!("http://{address}/hook")
}

#[expect(clippy::cast_precision_loss, reason = "counts here are far below 2^52")]
fn as_figure(count: usize) -> f64 {
    count as f64
}
