//! Moments as callers write them.

pub(crate) use tidings_types::moment::parse;
