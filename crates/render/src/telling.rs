//! What content says, apart from how any channel writes it down: the elements' words in order, values filled in.
//!
//! Every element tells itself here once. Mail's text part, text messages, pushes, the feed, webhooks and each chat
//! program write it down in their own way; so a new kind of element is known to all of them, and a new way of writing
//! knows all kinds.

mod block;
pub(crate) mod runs;
mod words;

pub(crate) use self::block::{Action, Block, Item, List, Picture, leads};
pub(crate) use self::words::{Span, Words};

use serde_json::Value;
use tidings_types::Object;

use crate::RenderError;
use crate::mail::TextStyle;

/// What the elements told, in order.
#[derive(Debug, Default)]
pub(crate) struct Telling {
    /// The last title.
    pub(crate) title: Option<String>,
    /// Everything else.
    pub(crate) blocks: Vec<Block>,
    /// What the author writes in a provider's own terms.
    pub(crate) payload: Object,
}

impl Telling {
    /// What a mail says first, in a few words: its first paragraph, not the heading above it.
    pub(crate) fn opening(&self) -> Option<String> {
        self.blocks.iter().find_map(|block| match block {
            Block::Text { style, words } if !style.is_heading() => {
                Some(words.plain()).filter(|words| !words.trim().is_empty())
            }
            _ => None,
        })
    }

    /// Adds a paragraph or heading.
    pub(crate) fn text(&mut self, style: TextStyle, words: Words) {
        self.blocks.push(Block::Text { style, words });
    }

    /// Adds somebody else's words.
    pub(crate) fn quote(&mut self, words: Words) {
        self.blocks.push(Block::Quote(words));
    }

    /// Adds a button or link.
    pub(crate) fn action(&mut self, action: Action) {
        self.blocks.push(Block::Action(action));
    }

    /// Adds a picture.
    pub(crate) fn picture(&mut self, picture: Picture) {
        self.blocks.push(Block::Picture(picture));
    }

    /// Adds what was written in a chat program's own terms.
    pub(crate) fn native(&mut self, value: Value) {
        self.blocks.push(Block::Native(value));
    }

    /// Adds a line between what is above and below.
    pub(crate) fn divider(&mut self) {
        self.blocks.push(Block::Divider);
    }

    /// Adds a list.
    pub(crate) fn list(&mut self, list: List) {
        self.blocks.push(Block::List(list));
    }

    /// Adds columns, each a list of blocks made by [`Self::aside`].
    pub(crate) fn columns(&mut self, columns: Vec<Vec<Block>>) {
        self.blocks.push(Block::Columns(columns));
    }

    /// Gathers what is told inside, such as in a column, instead of adding it.
    pub(crate) fn aside(
        &mut self,
        tell: impl FnOnce(&mut Self) -> Result<(), RenderError>,
    ) -> Result<Vec<Block>, RenderError> {
        let before = std::mem::take(&mut self.blocks);
        let told = tell(self);
        let inside = std::mem::replace(&mut self.blocks, before);
        told.map(|()| inside)
    }
}
