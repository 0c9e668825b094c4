//! How far an import is, in a file beside the rows'.

use std::fs::File;
use std::io::Read as _;
use std::path::Path;

use anyhow::Context as _;
use sha2::{Digest as _, Sha256};
use tidings_types::Environment;

use crate::cli::TransferKind;
use crate::commands::transfer::named;

/// How much of a file tells it from others, in bytes.
const LOOKED_AT: u64 = 1 << 20;

/// How far an import is.
#[derive(Clone, Copy, Default)]
pub(super) struct Place {
    /// How many rows are done.
    pub(super) rows: u64,
    /// How many of them were refused.
    pub(super) refused: u64,
    /// How long the list of refused rows is, in bytes.
    pub(super) reported: u64,
}

/// What is imported: a place in one file says nothing of another, nor of another environment.
pub(super) struct Subject(String);

impl Subject {
    /// What a file's rows are, where they go, how long it is and how it begins.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub(super) fn of(kind: TransferKind, environment: Environment, path: &Path) -> anyhow::Result<Self> {
        let file = File::open(path).with_context(|| format!("{} cannot be read", path.display()))?;
        let length = file.metadata()?.len();
        let mut beginning = Vec::new();
        file.take(LOOKED_AT).read_to_end(&mut beginning)?;
        let digest = hex::encode(Sha256::digest(&beginning));
        Ok(Self(format!("{} {environment} {length} {digest}", named(kind))))
    }
}

impl Place {
    /// Where the last run was broken off; the beginning when it was not.
    ///
    /// # Errors
    /// When the file cannot be read, is no such file, or is of another import.
    pub(super) fn read(path: &Path, what: &Subject) -> anyhow::Result<Self> {
        let text = match std::fs::read_to_string(path) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Self::default()),
            Err(error) => return Err(error.into()),
        };
        let (first, of) = text.split_once('\n').unwrap_or((&text, ""));
        let numbers: Option<Vec<u64>> = first.split(' ').map(|number| number.parse().ok()).collect();
        match numbers.as_deref() {
            Some(_) if of.trim_end() != what.0 => anyhow::bail!(
                "{} is of an import of other rows, to another environment, or of a file that was changed since; take it \
                 away to begin anew",
                path.display()
            ),
            Some([rows, refused, reported]) => Ok(Self {
                rows: *rows,
                refused: *refused,
                reported: *reported,
            }),
            _ => anyhow::bail!(
                "{} does not say how far the import is; take it away to begin anew",
                path.display()
            ),
        }
    }

    /// Notes it, as a whole or not at all: the program may end at any moment.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub(super) fn write(self, path: &Path, what: &Subject) -> anyhow::Result<()> {
        let Self {
            rows,
            refused,
            reported,
        } = self;
        let new = path.with_extension("progress-new");
        std::fs::write(&new, format!("{rows} {refused} {reported}\n{}\n", what.0))?;
        Ok(std::fs::rename(&new, path)?)
    }
}
