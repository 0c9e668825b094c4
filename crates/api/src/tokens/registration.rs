//! From what a caller writes to a registered token.

use tidings_store::DeviceToken;
use tidings_types::{Error, Result, Timestamp};
use tidings_wire::token::TokenWrite;

use super::expiry::expires_at;
use crate::validation::no_control_characters;

/// How many characters the name of a push service may have.
const MAX_PROVIDER: usize = 100;

/// Registers a token now. `prefix` stands before field names in errors.
///
/// # Errors
/// `Invalid`, naming the field.
pub(super) fn register(write: TokenWrite, prefix: &str, now: Timestamp) -> Result<DeviceToken> {
    let token = write.token.filter(|token| !token.is_empty());
    let token = token.ok_or_else(|| Error::invalid(format!("{prefix}token: Required")))?;
    no_control_characters(&format!("{prefix}token"), &token)?;
    // Whose push service it is is the app's business: a name that no provider here has is kept, and not sent to.
    let provider = format!("{prefix}provider_key");
    match write.provider_key.chars().count() {
        0 => return Err(Error::invalid(format!("{provider}: Required"))),
        1..=MAX_PROVIDER => no_control_characters(&provider, &write.provider_key)?,
        _ => {
            return Err(Error::invalid(format!(
                "{provider}: Expected at most {MAX_PROVIDER} characters"
            )));
        }
    }
    let expires_at = expires_at(&format!("{prefix}expiry_date"), write.expiry_date.as_ref(), now)?;
    Ok(DeviceToken {
        token,
        provider_key: write.provider_key,
        device: write.device,
        tracking: write.tracking,
        expiry_date: write.expiry_date,
        properties: write.properties,
        status: "active".to_owned(),
        status_reason: None,
        expires_at,
        registered_at: now,
    })
}

/// Fills in the token that the path names.
///
/// # Errors
/// `Invalid` when the body names another.
pub(super) fn named_by_path(mut write: TokenWrite, token: String) -> Result<TokenWrite> {
    if write.token.as_ref().is_some_and(|own| *own != token) {
        return Err(Error::invalid("token: Expected the token in the path"));
    }
    write.token = Some(token);
    Ok(write)
}
