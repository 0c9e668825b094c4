//! The list of refused rows.

use std::fs::File;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use super::ignore_missing;

/// The list of refused rows; the file is made with the first.
pub(super) struct Refusals {
    path: PathBuf,
    file: Option<File>,
    count: u64,
}

impl Refusals {
    /// Begins a list, or goes on with one of which so many bytes hold: what was listed later is read again.
    ///
    /// # Errors
    /// When the file is there and cannot be written.
    pub(super) fn open(path: &Path, bytes: u64) -> anyhow::Result<Self> {
        let mut file = None;
        if bytes == 0 {
            std::fs::remove_file(path).or_else(ignore_missing)?;
        } else {
            let found = File::options().create(true).append(true).open(path)?;
            found.set_len(bytes.min(found.metadata()?.len()))?;
            file = Some(found);
        }
        Ok(Self {
            path: path.to_owned(),
            file,
            count: 0,
        })
    }

    /// Lists a row.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub(super) fn add(&mut self, number: u64, why: &str) -> anyhow::Result<()> {
        let file = match &mut self.file {
            Some(file) => file,
            none => none.insert(File::options().create(true).append(true).open(&self.path)?),
        };
        writeln!(file, "row {number}: {why}")?;
        self.count += 1;
        Ok(())
    }

    /// How long the list is, in bytes.
    ///
    /// # Errors
    /// When that cannot be found out.
    pub(super) fn bytes(&self) -> anyhow::Result<u64> {
        Ok(match &self.file {
            Some(file) => file.metadata()?.len(),
            None => 0,
        })
    }

    /// How many since the last time.
    pub(super) fn take(&mut self) -> u64 {
        std::mem::take(&mut self.count)
    }
}
