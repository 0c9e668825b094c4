//! Outbound webhooks: telling customers' own servers what happened.
//!
//! ```text
//! it happens     a job "webhook_event", in the transaction of what happened      tidings_store::webhooks
//! fan out        one delivery per endpoint that wants it                         fan_out
//! deliver        signed, called, noted; again on the retry clock                 deliver
//! ```
//!
//! An endpoint that takes nothing for a day, or says that it is gone, is disabled until somebody enables it.

mod deliver;
mod details;
mod endpoint;
mod enqueued;
mod fan_out;
mod signature;

pub use deliver::Deliver;
pub use details::{details, summary};
pub use endpoint::{EVENTS, Endpoint, MAX_ENDPOINTS, endpoints, open_secret, seal_secret};
pub(crate) use enqueued::enqueued;
pub use fan_out::FanOut;
pub use signature::{HEADER, signature};
