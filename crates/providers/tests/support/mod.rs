//! What the tests share: a message to send, and doubles of an HTTP and an SMTP server.

pub(crate) mod fixture;
pub(crate) mod http_double;
pub(crate) mod smtp_double;
