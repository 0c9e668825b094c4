//! What browsers and phones speak: GraphQL, and sockets that say what is new.
//!
//! - [`graphql`]: one schema, answered at `/q` and `/client/q`; one file per object.
//! - [`socket`]: who is connected, and how they are told.
//! - [`router()`] and [`with_sockets`]: the paths.

mod cors;
pub mod error;
pub mod graphql;
mod message;
mod router;
pub mod socket;
mod state;
mod tracking;

pub use router::{router, with_sockets};
pub use socket::{Gateway, Limits};
pub use state::InboxState;
