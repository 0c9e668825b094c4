//! Messages in the format of ICU: `{count, plural, one {# item} other {# items}}`.
//!
//! A bounded reader of our own; the rules of languages come from ICU4X, and with them CLDR. Known are plain arguments,
//! `number` (also `integer` and `percent`), `date` and `time` (`short`, `medium`, `long`, `full`), `plural`,
//! `selectordinal` and `select`. Apostrophes quote braces, and two of them stand for one.
//! (<https://unicode-org.github.io/icu/userguide/format_parse/messages/>)

mod parse;
mod print;

pub(crate) use self::print::Arguments;
use crate::language::Length;

/// The longest message, in bytes.
const MAX_LENGTH: usize = 16 << 10;
/// How deep choices may nest.
const MAX_DEPTH: usize = 8;
/// How many pieces a message may have.
const MAX_PIECES: usize = 500;

/// A message, read.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Message(Vec<Piece>);

/// A piece of a message.
#[derive(Clone, Debug, PartialEq)]
enum Piece {
    Text(String),
    /// `{name}`, `{name, number}`.
    Argument {
        name: String,
        form: Form,
    },
    /// `#`: the number that the plural around it looks at, less its offset.
    Number,
    Plural {
        name: String,
        ordinal: bool,
        offset: f64,
        cases: Vec<(Case, Vec<Self>)>,
    },
    Select {
        name: String,
        cases: Vec<(String, Vec<Self>)>,
    },
}

/// How an argument is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    Plain,
    Number,
    Integer,
    Percent,
    Date(Length),
    Time(Length),
}

/// When a case of a plural applies.
#[derive(Clone, Debug, PartialEq)]
enum Case {
    /// `=0`.
    Exactly(f64),
    /// `one`, `few`, `other`.
    Category(String),
}

impl Message {
    /// Reads a message; `None` if it cannot be read.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        if text.len() > MAX_LENGTH {
            return None;
        }
        parse::parse(text).map(Self)
    }
}
