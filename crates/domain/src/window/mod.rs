//! When a message may go: moments, durations and delivery windows as they are written in requests.
//!
//! - [`parse_moment`] and [`parse_duration`]: ISO 8601, read leniently.
//! - [`time_zone`]: IANA names and `UTC+2`.
//! - [`Window`]: opening hours such as `Mo-Fr 09:00-17:00`, and when they open next.

mod duration;
mod error;
mod lex;
mod moment;
mod next;
mod parse;
mod rule;
mod zone;

#[cfg(test)]
mod properties;

pub use self::duration::parse_duration;
pub use self::error::WindowError;
pub use self::moment::{parse_moment, wall_clock};
pub use self::rule::Window;
pub use self::zone::{UTC, time_zone};
pub use jiff::tz::TimeZone;
