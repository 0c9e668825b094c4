//! The store against a real server, which the tests start themselves.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod batching;
mod claims;
mod conformance;
mod encryption;
mod listening;
mod recovery;
mod server;
mod starting;
mod texts;
