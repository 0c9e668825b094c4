//! Fields that may be absent, null or there.

use serde::{Deserialize, Deserializer};

/// Reads null as the default, as an absent field is.
pub(crate) fn null_default<'de, D: Deserializer<'de>, T: Deserialize<'de> + Default>(
    deserializer: D,
) -> Result<T, D::Error> {
    Option::deserialize(deserializer).map(Option::unwrap_or_default)
}

/// Tells an explicit null from an absent field.
#[expect(
    clippy::option_option,
    reason = "absent, null and a value are three different wishes"
)]
pub(crate) fn present<'de, D: Deserializer<'de>, T: Deserialize<'de>>(
    deserializer: D,
) -> Result<Option<Option<T>>, D::Error> {
    Option::deserialize(deserializer).map(Some)
}
