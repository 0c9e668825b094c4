//! Digests: filing a message instead of sending it, and sending what was gathered as one.

mod hold;
mod job;
mod release;

pub(crate) use hold::hold;
pub(crate) use job::ReleaseDigest;
pub use release::{release_all, release_for};
