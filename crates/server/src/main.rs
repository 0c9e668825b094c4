//! The program `tidings`: one binary that accepts, decides, delivers and remembers.

mod cli;
mod commands;
mod demo;
mod descriptors;
mod health;
mod key;
mod knocking;
mod master_key;
mod node;
mod serving;
mod settings;
mod shutdown;
mod telemetry;
mod wiring;

use std::process::ExitCode;

use clap::Parser as _;

use crate::cli::{Cli, Command};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let cli = Cli::parse();
    match run(cli) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            report(&error);
            ExitCode::FAILURE
        }
    }
}

fn run(cli: Cli) -> anyhow::Result<()> {
    if let Command::Completions { shell } = cli.command {
        return commands::completions::run(shell);
    }
    if matches!(cli.command, Command::EvaluateJsonnet) {
        return commands::evaluate::run();
    }
    // One TLS implementation for everything that connects out. Only a second call could fail.
    let _first = rustls::crypto::ring::default_provider().install_default();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        match cli.command {
            Command::Dev(options) => commands::dev::run(options).await,
            Command::Serve(options) => commands::serve::run(options).await,
            Command::Keys(command) => commands::keys::run(command).await,
            Command::Send(options) => commands::send::run(options).await,
            Command::Import { kind, options } => commands::transfer::import(kind, options).await,
            Command::Export { kind, options } => commands::transfer::export(kind, options).await,
            Command::Completions { .. } | Command::EvaluateJsonnet => Ok(()),
        }
    })
}

/// Tells the person at the terminal what went wrong, causes included.
#[expect(clippy::print_stderr, reason = "a command line program speaks to the terminal")]
fn report(error: &anyhow::Error) {
    eprintln!("tidings: {error}");
    for cause in error.chain().skip(1) {
        eprintln!("  because: {cause}");
    }
}
