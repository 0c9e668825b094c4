//! Providers seen from outside: what they would send, what answers mean, and the driver against servers that misbehave.
//!
//! Each module says `cfg(test)`, since the lints' leave to panic goes by that.

#[cfg(test)]
#[path = "../support/mod.rs"]
mod support;

#[cfg(test)]
mod addresses;
#[cfg(test)]
mod chat;
#[cfg(test)]
mod contract;
#[cfg(test)]
mod guard;
#[cfg(test)]
mod http;
#[cfg(test)]
mod outcomes;
#[cfg(test)]
mod overrides;
#[cfg(test)]
mod requests;
#[cfg(test)]
mod settings;
#[cfg(test)]
mod smtp;
#[cfg(test)]
mod smtp_replies;
