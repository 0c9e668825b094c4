//! Providers: whom Tidings hands messages to.
//!
//! A provider is a directory with a [`Spec`] and three pure functions ([`Provider`]): where it reaches a person, what to
//! call, and what the answer means. Everything that touches the network is in [`shared`]: the [`Driver`], its guard
//! against private addresses, the SMTP connections. Adding a provider is its directory and one line in [`registry`].

pub mod contract;
pub mod outgoing;
pub mod receipt;
pub mod registry;
pub mod response;
pub mod settings;
pub mod shared;
pub mod spec;

pub mod discord;
pub mod inbox;
pub mod msteams;
pub mod sendgrid;
pub mod slack;
pub mod smtp;
pub mod twilio;
pub mod webhook;
pub mod whatsapp;

pub use contract::{AddressProblem, Call, CallContext, Person, Provider, PushToken, Reject};
pub use outgoing::{Body, Guard, Outgoing, OutgoingRequest, SmtpSubmission, SmtpTls};
pub use receipt::{Distrust, Inbound, Receipt, ReceiptKind};
pub use registry::{CatalogFilter, Registry};
pub use response::Response;
pub use settings::{RateLimit, validate_settings};
pub use shared::breaker::{Breaker, BreakerOptions, Permit};
pub use shared::driver::{Driver, DriverOptions};
pub use shared::overrides::prepare;
pub use shared::rate::RateLimiter;
pub use spec::{Setting, SettingKind, Spec};
