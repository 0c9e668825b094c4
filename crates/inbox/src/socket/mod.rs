//! Sockets: what is new, told to the devices of a person while they look.
//!
//! A connection speaks one of two framings (`framing`). It follows feeds (`follower`); what is new in them is read
//! from the store by the person's sequence (`dispatch`), woken by hints and, because hints may be lost, by a look at
//! everyone in turn. Each follower notes how far it has been told, so a message is told once, however often it is read.
//!
//! A connection has a queue of bounded length. When it is full the follower waits where it is and goes on when the client
//! has caught up; a client that does not take a frame in time ([`Limits::patience`]) is let go.

mod connection;
mod dispatch;
mod drain;
mod follower;
mod framing;
mod gateway;
mod inbound;
mod query;
mod registry;
mod upgrade;

pub use gateway::{Gateway, Limits};
pub(crate) use upgrade::layer;
