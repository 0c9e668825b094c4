//! The servers that are measured, each on a database of its own in a temporary folder.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail};
use serde_json::json;
use tempfile::TempDir;

use crate::load::{Connection, post};
use crate::process::{Memory, Process};

/// How long a server may take to be ready.
const PATIENCE: Duration = Duration::from_secs(20);

/// A running server.
pub(crate) struct Server {
    process: Process,
    folder: TempDir,
    /// Where it listens.
    pub(crate) address: SocketAddr,
    /// An API key; the bare server has no use for one.
    pub(crate) key: String,
    /// From the start of the process to the first 200 of `/readyz`.
    pub(crate) started_in: Duration,
}

/// The programs.
pub(crate) struct Programs {
    tidings: PathBuf,
    bench: PathBuf,
}

impl Programs {
    /// Finds them: the server beside this program, unless told otherwise.
    pub(crate) fn find(server: Option<&Path>) -> anyhow::Result<Self> {
        let bench = std::env::current_exe()?;
        let tidings = server.map_or_else(|| bench.with_file_name("tidings"), Path::to_path_buf);
        if !tidings.is_file() {
            bail!("there is no {}: build it first, with `--release`", tidings.display());
        }
        Ok(Self { tidings, bench })
    }

    /// This program, for processes that are a part of the load.
    pub(crate) fn bench(&self) -> &Path {
        &self.bench
    }

    /// Starts Tidings on a new database, with a key.
    pub(crate) async fn tidings(&self) -> anyhow::Result<Server> {
        self.tidings_in(tempfile::tempdir()?).await
    }

    /// Starts Tidings on a folder that may have been used before.
    pub(crate) async fn tidings_in(&self, folder: TempDir) -> anyhow::Result<Server> {
        let data = text(folder.path())?;
        let address = free_address()?;
        let listen = address.to_string();
        let environment = [
            ("TIDINGS_DATA_DIR", data),
            ("TIDINGS_LISTEN", &listen),
            // The sinks are on this machine.
            ("TIDINGS_ALLOW_PRIVATE_TARGETS", "true"),
        ];
        let begun = Instant::now();
        let log = folder.path().join("server.log");
        let mut process = Process::start(&self.tidings, &["serve"], &environment, &log)?;
        ready(&mut process, address).await?;
        let started_in = begun.elapsed();
        let create = ["keys", "create", "--environment", "production", "--data-dir", data];
        let made = tokio::process::Command::new(&self.tidings)
            .args(create)
            .output()
            .await?;
        let key = String::from_utf8(made.stdout)?.trim().to_owned();
        if !made.status.success() || key.is_empty() {
            bail!("no key was made: {}", String::from_utf8_lossy(&made.stderr));
        }
        Ok(Server {
            process,
            folder,
            address,
            key,
            started_in,
        })
    }

    /// Starts the bare server.
    pub(crate) async fn bare(&self) -> anyhow::Result<Server> {
        let folder = tempfile::tempdir()?;
        let address = free_address()?;
        let listen = address.to_string();
        let arguments = ["bare", "--listen", &listen, "--data-dir", text(folder.path())?];
        let begun = Instant::now();
        let mut process = Process::start(&self.bench, &arguments, &[], &folder.path().join("server.log"))?;
        ready(&mut process, address).await?;
        Ok(Server {
            process,
            folder,
            address,
            key: "none".to_owned(),
            started_in: begun.elapsed(),
        })
    }
}

impl Server {
    /// Its memory.
    pub(crate) fn memory(&self) -> anyhow::Result<Memory> {
        self.process.memory()
    }

    /// Processor time used so far.
    pub(crate) fn processor_time(&self) -> anyhow::Result<Duration> {
        self.process.processor_time()
    }

    /// Makes an SMTP account for a sink.
    pub(crate) async fn use_smtp(&self, sink: SocketAddr) -> anyhow::Result<()> {
        let account = json!({ "provider": "smtp", "settings": {
            "host": sink.ip().to_string(), "port": sink.port(), "from_address": "a@example.com",
        }});
        let answer = Connection::open(self.address)
            .await?
            .exchange(&post("/providers", &self.key, &account))
            .await?;
        if !(200..300).contains(&answer.status) {
            bail!(
                "the account was refused with {}: {}",
                answer.status,
                String::from_utf8_lossy(&answer.body)
            );
        }
        Ok(())
    }

    /// The database file, to count in once the server has nothing left to do.
    pub(crate) fn database(&self) -> PathBuf {
        self.folder.path().join("tidings.db")
    }

    /// Kills it and hands its folder back.
    pub(crate) async fn kill(self) -> anyhow::Result<TempDir> {
        self.process.kill().await?;
        Ok(self.folder)
    }
}

async fn ready(process: &mut Process, address: SocketAddr) -> anyhow::Result<()> {
    let begun = Instant::now();
    while begun.elapsed() < PATIENCE {
        if let Ok(mut connection) = Connection::open(address).await {
            let answer = connection
                .exchange(b"GET /readyz HTTP/1.1\r\nhost: bench\r\n\r\n")
                .await?;
            if answer.status == 200 {
                return Ok(());
            }
        }
        if !process.is_running() {
            bail!("the server ended before it was ready");
        }
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    bail!("the server was not ready in {} s", PATIENCE.as_secs())
}

fn free_address() -> anyhow::Result<SocketAddr> {
    Ok(std::net::TcpListener::bind("127.0.0.1:0")?.local_addr()?)
}

fn text(path: &Path) -> anyhow::Result<&str> {
    path.to_str().context("the temporary folder's name is not text")
}
