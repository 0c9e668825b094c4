//! The API as clients see it: requests into the router, replies out of it, over a real store.

mod app;
mod auth;
mod compatibility;
mod errors;
mod idempotency;
mod messages;
mod preferences;
mod profiles;
mod send;
mod surface;
mod tokens;
