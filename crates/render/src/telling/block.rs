//! The kinds of thing that content can say.

use serde_json::Value;

use super::Words;
use crate::mail::TextStyle;

/// One thing said.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Block {
    /// A paragraph or heading.
    Text {
        /// How it stands out.
        style: TextStyle,
        /// What it says.
        words: Words,
    },
    /// Somebody else's words.
    Quote(Words),
    /// A button or link.
    Action(Action),
    /// A picture.
    Picture(Picture),
    /// A line between what is above and below.
    Divider,
    /// A list.
    List(List),
    /// What a program wrote in a chat program's own terms.
    Native(Value),
    /// Columns, side by side where there is room.
    Columns(Vec<Vec<Block>>),
}

/// A button or link.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Action {
    /// The label.
    pub(crate) label: String,
    /// Where it leads; `#` for nowhere.
    pub(crate) href: String,
    /// `button`, `secondary`, `tertiary` or `link`.
    pub(crate) style: &'static str,
    /// A CSS colour.
    pub(crate) background: Option<String>,
}

/// A picture.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Picture {
    /// Its address.
    pub(crate) src: String,
    /// What it shows, in words; may be empty.
    pub(crate) alt: String,
    /// Where it leads.
    pub(crate) href: Option<String>,
}

/// A list.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct List {
    /// Numbered, or with bullets.
    pub(crate) ordered: bool,
    /// Its items.
    pub(crate) items: Vec<Item>,
}

/// An item of a list: its words, then the lists inside it.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Item {
    /// What it says.
    pub(crate) words: Words,
    /// Lists below it.
    pub(crate) lists: Vec<List>,
}

/// Whether a link leads anywhere.
pub(crate) fn leads(href: &str) -> bool {
    !matches!(href, "" | "#")
}
