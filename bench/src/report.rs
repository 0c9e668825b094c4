//! The figures: aligned text as they come, and JSON at the end.

use std::path::Path;

use serde_json::{Value, json};
use tidings_types::{Clock as _, SystemClock, Timestamp};

use crate::load::Latencies;

/// What a figure should be.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Goal {
    /// Less than this.
    Under(f64),
    /// This or more.
    AtLeast(f64),
}

/// Everything measured in this run.
pub(crate) struct Report {
    at: Timestamp,
    section: String,
    figures: Vec<Value>,
    missed: usize,
}

impl Report {
    /// An empty report.
    pub(crate) fn new() -> Self {
        Self {
            at: SystemClock.now(),
            section: String::new(),
            figures: Vec::new(),
            missed: 0,
        }
    }

    /// Tells when and on how many cores.
    pub(crate) fn heading(&self) {
        tell(&format!(
            "{}, {} cores shared by the server, the load and the sinks: compare figures within this run only.",
            self.at.to_rfc3339(),
            cores()
        ));
    }

    /// Begins a group of figures.
    pub(crate) fn section(&mut self, name: &str, about: &str) {
        name.clone_into(&mut self.section);
        let about = if about.is_empty() {
            String::new()
        } else {
            format!(" ({about})")
        };
        tell(&format!("\n{name}{about}"));
    }

    /// Tells a figure that only informs.
    pub(crate) fn figure(&mut self, name: &str, unit: &str, value: f64) {
        self.tell(name, unit, value, None);
    }

    /// Tells a figure that should reach a goal.
    pub(crate) fn goal(&mut self, name: &str, unit: &str, value: f64, goal: Goal) {
        self.tell(name, unit, value, Some(goal));
    }

    /// Tells how long answers took.
    pub(crate) fn percentiles(&mut self, name: &str, latencies: &mut Latencies) {
        for percent in [50, 99] {
            self.figure(&format!("{name}: p{percent}"), "ms", latencies.percentile(percent));
        }
    }

    fn tell(&mut self, name: &str, unit: &str, value: f64, goal: Option<Goal>) {
        let (wanted, met) = match goal {
            None => (String::new(), None),
            Some(Goal::Under(most)) => (format!("under {most}"), Some(value < most)),
            Some(Goal::AtLeast(least)) => (format!("at least {least}"), Some(value >= least)),
        };
        let verdict = match met {
            None => "",
            Some(true) => "met",
            Some(false) => "MISSED",
        };
        self.missed += usize::from(met == Some(false));
        let line = format!("  {name:<36}{:>10} {unit:<18}{wanted:<16}{verdict}", digits(value));
        tell(line.trim_end());
        self.figures.push(json!({
            "section": self.section, "name": name, "value": value, "unit": unit, "goal": wanted, "met": met,
        }));
    }

    /// Writes everything down.
    ///
    /// # Errors
    /// When the folder cannot be written to.
    pub(crate) fn finish(self, folder: Option<&Path>) -> anyhow::Result<()> {
        tell(&format!(
            "\n{} figures, {} goals missed",
            self.figures.len(),
            self.missed
        ));
        let Some(folder) = folder else { return Ok(()) };
        std::fs::create_dir_all(folder)?;
        let at = self.at.to_rfc3339();
        let all = json!({ "at": at, "cores": cores(), "figures": self.figures });
        let path = folder.join(format!("{}.json", at.replace(':', "-")));
        std::fs::write(&path, serde_json::to_vec_pretty(&all)?)?;
        tell(&format!("also in {}", path.display()));
        Ok(())
    }
}

fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}

/// As many digits as say something.
fn digits(value: f64) -> String {
    match value.abs() {
        size if size >= 100.0 => format!("{value:.0}"),
        size if size >= 10.0 => format!("{value:.1}"),
        _ => format!("{value:.2}"),
    }
}

#[expect(clippy::print_stdout, reason = "the figures are what this program is for")]
fn tell(line: &str) {
    println!("{line}");
}
