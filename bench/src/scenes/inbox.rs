//! People with the in-app feed open: what a socket costs at rest, and how long a send takes to reach the screen.

use std::process::Stdio;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, bail};
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, BufReader};
use tokio::process::{Child, Command};

use crate::load::{Kind, Latencies, Requests, paced};
use crate::report::{Goal, Report};
use crate::server::{Programs, Server};

/// Sockets at rest: nine in ten of the 20,000 descriptors of a usual limit.
const RESTING: u32 = 18_000;

/// Sockets while messages are sent, and how many are sent each second.
const LIVE: u32 = 5_000;
const PER_SECOND: f64 = 1000.0;

/// How many sockets one process of clients has, at most.
const PER_PROCESS: u32 = 9_000;

/// How long everything rests before memory is read, and before the last message counts as lost.
const REST: Duration = Duration::from_secs(3);

/// How long sockets may take to open.
const PATIENCE: Duration = Duration::from_mins(2);

/// Measures both.
pub(crate) async fn measure(programs: &Programs, seconds: u64, report: &mut Report) -> anyhow::Result<()> {
    at_rest(programs, report).await?;
    live(programs, Duration::from_secs(seconds), report).await
}

async fn at_rest(programs: &Programs, report: &mut Report) -> anyhow::Result<()> {
    let server = programs.tidings().await?;
    tokio::time::sleep(REST).await;
    let before = server.memory()?.now;
    let clients = Clients::open(programs, &server, RESTING).await?;
    tokio::time::sleep(REST).await;
    let after = server.memory()?.now;
    let used = server.processor_time()?;
    tokio::time::sleep(REST).await;
    let used = server.processor_time()?.saturating_sub(used);
    report.section("Inbox at rest", "sockets that follow a feed and hear nothing");
    report.figure("sockets", "", f64::from(RESTING));
    report.goal(
        "resident memory of each",
        "KB",
        (after - before) * 1024.0 / f64::from(RESTING),
        Goal::Under(15.0),
    );
    report.figure("memory with all of them", "MB", after);
    let share = used.as_secs_f64() / REST.as_secs_f64() * 100.0;
    report.figure("processor time", "% of one core", share);
    clients.close().await?;
    server.kill().await?;
    Ok(())
}

async fn live(programs: &Programs, lasting: Duration, report: &mut Report) -> anyhow::Result<()> {
    let server = programs.tidings().await?;
    let clients = Clients::open(programs, &server, LIVE).await?;
    let requests = Arc::new(Requests::new(&server.key, Kind::Inbox { people: LIVE }, server.address));
    let used = server.processor_time()?;
    let mut accepted = paced(server.address, &requests, 64, PER_SECOND, lasting).await?;
    let used = server.processor_time()?.saturating_sub(used);
    tokio::time::sleep(REST).await;
    let mut shown = clients.close().await?;
    let sends = requests.made();
    let about = "from the request to the frame, each person another one";
    report.section(&format!("Inbox, {LIVE} sockets, {PER_SECOND} sends/s"), about);
    report.percentiles("accepted", &mut accepted);
    report.figure("on screen: p50", "ms", shown.percentile(50));
    report.goal("on screen: p99", "ms", shown.percentile(99), Goal::Under(100.0));
    #[expect(clippy::cast_precision_loss, reason = "counts here are far below 2^52")]
    let share = shown.count() as f64 / sends as f64 * 100.0;
    report.goal("frames", "% of sends", share, Goal::AtLeast(100.0));
    let each = used.as_secs_f64() * 1_000_000.0 / f64::from(u32::try_from(sends)?);
    report.figure("processor time", "us per send", each);
    server.kill().await?;
    Ok(())
}

/// Processes of clients.
struct Clients(Vec<Child>);

impl Clients {
    /// Opens sockets, each for another person.
    async fn open(programs: &Programs, server: &Server, count: u32) -> anyhow::Result<Self> {
        let mut clients = Self(Vec::new());
        let mut first = 0;
        while first < count {
            let some = PER_PROCESS.min(count - first);
            let child = Command::new(programs.bench())
                .args(["listen", "--server", &server.address.to_string(), "--key", &server.key])
                .args(["--first", &first.to_string(), "--count", &some.to_string()])
                .stdin(Stdio::piped())
                .stdout(Stdio::piped())
                .kill_on_drop(true)
                .spawn()?;
            clients.0.push(child);
            let ready = ready(clients.0.last_mut().context("a process was started")?);
            tokio::time::timeout(PATIENCE, ready).await??;
            first += some;
        }
        Ok(clients)
    }

    /// Closes all of them; returns how long messages took.
    async fn close(self) -> anyhow::Result<Latencies> {
        let mut shown = Latencies::default();
        for mut child in self.0 {
            drop(child.stdin.take());
            let mut text = String::new();
            let mut out = child.stdout.take().context("the output is piped")?;
            out.read_to_string(&mut text).await?;
            for line in text.lines() {
                shown.add(Duration::from_millis(line.parse().unwrap_or(0)));
            }
            child.wait().await?;
        }
        Ok(shown)
    }
}

/// Waits until a process says that its sockets are open.
async fn ready(child: &mut Child) -> anyhow::Result<()> {
    let mut out = BufReader::with_capacity(16, child.stdout.take().context("the output is piped")?);
    let mut line = String::new();
    out.read_line(&mut line).await?;
    if line.trim() != "ready" {
        bail!("clients could not connect");
    }
    // Nothing more is said before the input ends, so nothing stands in the buffer.
    child.stdout = Some(out.into_inner());
    Ok(())
}
