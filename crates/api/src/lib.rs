//! The REST API: one operation, one file.
//!
//! A handler's signature says who may call it ([`auth`]), what it reads ([`body`], [`query`], [`path`]) and what it
//! answers. Failures are the domain error, turned into HTTP in [`error`] alone. [`router()`] gathers all operations
//! and the OpenAPI document they make together.

mod audiences;
mod audit_events;
pub mod auth;
pub mod body;
mod brands;
mod broadcasts;
mod bulk;
mod consents;
mod cors;
mod detours;
mod digests;
mod document;
mod duration;
pub mod error;
mod events;
mod idempotency;
mod inbound;
mod lists;
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
mod profile_lists;
mod profiles;
mod providers;
pub mod query;
mod requests;
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
mod users;
pub mod validation;
mod webhooks;

pub use auth::environment_of;
pub use router::{document, router};
pub use state::AppState;
