//! Providers seen from outside: what they would send, what answers mean, and the driver against servers that misbehave.

#[path = "../support/mod.rs"]
mod support;

mod addresses;
mod contract;
mod guard;
mod http;
mod outcomes;
mod overrides;
mod requests;
mod settings;
mod smtp;
