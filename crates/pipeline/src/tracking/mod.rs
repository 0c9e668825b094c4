//! Tracking: what people do with their messages, told by links, a pixel, and apps.
//!
//! Off until a team switches it on for an environment. A tracked link holds its target itself, signed, so nothing is
//! looked up and nobody can make this server lead anywhere else. One-time messages are never tracked: their links are
//! often the secret.

mod act;
mod claims;
mod hold;
mod machine;
mod pixel;
mod rewriter;
mod utm;

pub use act::{follow, report};
pub use claims::{TrackingClaims, TrackingKind};
pub use hold::Clicks;
pub use machine::{Visitor, machine};
pub use pixel::with_pixel;
pub use rewriter::Tracked;
pub use utm::with_utm;
