//! The scale-out store: one PostgreSQL database for any number of nodes.
//!
//! The database is the record, the queue and the timers. What is accepted and what steps come to is written in batches:
//! whatever piled up while the last batch was being written goes into the next transaction, one statement per table.
//! The busier it is, the less a write costs.
//!
//! Work is claimed with a lease: a row says until when, by the database's clock, and each claim has its own proof. A
//! node that dies loses its leases when they end. Nodes tell each other of new work and changed documents by NOTIFY,
//! which is a hint and nothing more: whoever misses one finds out on their own a little later.
//!
//! A connection may be lost at any moment, even between COMMIT and its answer. Then the database is asked what became
//! of the transaction, so that a write is neither lost nor made twice.

mod announce;
mod audiences;
mod audit;
mod batcher;
mod bulk;
mod codec;
mod database;
mod digests;
mod documents;
mod erasure;
mod fault;
mod feed;
mod idempotency;
mod images;
mod jobs;
mod keys;
mod listen;
mod lists;
mod memberships;
mod messages;
mod migrate;
mod notification;
mod options;
mod outbox;
mod people;
mod requests;
mod retry;
mod shelves;
mod sql;
mod store;
mod target;
mod tls;
mod transaction;
mod upkeep;
mod webhooks;

pub use notification::Notification;
pub use options::Options;
pub use store::PostgresStore;
