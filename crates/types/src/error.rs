//! The one domain error. It carries what a caller may read and, apart from it, what only the log may.
//!
//! It becomes HTTP once, in the API room.

use std::fmt;

/// What kind of failure this is; each kind has one HTTP status.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ErrorKind {
    /// The request is wrong (400).
    Invalid,
    /// No usable credential (401).
    Unauthenticated,
    /// The credential does not reach this far (403).
    Forbidden,
    /// Nothing here by that name (404).
    NotFound,
    /// The method is not offered at this path (405).
    MethodNotAllowed,
    /// It collides with what is already so, and trying again will not help (409).
    Conflict,
    /// It collides with something that is about to end: try again (409).
    Busy,
    /// The request is too large (413).
    TooLarge,
    /// Understood, and refused (422).
    Unprocessable,
    /// More than a caller may ask for in this time: try again later (429).
    TooMany,
    /// Not possible at the moment: try again (503).
    Unavailable,
    /// A fault of ours (500).
    Internal,
}

/// A failure with a message for the caller and, optionally, one for the log only.
#[derive(Clone, Debug)]
pub struct Error {
    kind: ErrorKind,
    code: Option<&'static str>,
    message: String,
    internal: Option<String>,
}

/// The result of anything that can fail with the domain [`Error`].
pub type Result<T, E = Error> = std::result::Result<T, E>;

macro_rules! constructors {
    ($($(#[$doc:meta])* $name:ident => $kind:ident),* $(,)?) => {
        $(
            $(#[$doc])*
            pub fn $name(message: impl Into<String>) -> Self {
                Self::new(ErrorKind::$kind, message)
            }
        )*
    };
}

impl Error {
    /// An error of a kind, with the message the caller reads.
    pub fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self {
            kind,
            code: None,
            message: message.into(),
            internal: None,
        }
    }

    constructors! {
        /// The request is wrong. Name the field: `message.to: Required`.
        invalid => Invalid,
        /// No usable credential.
        unauthenticated => Unauthenticated,
        /// The credential does not reach this far.
        forbidden => Forbidden,
        /// Nothing here by that name.
        not_found => NotFound,
        /// More than a caller may ask for in this time.
        too_many => TooMany,
        /// It collides with what is already so.
        conflict => Conflict,
        /// It collides with something that is about to end.
        busy => Busy,
        /// The request is too large.
        too_large => TooLarge,
        /// Understood, and refused.
        unprocessable => Unprocessable,
    }

    /// A fault of ours: the caller reads a general sentence, the log the cause.
    pub fn internal(cause: impl fmt::Display) -> Self {
        Self {
            kind: ErrorKind::Internal,
            code: None,
            message: "Something went wrong on our side. The log says more.".to_owned(),
            internal: Some(cause.to_string()),
        }
    }

    /// Not possible at the moment: the caller is asked to come again, the log reads the cause.
    pub fn unavailable(cause: impl fmt::Display) -> Self {
        Self {
            kind: ErrorKind::Unavailable,
            code: None,
            message: "Not available at the moment. Try again shortly.".to_owned(),
            internal: Some(cause.to_string()),
        }
    }

    /// Gives the error another `type` on the wire than its kind has.
    #[must_use]
    pub fn with_code(mut self, code: &'static str) -> Self {
        self.code = Some(code);
        self
    }

    /// Adds words for the log only.
    #[must_use]
    pub fn with_internal(mut self, cause: impl fmt::Display) -> Self {
        self.internal = Some(cause.to_string());
        self
    }

    /// The kind of failure.
    pub fn kind(&self) -> ErrorKind {
        self.kind
    }

    /// The `type` for the wire, when it differs from the kind's own.
    pub fn code(&self) -> Option<&'static str> {
        self.code
    }

    /// What the caller may read.
    pub fn message(&self) -> &str {
        &self.message
    }

    /// What only the log may read.
    pub fn internal_message(&self) -> Option<&str> {
        self.internal.as_deref()
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.internal {
            Some(internal) => write!(f, "{} ({internal})", self.message),
            None => f.write_str(&self.message),
        }
    }
}

impl std::error::Error for Error {}
