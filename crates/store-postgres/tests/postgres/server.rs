//! A PostgreSQL server for tests, from the programs that Debian installs.
//!
//! Test processes that run at the same time share one: each of them holds a shared lock on a file for as long as it
//! lives. The first starts the server and, beside it, a small script that waits for the lock to be free and then stops
//! the server and removes its files. The kernel lets go of a lock whatever becomes of its process, so nothing is left
//! behind after a panic or a kill.

use std::fs::{self, File, Permissions};
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::net::TcpListener;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, chown};
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

use rustls::pki_types::CertificateDer;
use tidings_store_postgres::{Options, PostgresStore};
use tokio_postgres::{Client, NoTls};

/// Where Debian keeps the programs, one folder per version.
const PROGRAMS: &str = "/usr/lib/postgresql";

/// The file that says on which port the server listens.
const PORT: &str = "port";
/// The file with the server's certificate, in DER.
const CERTIFICATE: &str = "certificate";

/// An empty database of its own.
pub(crate) struct Database {
    name: String,
}

impl Database {
    pub(crate) async fn new() -> Self {
        Self::of_kind("").await
    }

    /// One made with further options of `CREATE DATABASE`.
    pub(crate) async fn of_kind(options: &str) -> Self {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let name = format!("t{}_{}", std::process::id(), NUMBER.fetch_add(1, Ordering::Relaxed));
        let admin = connect("postgres").await;
        admin
            .batch_execute(&format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"))
            .await
            .unwrap();
        admin
            .batch_execute(&format!("CREATE DATABASE {name} {options}"))
            .await
            .unwrap();
        Self { name }
    }

    pub(crate) fn url(&self) -> String {
        url(&self.name)
    }

    /// The way there over the network, where connections can be encrypted.
    pub(crate) fn network_url(&self, host: &str) -> String {
        format!("postgres://postgres@{host}:{}/{}", server().port, self.name)
    }

    /// A store on it, as a node of its own.
    pub(crate) async fn open(&self) -> PostgresStore {
        PostgresStore::connect(&self.url(), Options::server()).await.unwrap()
    }

    /// A plain connection to it.
    pub(crate) async fn connect(&self) -> Client {
        connect(&self.name).await
    }

    /// Cuts all other connections to it, in the middle of whatever they do; returns how many there were.
    pub(crate) async fn cut_connections(&self) -> i64 {
        let sql = self.connect().await;
        let cut = "SELECT COUNT(pg_terminate_backend(pid)) FROM pg_stat_activity
             WHERE datname = current_database() AND pid <> pg_backend_pid()";
        sql.query_one(cut, &[]).await.unwrap().get(0)
    }
}

fn url(database: &str) -> String {
    let server = server();
    format!(
        "postgres:///{database}?user=postgres&host={}&port={}",
        server.folder.display(),
        server.port
    )
}

/// The server's certificate, which is for `localhost` and from nobody but itself.
pub(crate) fn certificate() -> CertificateDer<'static> {
    fs::read(server().folder.join(CERTIFICATE)).unwrap().into()
}

async fn connect(database: &str) -> Client {
    let (client, connection) = tokio_postgres::connect(&url(database), NoTls).await.unwrap();
    tokio::spawn(connection);
    client
}

/// A running server, as long as this process lives.
struct Server {
    /// Where its socket is.
    folder: PathBuf,
    port: u16,
    _lock: File,
}

/// The server; starts it if it is not running.
fn server() -> &'static Server {
    static RUNNING: OnceLock<Server> = OnceLock::new();
    RUNNING.get_or_init(|| {
        let mut hasher = DefaultHasher::new();
        env!("CARGO_TARGET_TMPDIR").hash(&mut hasher);
        // A socket's path must be short.
        let folder = std::env::temp_dir().join(format!("tidings-postgres-{:x}", hasher.finish()));
        fs::create_dir_all(&folder).unwrap();
        fs::set_permissions(&folder, Permissions::from_mode(0o777)).unwrap();
        let lock = File::create(folder.join("lock")).unwrap();
        lock.lock_shared().unwrap();
        let turn = File::create(folder.join("turn")).unwrap();
        turn.lock().unwrap();
        let port = running(&folder).unwrap_or_else(|| start(&folder));
        Server {
            folder,
            port,
            _lock: lock,
        }
    })
}

/// The port of the server if it is running.
fn running(folder: &Path) -> Option<u16> {
    let port = fs::read_to_string(folder.join(PORT)).ok()?.parse().ok()?;
    UnixStream::connect(folder.join(format!(".s.PGSQL.{port}"))).ok()?;
    Some(port)
}

fn start(folder: &Path) -> u16 {
    let programs = programs();
    let data = folder.join("data");
    if data.exists() {
        fs::remove_dir_all(&data).unwrap();
    }
    let initdb = program(folder, &programs.join("initdb"))
        .arg("--pgdata")
        .arg(&data)
        .args([
            "--username=postgres",
            "--auth=trust",
            "--encoding=UTF8",
            "--locale=C.UTF-8",
            "--no-sync",
        ])
        .output()
        .unwrap();
    assert!(
        initdb.status.success(),
        "initdb: {}",
        String::from_utf8_lossy(&initdb.stderr)
    );
    make_certificate(folder, &data);
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let log = folder.join("log");
    let options = format!(
        "-c listen_addresses=127.0.0.1 -c port={port} -c unix_socket_directories='{}' -c ssl=on \
         -c max_connections=300 -c fsync=off -c log_min_messages=warning",
        folder.display()
    );
    let started = program(folder, &programs.join("pg_ctl"))
        .args(["start", "--wait", "--silent", "--options", &options])
        .arg("--pgdata")
        .arg(&data)
        .arg("--log")
        .arg(&log)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .unwrap();
    assert!(
        started.success(),
        "the server does not start: {}",
        fs::read_to_string(&log).unwrap_or_default()
    );
    fs::write(folder.join(PORT), port.to_string()).unwrap();
    watch(folder, &programs);
    port
}

/// Gives the server a certificate under the names it expects, with the key for its eyes only.
fn make_certificate(folder: &Path, data: &Path) {
    let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    fs::write(folder.join(CERTIFICATE), made.cert.der()).unwrap();
    let owner = fs::metadata(data).unwrap();
    for (name, text) in [
        ("server.crt", made.cert.pem()),
        ("server.key", made.signing_key.serialize_pem()),
    ] {
        let path = data.join(name);
        fs::write(&path, text).unwrap();
        fs::set_permissions(&path, Permissions::from_mode(0o600)).unwrap();
        chown(&path, Some(owner.uid()), Some(owner.gid())).unwrap();
    }
}

/// Stops the server when for two seconds nobody has needed it.
fn watch(folder: &Path, programs: &Path) {
    let script = "until flock \"$1/lock\" true && sleep 2 \
             && flock --nonblock \"$1/lock\" \"$2/pg_ctl\" stop --silent --mode=immediate --pgdata=\"$1/data\"; do \
             test -e \"$1/data/postmaster.pid\" || exit; done; rm -rf \"$1/data\" \"$1/log\"";
    let watching = program(folder, Path::new("setsid"))
        .args(["--fork", "sh", "-c", script, "sh"])
        .args([folder, programs])
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    assert!(watching.unwrap().success(), "setsid (Debian: util-linux) does not work");
}

/// A program, run as an ordinary user: the server refuses to be run by root.
fn program(folder: &Path, program: &Path) -> Command {
    let mut command = if fs::metadata(folder).unwrap().uid() == 0 {
        let mut command = Command::new("setpriv");
        command
            .args(["--reuid=postgres", "--regid=postgres", "--clear-groups"])
            .arg(program);
        command
    } else {
        Command::new(program)
    };
    command.current_dir(folder);
    command
}

/// The programs of the newest version that is installed.
fn programs() -> PathBuf {
    let versions = fs::read_dir(PROGRAMS).into_iter().flatten().flatten();
    let newest = versions
        .filter_map(|version| version.file_name().to_str()?.parse::<u32>().ok())
        .filter(|version| {
            Path::new(PROGRAMS)
                .join(version.to_string())
                .join("bin/initdb")
                .exists()
        })
        .max();
    match newest {
        Some(version) => Path::new(PROGRAMS).join(version.to_string()).join("bin"),
        None => panic!("these tests need a PostgreSQL server: install the Debian package \"postgresql\""),
    }
}
