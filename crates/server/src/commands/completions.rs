//! `tidings completions`.

use clap::CommandFactory as _;

use crate::cli::Cli;

/// Prints the script.
pub(crate) fn run(shell: clap_complete::Shell) {
    clap_complete::generate(shell, &mut Cli::command(), "tidings", &mut std::io::stdout());
}
