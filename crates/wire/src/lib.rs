//! The public API's requests and responses, spelled exactly as clients see them.
//!
//! Everything here is data: serde says how it is written, nothing is decided. Absent optional fields are left out,
//! unless clients demand a null.

pub mod audience;
pub mod auth;
pub mod brand;
pub mod broadcast;
pub mod bulk;
pub mod consent;
pub mod digest;
pub mod error;
pub mod event;
pub mod inbound;
pub mod list;
pub mod message;
pub mod notification;
mod optional;
pub mod paging;
pub mod preference;
pub mod preference_page;
pub mod profile;
pub mod provider;
pub mod recipient_preferences;
pub mod request;
pub mod routing_strategy;
pub mod section;
pub mod send;
pub mod tenant;
pub mod tenant_template;
pub mod token;
pub mod topic;
pub mod webhook;
