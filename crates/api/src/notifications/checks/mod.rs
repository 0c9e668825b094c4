//! What a submitted draft waits for.

pub(super) mod delete;
pub(super) mod get;
pub(super) mod put;
