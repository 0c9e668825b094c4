//! What browsers and phones are answered and told, over real sockets.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "these are tests: a panic is how they fail"
)]

mod app;
mod client_keys;
mod conversation;
mod designer;
mod frames;
mod graphql;
mod marks;
mod phones;
mod preferences;
mod resting;
mod slow;
mod sockets;
mod stopping;
