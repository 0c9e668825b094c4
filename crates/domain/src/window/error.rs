//! What can be wrong with a window or a zone, in words for the caller who wrote it.

/// Values are repeated in errors up to this many characters.
const SHOWN: usize = 40;

/// Why a delivery window or a time zone could not be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WindowError {
    /// Neither an IANA name nor an offset from UTC.
    #[error("{0:?} is not a time zone: expected an IANA name such as Europe/Berlin, or UTC+2")]
    UnknownZone(String),
    /// The expression says nothing.
    #[error("the opening hours are empty")]
    Empty,
    /// The expression is longer than is read, in bytes.
    #[error("the opening hours are longer than {0} bytes")]
    TooLong(usize),
    /// Something else stands where a part of the grammar was expected.
    #[error("opening hours: expected {expected}, found {found}")]
    Syntax {
        /// What would have been right.
        expected: &'static str,
        /// What was there, shortened.
        found: String,
    },
    /// A day that its month never has.
    #[error("opening hours: {month} has no day {day}")]
    NoSuchDate {
        /// The month as it was written.
        month: String,
        /// The day as it was written.
        day: String,
    },
    /// The window does not open within the days that are searched.
    #[error("the opening hours do not open within {days} days")]
    NeverOpens {
        /// How many days were searched.
        days: u16,
    },
}

impl WindowError {
    pub(super) fn unknown_zone(name: &str) -> Self {
        Self::UnknownZone(shorten(name))
    }

    /// `found` is the rest of the expression; nothing left means its end.
    pub(super) fn syntax(expected: &'static str, found: &str) -> Self {
        let found = if found.is_empty() {
            "the end".to_owned()
        } else {
            format!("{:?}", shorten(found))
        };
        Self::Syntax { expected, found }
    }
}

fn shorten(text: &str) -> String {
    let mut shown: String = text.chars().take(SHOWN).collect();
    if shown.len() < text.len() {
        shown.push('…');
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_values_are_shortened_between_characters() {
        assert_eq!(shorten("Europe/Berlin"), "Europe/Berlin");
        assert_eq!(shorten(&"é".repeat(41)), format!("{}…", "é".repeat(40)));
        assert_eq!(shorten(&"é".repeat(40)), "é".repeat(40));
    }
}
