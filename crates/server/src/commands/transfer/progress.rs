//! A line at the terminal that says how far it is.

use std::io::{IsTerminal as _, Write as _};

/// Shows how far an import or export is, on standard error, in one line that is written over.
pub(super) struct Progress {
    what: &'static str,
    total: Option<u64>,
    shown: bool,
}

impl Progress {
    /// For so many bytes in all, where that is known.
    pub(super) fn new(what: &'static str, total: Option<u64>) -> Self {
        Self {
            what,
            total: total.filter(|total| *total > 0),
            shown: std::io::stderr().is_terminal(),
        }
    }

    /// Shows how many rows are done and where the file has been read to, in bytes.
    pub(super) fn show(&self, rows: u64, refused: u64, read: u64) {
        if !self.shown {
            return;
        }
        let bar = self.total.map(|total| {
            let done = read.min(total).saturating_mul(20) / total;
            let filled: String = (0..20).map(|place| if place < done { '#' } else { '.' }).collect();
            format!("[{filled}] {:>3}% ", read.min(total).saturating_mul(100) / total)
        });
        let bar = bar.unwrap_or_default();
        // A terminal that cannot be written to is no reason to stop.
        let _ = write!(std::io::stderr(), "\r{bar}{rows} {}, {refused} refused", self.what);
    }

    /// Leaves the line.
    pub(super) fn end(&self) {
        if self.shown {
            let _ = writeln!(std::io::stderr());
        }
    }
}
