//! Message authentication: HMAC with SHA-256 (RFC 2104).

use hmac::{Hmac, KeyInit as _};
use sha2::Sha256;
use tidings_types::{ExposeSecret as _, SecretString};

/// A code that is yet to be fed, under a key of any length.
#[expect(clippy::expect_used, reason = "HMAC takes keys of any length")]
pub(crate) fn keyed(key: &SecretString) -> Hmac<Sha256> {
    Hmac::new_from_slice(key.expose_secret().as_bytes()).expect("any key length works")
}
