//! What browsers and phones speak: GraphQL, and sockets that say what is new.
//!
//! - [`graphql`]: one schema, answered at `/q` and `/client/q`; one file per object.
//! - [`router`]: the paths.

mod cors;
pub mod error;
pub mod graphql;
mod router;
mod state;
mod tracking;

pub use router::router;
pub use state::InboxState;
