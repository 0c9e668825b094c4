//! Whole stories: a send is accepted and carried out over a real store, against servers that answer, fail or hang.
//!
//! Each module says `cfg(test)`, since the lints' leave to panic goes by that.

#[cfg(test)]
mod accepting;
#[cfg(test)]
mod accounts;
#[cfg(test)]
mod audiences;
#[cfg(test)]
mod brands;
mod broadcasts;
#[cfg(test)]
mod common;
#[cfg(test)]
mod crashes;
#[cfg(test)]
mod digests;
#[cfg(test)]
mod double_opt_in;
#[cfg(test)]
mod endings;
#[cfg(test)]
mod escalation;
#[cfg(test)]
mod expand;
#[cfg(test)]
mod failover;
#[cfg(test)]
mod faults;
#[cfg(test)]
mod jobs;
#[cfg(test)]
mod lanes;
#[cfg(test)]
mod preferences;
#[cfg(test)]
mod repeatable;
#[cfg(test)]
mod said;
#[cfg(test)]
mod secrecy;
#[cfg(test)]
mod tenants;
#[cfg(test)]
mod tracking;
#[cfg(test)]
mod waiting;
#[cfg(test)]
mod webhooks;
