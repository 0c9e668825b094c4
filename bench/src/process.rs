//! A child process, and what the kernel says of its memory.

use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use anyhow::Context as _;
use tokio::process::{Child, Command};

/// The unit of processor time that Linux shows to programs (`USER_HZ`, time(7)).
const TICK: Duration = Duration::from_millis(10);

/// A child that ends with its handle.
pub(crate) struct Process {
    child: Child,
    id: u32,
}

/// Resident memory in MB (of 2^20 bytes).
#[derive(Clone, Copy, Debug)]
pub(crate) struct Memory {
    /// At this moment.
    pub(crate) now: f64,
    /// The most there ever was.
    pub(crate) most: f64,
}

impl Process {
    /// Starts a program in an environment of nothing but these variables, logging into a file.
    pub(crate) fn start(
        program: &Path,
        arguments: &[&str],
        environment: &[(&str, &str)],
        log: &Path,
    ) -> anyhow::Result<Self> {
        let log = std::fs::File::create(log)?;
        let child = Command::new(program)
            .args(arguments)
            .env_clear()
            .envs(environment.iter().copied())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(log)
            .kill_on_drop(true)
            .spawn()
            .with_context(|| format!("{} cannot be started", program.display()))?;
        let id = child.id().context("the process ended at once")?;
        Ok(Self { child, id })
    }

    /// Whether it still runs.
    pub(crate) fn is_running(&mut self) -> bool {
        matches!(self.child.try_wait(), Ok(None))
    }

    /// Kills it, and waits for its end.
    pub(crate) async fn kill(mut self) -> anyhow::Result<()> {
        Ok(self.child.kill().await?)
    }

    /// Processor time it has used so far, in its own code and in the kernel for it, from `/proc/<id>/stat` (proc(5)).
    pub(crate) fn processor_time(&self) -> anyhow::Result<Duration> {
        ticks(&std::fs::read_to_string(format!("/proc/{}/stat", self.id))?)
    }

    /// Its memory, from `/proc/<id>/status` (proc(5)).
    pub(crate) fn memory(&self) -> anyhow::Result<Memory> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.id))?;
        Ok(Memory {
            now: megabytes(&status, "VmRSS:")?,
            most: megabytes(&status, "VmHWM:")?,
        })
    }
}

fn ticks(stat: &str) -> anyhow::Result<Duration> {
    // The second field is the program's name in brackets, which may hold blanks.
    let (_, rest) = stat.rsplit_once(") ").context("no name in the statistics")?;
    let mut used = 0;
    for field in rest.split_ascii_whitespace().skip(11).take(2) {
        used += field.parse::<u64>()?;
    }
    Ok(TICK * u32::try_from(used)?)
}

/// Memory of this process itself, in megabytes.
pub(crate) fn own_memory() -> anyhow::Result<f64> {
    megabytes(&std::fs::read_to_string("/proc/self/status")?, "VmRSS:")
}

fn megabytes(status: &str, name: &str) -> anyhow::Result<f64> {
    let line = status.lines().find_map(|line| line.strip_prefix(name));
    let kilobytes = line.and_then(|line| line.split_ascii_whitespace().next());
    let kilobytes: f64 = kilobytes.with_context(|| format!("no {name} in the status"))?.parse()?;
    Ok(kilobytes / 1024.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn processor_time_is_told_after_the_name() {
        let stat = "7 (a ) b) S 1 1 1 0 -1 0 1 2 3 4 150 50 0 0 20";
        assert_eq!(ticks(stat).unwrap(), Duration::from_secs(2));
    }

    #[test]
    fn memory_is_told_in_kilobytes() {
        let status = "VmHWM:\t    4096 kB\nVmRSS:\t    2048 kB\n";
        assert!((megabytes(status, "VmRSS:").unwrap() - 2.0).abs() < f64::EPSILON);
        assert!((megabytes(status, "VmHWM:").unwrap() - 4.0).abs() < f64::EPSILON);
        assert!(megabytes(status, "VmSwap:").is_err());
    }
}
