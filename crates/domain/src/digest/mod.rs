//! When a digest is due, and what of the gathered goes into it.

mod due;
mod matching;
mod retain;
mod step;

pub use due::next_release;
pub use matching::{Hold, matching};
pub use retain::{Gathered, filed_now, released};
pub use step::{NextStep, next_step};
