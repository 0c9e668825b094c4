//! One file per command.

pub(crate) mod completions;
pub(crate) mod dev;
pub(crate) mod evaluate;
pub(crate) mod keys;
pub(crate) mod send;
pub(crate) mod serve;
pub(crate) mod transfer;
