//! What letters stand on, in a light room and in a dark one.

use super::color;
use crate::color::{ground_on_dark, is_dark};

/// A background.
#[derive(Clone, Debug)]
pub(crate) struct Ground {
    /// In a light room.
    color: String,
    /// In a dark one; `None` for a ground that stays as it is, on which nothing may change.
    dark: Option<String>,
}

impl Ground {
    /// A ground in an author's colour.
    pub(super) fn new(color: &str) -> Self {
        Self {
            color: color.to_owned(),
            dark: ground_on_dark(color),
        }
    }

    /// A ground that never changes: an author's own page, of whose dark side nothing is known.
    pub(super) fn fixed(color: &str) -> Self {
        Self {
            color: color.to_owned(),
            dark: None,
        }
    }

    /// The colour in a light room.
    pub(super) fn color(&self) -> &str {
        &self.color
    }

    /// The colour in a dark room, if it changes.
    pub(super) fn dark(&self) -> Option<&str> {
        self.dark.as_deref()
    }

    /// Whether it darkens, so that what stands on it must lighten.
    pub(super) fn adapts(&self) -> bool {
        self.dark.is_some()
    }

    /// The colour of letters on it, in a light room.
    pub(super) fn ink(&self) -> &'static str {
        if is_dark(&self.color) { color::PAPER } else { color::INK }
    }
}
