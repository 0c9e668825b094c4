//! Time to start, and memory at rest.

use std::time::Duration;

use crate::report::{Goal, Report};
use crate::server::Programs;

/// How often the server is started.
const STARTS: usize = 7;

/// How long it rests before its memory is read.
const REST: Duration = Duration::from_secs(2);

/// Starts servers on new folders, and again on the same.
pub(crate) async fn measure(programs: &Programs, report: &mut Report) -> anyhow::Result<()> {
    let mut first = Vec::new();
    let mut again = Vec::new();
    let mut resident = Vec::new();
    for round in 0..STARTS {
        let server = programs.tidings().await?;
        first.push(server.started_in.as_secs_f64() * 1000.0);
        let server = programs.tidings_in(server.kill().await?).await?;
        again.push(server.started_in.as_secs_f64() * 1000.0);
        if round < 3 {
            tokio::time::sleep(REST).await;
            resident.push(server.memory()?.now);
        }
        server.kill().await?;
    }
    report.section("Start and rest", "");
    report.goal(
        "start on an empty folder",
        "ms, median of 7",
        median(&mut first),
        Goal::Under(200.0),
    );
    report.goal(
        "start on an existing folder",
        "ms, median of 7",
        median(&mut again),
        Goal::Under(200.0),
    );
    report.goal(
        "resident memory at rest",
        "MB, median of 3",
        median(&mut resident),
        Goal::Under(40.0),
    );
    Ok(())
}

fn median(values: &mut [f64]) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or_default()
}
