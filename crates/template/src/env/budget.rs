//! How much one rendering may use.

use std::cell::Cell;

use crate::RenderError;

/// The most steps of one rendering: a part of a template, an operator or a turn of a block is one, a JSONPath query as
/// many as it may visit values, a slow helper as many as it takes longer. At some 100 ns each, a tenth of a second.
pub const MAX_STEPS: u32 = 1_000_000;
/// The most text one rendering may write, over all its templates, in bytes.
pub const MAX_OUTPUT: usize = 4 << 20;
/// How deep blocks and snippets may nest while they are rendered.
pub const MAX_DEPTH: u32 = 100;
/// The longest text a helper may build, in bytes.
pub const MAX_TEXT: usize = 256 << 10;

/// What is left.
#[derive(Clone, Debug)]
pub(crate) struct Budget {
    steps: Cell<u32>,
    bytes: Cell<usize>,
}

impl Default for Budget {
    fn default() -> Self {
        Self {
            steps: Cell::new(MAX_STEPS),
            bytes: Cell::new(MAX_OUTPUT),
        }
    }
}

impl Budget {
    pub(crate) fn work(&self, steps: u32) -> Result<(), RenderError> {
        let left = self.steps.get().checked_sub(steps);
        self.steps.set(left.unwrap_or(0));
        left.map(|_| ()).ok_or(RenderError::TooMuchWork { limit: MAX_STEPS })
    }

    pub(crate) fn wrote(&self, bytes: usize) -> Result<(), RenderError> {
        let left = self.bytes.get().checked_sub(bytes);
        self.bytes.set(left.unwrap_or(0));
        left.map(|_| ()).ok_or(RenderError::TooLong { limit: MAX_OUTPUT })
    }
}
