//! A child process, and what the kernel says of its memory.

use std::path::Path;
use std::process::Stdio;

use anyhow::Context as _;
use tokio::process::{Child, Command};

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

    /// Its memory, from `/proc/<id>/status` (proc(5)).
    pub(crate) fn memory(&self) -> anyhow::Result<Memory> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.id))?;
        Ok(Memory {
            now: megabytes(&status, "VmRSS:")?,
            most: megabytes(&status, "VmHWM:")?,
        })
    }
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
    fn memory_is_told_in_kilobytes() {
        let status = "VmHWM:\t    4096 kB\nVmRSS:\t    2048 kB\n";
        assert!((megabytes(status, "VmRSS:").unwrap() - 2.0).abs() < f64::EPSILON);
        assert!((megabytes(status, "VmHWM:").unwrap() - 4.0).abs() < f64::EPSILON);
        assert!(megabytes(status, "VmSwap:").is_err());
    }
}
