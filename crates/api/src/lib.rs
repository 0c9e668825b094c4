//! The REST API: one operation, one file.
//!
//! A handler's signature says who may call it ([`auth`]), what it reads ([`body`], [`query`], [`path`]) and what it
//! answers. Failures are the domain error, turned into HTTP in [`error`] alone. [`router()`] gathers all operations
//! and the OpenAPI document they make together.

pub mod auth;
pub mod body;
mod brands;
mod cors;
mod document;
mod duration;
pub mod error;
mod events;
mod idempotency;
mod messages;
mod moment;
mod notifications;
mod openapi;
mod pace;
pub mod paging;
mod patch;
pub mod path;
mod preference_page;
mod preferences;
mod profiles;
mod providers;
pub mod query;
mod router;
mod routing_strategies;
mod sections;
mod send;
mod settings;
mod slashes;
mod state;
mod tenant_templates;
mod tenants;
mod tokens;
mod topics;
mod translations;
mod user_preferences;
mod user_tenants;
pub mod validation;
mod webhooks;

pub use auth::environment_of;
pub use router::router;
pub use state::AppState;
