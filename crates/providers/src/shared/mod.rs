//! What all providers share: reading settings and addresses, the network, and keeping an account from being overrun.

pub mod address;
pub mod breaker;
pub mod driver;
pub mod guard;
pub mod overrides;
pub mod rate;

pub(crate) mod answer;
pub(crate) mod call;
pub(crate) mod chat;
mod http;
mod redact;
mod smtp;
mod tls;
