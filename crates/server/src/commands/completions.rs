//! `tidings completions`.

use std::io::{ErrorKind, Write as _};

use clap::CommandFactory as _;

use crate::cli::Cli;

/// Prints the script.
///
/// # Errors
/// When it cannot be written. A reader that has seen enough (`| head`) is no error.
pub(crate) fn run(shell: clap_complete::Shell) -> anyhow::Result<()> {
    // Made in memory first: the generator panics when its writer fails.
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Cli::command(), "tidings", &mut script);
    match std::io::stdout().write_all(&script) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(error.into()),
        _ => Ok(()),
    }
}
