//! Who calls, and what they may do.
//!
//! The REST API, GraphQL and the sockets prove callers the same way: an API key, or a token made for a browser or a
//! phone ([`Scope`] says how far it reaches). Clients of the older protocol bring a [client key](client_key) and a
//! signed user id instead.

pub mod client_key;
mod credential;
mod identity;
mod keys;
mod scope;
mod token;

pub use client_key::ClientKey;
pub use credential::Credential;
pub use identity::{Auth, Identity};
pub use scope::{Of, Right, Scope};
pub use token::{Claims, seconds};
