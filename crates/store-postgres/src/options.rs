//! How a database is used.

use rustls::pki_types::CertificateDer;

/// How a database is used.
#[derive(Clone, Debug)]
pub struct Options {
    /// Connections at most, at least one. One more is used for listening.
    pub connections: u32,
    /// How many batches of the same kind are written at the same time, at least one. With two, one is written while
    /// the other is being synced.
    pub flushers: u32,
    /// Certificate authorities that the database's certificate may come from, besides those Mozilla publishes.
    pub extra_roots: Vec<CertificateDer<'static>>,
}

impl Options {
    /// For a server.
    pub const fn server() -> Self {
        Self {
            connections: 12,
            flushers: 2,
            extra_roots: Vec::new(),
        }
    }

    /// For a command-line tool.
    pub const fn tool() -> Self {
        Self {
            connections: 1,
            flushers: 1,
            extra_roots: Vec::new(),
        }
    }
}

impl Default for Options {
    fn default() -> Self {
        Self::server()
    }
}
