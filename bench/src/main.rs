//! Measures a running `tidings serve` from outside, and a bare server doing the same durable insert next to it.
//!
//! The generator, the sinks that stand in for providers, and the servers share one machine: ratios within one run say
//! more than the absolute figures.

mod bare;
mod cli;
mod listen;
mod load;
mod process;
mod report;
mod scenes;
mod server;
mod sinks;

use clap::Parser as _;

use crate::cli::{Cli, Command};

/// The same allocator as the server's, so that the bare server has no handicap.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> anyhow::Result<()> {
    match Cli::parse().command {
        Command::Run(options) => {
            // One thread: the cores are needed by the server that is measured.
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
            runtime.block_on(scenes::run(&options))
        }
        Command::Listen(options) => {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
            runtime.block_on(listen::run(&options))
        }
        Command::Bare(options) => {
            let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
            runtime.block_on(bare::run(&options))
        }
    }
}
