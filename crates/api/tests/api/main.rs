//! The API as clients see it: requests into the router, replies out of it, over a real store.
//!
//! Each module says `cfg(test)`: the lints' leave to unwrap goes by that.

#[cfg(test)]
mod app;
#[cfg(test)]
mod audiences;
#[cfg(test)]
mod audit;
#[cfg(test)]
mod auth;
#[cfg(test)]
mod brands;
#[cfg(test)]
mod broadcasts;
#[cfg(test)]
mod bulk;
#[cfg(test)]
mod compatibility;
#[cfg(test)]
mod digests;
#[cfg(test)]
mod errors;
#[cfg(test)]
mod idempotency;
#[cfg(test)]
mod identify;
#[cfg(test)]
mod inbound;
#[cfg(test)]
mod lists;
#[cfg(test)]
mod messages;
#[cfg(test)]
mod notifications;
#[cfg(test)]
mod person_choices;
#[cfg(test)]
mod person_offers;
#[cfg(test)]
mod preference_log;
#[cfg(test)]
mod preferences;
#[cfg(test)]
mod previews;
#[cfg(test)]
mod profiles;
#[cfg(test)]
mod providers;
#[cfg(test)]
mod routing_strategies;
#[cfg(test)]
mod sections;
#[cfg(test)]
mod send;
#[cfg(test)]
mod settings;
#[cfg(test)]
mod surface;
#[cfg(test)]
mod templates;
#[cfg(test)]
mod tenant_templates;
#[cfg(test)]
mod tenants;
#[cfg(test)]
mod tokens;
#[cfg(test)]
mod topic_rules;
#[cfg(test)]
mod translations;
#[cfg(test)]
mod webhooks;
#[cfg(test)]
mod whole;
