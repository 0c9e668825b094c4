//! Decisions. Pure: time, addresses and answers are arguments, so that routing and delivery can be proven and years
//! simulated in milliseconds.
//!
//! - [`audience`]: whose profiles pass a filter.
//! - [`list`]: names of lists and patterns of them.
//! - [`preference`]: what a person's layers of preferences come to.
//! - [`decide`]: routing tree x preferences x availability -> [`tidings_types::Plan`] and trace.
//! - [`delivery`]: the state machine that carries a plan out: what to call, how long to wait, when to stop.
//! - [`quiet`]: when a message may go, given a person's quiet hours.
//! - [`digest`]: when a digest is due, and what of the gathered goes into it.
//! - [`retry`]: the retry clock.
//! - [`window`]: delivery windows, moments and durations.

pub mod audience;
pub mod decide;
pub mod delivery;
pub mod digest;
pub mod list;
pub mod preference;
pub mod quiet;
pub mod retry;
pub mod window;
