//! The embedded store: SQLite with one group-committing writer.
//!
//! All writing goes through one thread, which takes whatever has piled up, runs it within one transaction and syncs
//! once before it answers: the busier it is, the less a write costs. Reading has its own few connections and never
//! waits for the writer. Another thread moves the write-ahead log into the file while both go on.
//!
//! The table of pending work is the queue. What is claimed is known in memory only: one server serves one file (see
//! [`ServerLock`]), and after a crash whatever was claimed is simply due again.

mod audiences;
mod audit;
mod bulk;
mod checkpoint;
mod codec;
mod connection;
mod digests;
mod documents;
mod erasure;
mod fault;
mod feed;
mod idempotency;
mod images;
mod jobs;
mod keys;
mod leases;
mod lists;
mod lock;
mod memberships;
mod messages;
mod migrate;
mod options;
mod outbox;
mod people;
mod readers;
mod requests;
mod shelves;
mod store;
mod upkeep;
mod webhooks;
mod writer;

pub use lock::ServerLock;
pub use options::Options;
pub use store::SqliteStore;
