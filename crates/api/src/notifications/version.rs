//! Which version of a notification is meant.

use tidings_pipeline::library::{version_label, version_number};
use tidings_types::{Error, Result};

/// A version of a notification.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Which {
    /// The one in force.
    Published,
    /// The one being worked on.
    Draft,
    /// One of those ever published.
    Number(u32),
}

impl Which {
    /// Reads the `version` of a query; the published one when absent. `published:v003` is how listings call it.
    ///
    /// # Errors
    /// `Invalid` when it is none of them.
    pub(crate) fn parse(text: Option<&str>) -> Result<Self> {
        match text {
            None | Some("published") => Ok(Self::Published),
            Some("draft") => Ok(Self::Draft),
            Some(text) => number(text.strip_prefix("published:").unwrap_or(text)).map(Self::Number),
        }
    }
}

/// The version as sending knows it; none for the one in force.
pub(super) fn label(which: Which) -> Option<String> {
    match which {
        Which::Published => None,
        Which::Draft => Some("draft".to_owned()),
        Which::Number(number) => Some(version_label(number)),
    }
}

/// Reads `v001`.
///
/// # Errors
/// `Invalid` with the documented words.
pub(super) fn number(text: &str) -> Result<u32> {
    let digits = text.strip_prefix('v').filter(|digits| digits.len() >= 3);
    digits
        .filter(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()))
        .and_then(|_| version_number(text))
        .ok_or_else(|| Error::invalid("version: Expected format: v001, v002, etc."))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_spelling_is_read_and_nothing_else() {
        assert_eq!(Which::parse(None).unwrap(), Which::Published);
        assert_eq!(Which::parse(Some("draft")).unwrap(), Which::Draft);
        assert_eq!(Which::parse(Some("v012")).unwrap(), Which::Number(12));
        assert_eq!(Which::parse(Some("published:v1000")).unwrap(), Which::Number(1000));
        for wrong in ["1", "v1", "v+01", "v00x", "V001", "v99999999999", ""] {
            let told = Which::parse(Some(wrong)).unwrap_err();
            assert_eq!(told.message(), "version: Expected format: v001, v002, etc.", "{wrong}");
        }
    }
}
