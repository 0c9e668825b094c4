//! A message's way from acceptance to its final status. The only place that orders the steps.
//!
//! ```text
//! accept   parse, validate, write durably                                   accept/
//! resolve  profile, template version, topic, preferences, brand, accounts   resolve/
//! decide   routing x preferences x availability -> Plan + Trace             tidings-domain
//! render   template + data -> the channel's own form                        tidings-render
//! deliver  call, retry, fall back                                           deliver/
//! record   timeline, status, feed, outbox                                   deliver/
//! ```
//!
//! [`Worker`] takes due messages from the store and walks each through these steps; [`Drain`] does so by hand.

pub mod accept;
pub mod accounts;
pub mod audiences;
pub mod brands;
pub mod broadcasts;
pub mod bulk;
mod deliver;
pub mod digests;
pub mod drain;
pub mod engage;
pub mod erasure;
pub mod expand;
pub mod images;
pub mod jobs;
pub mod library;
pub mod links;
mod mac;
pub mod marking;
pub mod preferences;
mod preview;
pub mod receipts;
pub mod rendering;
pub mod requests;
mod resolve;
pub mod sandbox;
pub mod services;
pub mod subscribe;
pub mod tenant_brands;
pub mod tenant_templates;
pub mod tenants;
pub mod tracking;
pub mod translations;
pub mod upkeep;
pub mod webhooks;
pub mod worker;

pub use drain::Drain;
pub use engage::engage;
pub use jobs::JobRunner;
pub use library::Library;
pub use links::{LinkClaims, LinkError, LinkKind, Links};
pub use sandbox::Sandbox;
pub use services::{Caller, PipelineSettings, Services};
pub use worker::Worker;
