//! What tests share: a running server, a typed client, provider doubles.
