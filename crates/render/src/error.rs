//! Why content could not be prepared or rendered. Neither error ever holds a variable's value.

use tidings_template::ConditionError;

use crate::Problem;

/// Content that cannot be used at all.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", list(.0))]
pub struct PrepareError(pub Vec<Problem>);

fn list(problems: &[Problem]) -> String {
    problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")
}

/// Content that could not be rendered for this person and channel.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RenderError {
    /// No content is meant for this channel.
    #[error("there is no content for this channel")]
    NoContent,
    /// With these values, nothing is left to say.
    #[error("the content is empty")]
    Empty,
    /// An element's condition could not be evaluated.
    #[error("the condition of {element} failed: {error}")]
    Condition {
        /// The element's path.
        element: String,
        /// What went wrong.
        error: ConditionError,
    },
    /// A jsonnet program came to nothing.
    #[error("the program of {element} failed: {reason}")]
    Program {
        /// The element's path.
        element: String,
        /// Why, in words that hold no value.
        reason: String,
    },
    /// A text could not be filled in.
    #[error(transparent)]
    Text(#[from] tidings_template::RenderError),
    /// A field of an override is of the wrong type or form.
    #[error("{field}: {reason}")]
    Override {
        /// The field, such as `from`.
        field: String,
        /// What is wrong with it.
        reason: String,
    },
    /// The author's own form of a channel could not be made.
    #[error("raw.{field} {reason}")]
    Raw {
        /// The field, such as `html`.
        field: String,
        /// What is wrong with it, as a clause.
        reason: String,
    },
    /// A header's name or value holds a line break, or the name is none.
    #[error("the header `{name}` holds characters that a header may not hold")]
    Header {
        /// The header's name, control characters removed.
        name: String,
    },
}
