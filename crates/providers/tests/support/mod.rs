//! What the tests share: a message to send.

pub(crate) mod fixture;
