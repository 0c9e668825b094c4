//! What was adjusted on the way, for the trace.

use std::fmt;

/// Something in the content that was adjusted, or is worth knowing. Names, never values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Note {
    /// A variable had no value.
    MissingVariable {
        /// Its name as written.
        name: String,
    },
    /// Line breaks or control characters became spaces.
    FoldedLineBreaks {
        /// Where: `subject`, `title`.
        field: &'static str,
    },
    /// A link was removed because its scheme is not one that people may be led to.
    UnsafeLink {
        /// Where: `action`, `image`, `text`.
        field: &'static str,
    },
    /// The mail is so long that some mail programs cut it off.
    Clipped {
        /// The HTML part's size in bytes.
        bytes: usize,
    },
    /// An element's loop is over nothing that is an array, so the element was left out.
    NoArray {
        /// The element's path.
        element: String,
    },
    /// Something was left out, since more would not be taken.
    Shortened {
        /// What the limit is.
        why: &'static str,
    },
    /// A part of the brand could not be used.
    Brand {
        /// Which, such as `email.footer.markdown`.
        part: String,
        /// Why.
        reason: String,
    },
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::MissingVariable { name } => write!(f, "the variable `{name}` has no value"),
            Self::FoldedLineBreaks { field } => write!(f, "line breaks in the {field} were folded to spaces"),
            Self::UnsafeLink { field } => write!(f, "an unsafe link of {field} was removed"),
            Self::Clipped { bytes } => write!(f, "the mail has {bytes} bytes of HTML; some mail programs cut it off"),
            Self::NoArray { element } => write!(f, "the loop of {element} is over no array, so it was left out"),
            Self::Shortened { why } => write!(f, "the message was shortened: {why}"),
            Self::Brand { part, reason } => write!(f, "the brand's {part} was left out: it {reason}"),
        }
    }
}

/// How many notes are kept: nobody reads more.
const MAX_NOTES: usize = 100;

/// The notes so far, each once.
#[derive(Debug, Default)]
pub(crate) struct Notes(Vec<Note>);

impl Notes {
    /// Adds a note unless it is there.
    pub(crate) fn add(&mut self, note: Note) {
        if self.0.len() < MAX_NOTES && !self.0.contains(&note) {
            self.0.push(note);
        }
    }

    /// Adds the names of variables without a value.
    pub(crate) fn missing(&mut self, names: Vec<String>) {
        for name in names {
            self.add(Note::MissingVariable { name });
        }
    }

    /// All of them, in the order in which they came up.
    pub(crate) fn into_vec(self) -> Vec<Note> {
        self.0
    }
}
