//! When a digest is due, and what of the gathered goes into it.

mod due;
mod matching;
mod retain;

pub use due::next_release;
pub use matching::{Hold, matching};
pub use retain::{Gathered, released};
