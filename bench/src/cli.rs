//! The command line.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

/// Measure Tidings on this machine.
#[derive(Debug, Parser)]
#[command(name = "tidings-bench", version, about)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Measure, and print the figures.
    Run(RunOptions),
    /// Be the bare server that is measured beside Tidings.
    #[command(hide = true)]
    Bare(BareOptions),
    /// Be clients that follow people's feeds.
    #[command(hide = true)]
    Listen(ListenOptions),
}

/// What to measure, and for how long.
#[derive(Debug, Args)]
pub(crate) struct RunOptions {
    /// The server's program. Without it, `tidings` beside this program.
    #[arg(long, value_name = "FILE")]
    pub(crate) server: Option<PathBuf>,
    /// Where the figures are written as JSON.
    #[arg(long, value_name = "FOLDER")]
    pub(crate) out: Option<PathBuf>,
    /// Only these scenes; may be repeated.
    #[arg(long, value_enum)]
    pub(crate) only: Vec<Scene>,
    /// Seconds of measuring per rate of acceptance, after one second of warming up.
    #[arg(long, value_name = "SECONDS", default_value_t = 4)]
    pub(crate) seconds: u64,
    /// Messages sent end to end to the webhook sink; a third as many go to the SMTP sink.
    #[arg(long, value_name = "COUNT", default_value_t = 30_000)]
    pub(crate) messages: usize,
    /// People on the list that is expanded.
    #[arg(long, value_name = "COUNT", default_value_t = 1_000_000)]
    pub(crate) recipients: usize,
}

/// A scene.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Scene {
    /// Memory at rest and time to start.
    Footprint,
    /// How long one mail takes to render.
    Render,
    /// How fast sends are accepted, next to the bare server.
    Accept,
    /// How fast messages reach a sink and are recorded as sent.
    Deliver,
    /// What sockets of the in-app feed cost, and how fast messages reach them.
    Inbox,
    /// How fast a list is expanded, and what waits behind it.
    Expand,
}

impl RunOptions {
    /// Whether a scene was asked for.
    pub(crate) fn wants(&self, scene: Scene) -> bool {
        self.only.is_empty() || self.only.contains(&scene)
    }
}

/// The bare server's settings.
#[derive(Debug, Args)]
pub(crate) struct BareOptions {
    /// Where to listen.
    #[arg(long)]
    pub(crate) listen: SocketAddr,
    /// The folder of its database.
    #[arg(long)]
    pub(crate) data_dir: PathBuf,
}

/// Which clients to be.
#[derive(Debug, Args)]
pub(crate) struct ListenOptions {
    /// The server.
    #[arg(long)]
    pub(crate) server: SocketAddr,
    /// An API key, which may act for everyone.
    #[arg(long)]
    pub(crate) key: String,
    /// The number of the first person.
    #[arg(long)]
    pub(crate) first: u32,
    /// How many people.
    #[arg(long)]
    pub(crate) count: u32,
}
