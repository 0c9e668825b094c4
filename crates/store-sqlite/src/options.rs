//! How a file is opened.

/// How a file is opened.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// Connections that read, at least one. Each may use 4 MB of page cache.
    pub readers: u32,
    /// Whether this process moves the write-ahead log into the file. A server does; a tool that opens the file
    /// beside it need not.
    pub checkpoints: bool,
}

impl Options {
    /// For a server.
    pub const fn server() -> Self {
        Self {
            readers: 3,
            checkpoints: true,
        }
    }

    /// For a command-line tool that may run beside a server.
    pub const fn tool() -> Self {
        Self {
            readers: 1,
            checkpoints: false,
        }
    }
}

impl Default for Options {
    fn default() -> Self {
        Self::server()
    }
}
