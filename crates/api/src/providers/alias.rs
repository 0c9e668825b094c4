//! An account's alias: the name by which routing finds it.

use tidings_pipeline::Services;
use tidings_types::{Channel, Error, Result};

use crate::validation::no_control_characters;

/// Refuses an alias that routing would take for something else.
///
/// # Errors
/// `Invalid`.
pub(super) fn check(services: &Services, alias: &str) -> Result<()> {
    no_control_characters("alias", alias)?;
    if alias.trim().is_empty() {
        return Err(Error::invalid("alias: Must not be empty"));
    }
    if Channel::parse(alias).is_some() {
        return Err(Error::invalid(format!("alias: {alias} is the name of a channel")));
    }
    if services.registry.get(alias).is_some() {
        return Err(Error::invalid(format!("alias: {alias} is the key of a provider")));
    }
    Ok(())
}
