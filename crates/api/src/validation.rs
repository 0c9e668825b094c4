//! What texts may hold, and the reader of typed requests.

use tidings_types::id::MAX_USER_ID;
use tidings_types::{Error, Result};

pub use tidings_types::validation::decode;

/// Refuses control characters in a name, id or path.
///
/// # Errors
/// `Invalid`, naming the field.
pub fn no_control_characters(field: &str, text: &str) -> Result<()> {
    if text.chars().any(char::is_control) {
        return Err(Error::invalid(format!("{field}: Control characters are not allowed")));
    }
    Ok(())
}

/// Refuses a name that people could not read.
///
/// # Errors
/// `Invalid`, naming the field.
pub fn name(field: &str, text: &str) -> Result<()> {
    if text.trim().is_empty() {
        return Err(Error::invalid(format!("{field}: Must not be empty")));
    }
    no_control_characters(field, text)
}

/// Refuses control characters other than line breaks and tabs in a text.
///
/// # Errors
/// `Invalid`, naming the field.
pub fn printable(field: &str, text: &str) -> Result<()> {
    if text
        .chars()
        .any(|one| one.is_control() && !matches!(one, '\n' | '\r' | '\t'))
    {
        return Err(Error::invalid(format!("{field}: Control characters are not allowed")));
    }
    Ok(())
}

/// Refuses what no person's id can be.
///
/// # Errors
/// `Invalid`, naming the field.
pub fn user_id(field: &str, id: &str) -> Result<()> {
    if id.is_empty() {
        return Err(Error::invalid(format!("{field}: Must not be empty")));
    }
    if id.len() > MAX_USER_ID {
        return Err(Error::invalid(format!("{field}: Expected at most {MAX_USER_ID} bytes")));
    }
    no_control_characters(field, id)
}

/// How long the name of a version of words is at most, in characters.
const LONGEST_WORDING: usize = 200;

/// Refuses what cannot name a version of words.
///
/// # Errors
/// `Invalid`, naming the field.
pub fn wording(field: &str, text: &str) -> Result<()> {
    no_control_characters(field, text)?;
    if text.trim().is_empty() || text.chars().count() > LONGEST_WORDING {
        return Err(Error::invalid(format!(
            "{field}: Expected 1 to {LONGEST_WORDING} characters"
        )));
    }
    Ok(())
}
