//! Logs: fields, not sentences, and never a secret or a code.

use std::io::IsTerminal as _;

use tracing_subscriber::EnvFilter;

/// Whether a filter can be read.
///
/// # Errors
/// In the filter's own words.
pub(crate) fn check(filter: &str) -> anyhow::Result<()> {
    EnvFilter::try_new(filter)?;
    Ok(())
}

/// Starts logging to standard error: readable on a terminal, one JSON object a line elsewhere.
///
/// # Errors
/// When the filter cannot be read.
pub(crate) fn start(filter: &str) -> anyhow::Result<()> {
    let filter = EnvFilter::try_new(filter)?;
    let builder = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr);
    if std::io::stderr().is_terminal() {
        builder.with_target(false).init();
    } else {
        builder.json().flatten_event(true).init();
    }
    Ok(())
}
