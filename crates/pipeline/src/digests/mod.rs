//! Digests: filing a message instead of sending it, and sending what was gathered as one.
//!
//! Whatever is filed has a job that waits for its rhythm (`ReleaseDigest`). When a topic's digest is changed or taken
//! away, or a person chooses another rhythm, the store asks for a review (`ReviewDigests`) in the same transaction, and
//! every gathering concerned is looked at again. A job whose moment is no longer one of the rhythm's sends nothing and asks
//! for the next, so that nothing waits for ever whatever is changed while it is being filed.

mod alone;
mod body;
mod empty;
mod hold;
mod job;
mod message;
mod release;
mod review;
mod scene;

pub(crate) use hold::hold;
pub(crate) use job::ReleaseDigest;
pub use release::release_for;
pub(crate) use review::ReviewDigests;
pub use review::release_all;
