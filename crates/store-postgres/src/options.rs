//! How a database is used.

/// How a database is used.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// Connections at most, at least one. One more is used for listening.
    pub connections: u32,
    /// How many batches of the same kind are written at the same time, at least one. With two, one is written while
    /// the other is being synced.
    pub flushers: u32,
}

impl Options {
    /// For a server.
    pub const fn server() -> Self {
        Self {
            connections: 12,
            flushers: 2,
        }
    }

    /// For a command-line tool.
    pub const fn tool() -> Self {
        Self {
            connections: 1,
            flushers: 1,
        }
    }
}

impl Default for Options {
    fn default() -> Self {
        Self::server()
    }
}
