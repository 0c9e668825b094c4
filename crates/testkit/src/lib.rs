//! What tests share: a world with a store, a clock that stands still and providers that behave as told.
//!
//! - [`World`]: everything between the API and the providers, with short ways to set it up, to send and to look.
//! - [`HttpDouble`] and [`SmtpDouble`]: servers on the loopback interface that answer, hang or cut as a test says.
//! - [`Faults`]: makes the world's store fail, or the whole program die, at a chosen call.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::missing_panics_doc,
    reason = "this is for tests: a panic is how they fail"
)]

mod accounts;
pub mod faults;
pub mod faulty_store;
pub mod http_double;
pub mod smtp_double;
pub mod world;

pub use faults::{Faults, When};
pub use faulty_store::FaultyStore;
pub use http_double::{HttpDouble, Reply, refused_url};
pub use smtp_double::SmtpDouble;
pub use world::World;
