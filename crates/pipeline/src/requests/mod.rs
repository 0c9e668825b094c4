//! Requests with many messages: calling them off, and hiding them.

mod archive;
mod cancel;

pub(crate) use archive::ArchiveRequest;
pub use archive::archive;
pub(crate) use cancel::CancelRequest;
pub use cancel::{Canceled, cancel};
