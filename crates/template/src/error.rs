//! What can be wrong with a template, and with rendering one. Neither ever holds a variable's value.

/// A template that cannot be used. Found when it is written, before anything is sent.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TemplateError {
    /// Longer than [`crate::template::MAX_SOURCE`] bytes.
    #[error("is longer than {limit} bytes")]
    TooLong {
        /// The limit in bytes.
        limit: usize,
    },
    /// More variables than [`crate::template::MAX_VARIABLES`].
    #[error("has more than {limit} variables")]
    TooManyVariables {
        /// The limit.
        limit: usize,
    },
    /// `{{` without its `}}`.
    #[error("has `{{{{` at byte {at} without a closing `}}}}`")]
    Unclosed {
        /// Where it opens, in bytes.
        at: usize,
    },
    /// Something that is no variable, helper or block.
    #[error("uses `{what}`, which is not supported")]
    Unsupported {
        /// The tag as written, shortened.
        what: String,
    },
    /// A helper is called with what it cannot take.
    #[error("calls `{name}`, which {reason}")]
    Arguments {
        /// The helper.
        name: &'static str,
        /// What is wrong, as a clause: `takes two values`.
        reason: &'static str,
    },
    /// A block looks at no value, or at more than one.
    #[error("has `{{{{#{name}}}}}`, which takes one value")]
    Block {
        /// The block's name.
        name: String,
    },
    /// A block is not closed.
    #[error("has `{{{{#{name}}}}}` without `{{{{/{name}}}}}`")]
    NeverClosed {
        /// The block's name.
        name: String,
    },
    /// A block is closed by another one's tag.
    #[error("has `{{{{/{close}}}}}` where `{{{{/{open}}}}}` was expected")]
    WrongClose {
        /// The name of the block that is open.
        open: String,
        /// The name that stands there.
        close: String,
    },
    /// A tag that only makes sense inside a block.
    #[error("has `{{{{{what}}}}}` outside of a block")]
    NeverOpened {
        /// The tag.
        what: String,
    },
    /// Blocks or `( )` nest too deep.
    #[error("nests deeper than {limit} levels")]
    TooDeep {
        /// The limit.
        limit: usize,
    },
    /// A name that cannot be one, such as `{first-name}`.
    #[error("has the variable `{name}`; names are camelCase or snake_case")]
    Name {
        /// The name as written, shortened.
        name: String,
    },
    /// A JSONPath that cannot be read, or asks for too much.
    #[error("has the path `{path}`, which cannot be read: {reason}")]
    Path {
        /// The path as written, shortened.
        path: String,
        /// What is wrong with it.
        reason: String,
    },
}

/// A template that could not be rendered with these values.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RenderError {
    /// The texts grew beyond [`crate::env::budget::MAX_OUTPUT`] bytes.
    #[error("the text grew beyond {limit} bytes")]
    TooLong {
        /// The limit in bytes.
        limit: usize,
    },
    /// It takes more than [`crate::env::budget::MAX_STEPS`] steps.
    #[error("it takes more than {limit} steps")]
    TooMuchWork {
        /// The limit.
        limit: u32,
    },
    /// Blocks and snippets nest deeper than [`crate::env::budget::MAX_DEPTH`].
    #[error("blocks and snippets nest deeper than {limit} levels")]
    TooDeep {
        /// The limit.
        limit: u32,
    },
    /// A helper cannot do what it is asked.
    #[error("the helper `{name}` {reason}")]
    Helper {
        /// The helper.
        name: &'static str,
        /// Why not, as a clause: `divides by zero`.
        reason: String,
    },
    /// A snippet is not there or cannot be read.
    #[error("the snippet `{name}` {reason}")]
    Snippet {
        /// The snippet.
        name: String,
        /// Why not, as a clause.
        reason: String,
    },
    /// A variable has no value, where that is not allowed.
    #[error("the variable `{name}` has no value")]
    MissingVariable {
        /// Its name as written.
        name: String,
    },
}

/// The first characters of a piece of source, for an error message.
pub(crate) fn shorten(source: &str) -> String {
    const SHOWN: usize = 60;
    let mut short: String = source.chars().take(SHOWN).collect();
    if short.len() < source.len() {
        short.push('…');
    }
    short
}
