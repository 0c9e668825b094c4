//! How much one rendering may use.

use std::cell::Cell;

use crate::RenderError;

/// The most steps of one rendering: a part of a template, an operator, an item of a loop or an element is one, a JSONPath
/// query as many as it may visit values. At some 50 ns each this is well under a tenth of a second.
pub const MAX_STEPS: u32 = 1_000_000;
/// The most text one rendering may write, over all its templates, in bytes.
pub const MAX_OUTPUT: usize = 4 << 20;
/// How deep blocks and snippets may nest while they are rendered.
pub const MAX_DEPTH: u32 = 64;

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
        match self.steps.get().checked_sub(steps) {
            Some(left) => {
                self.steps.set(left);
                Ok(())
            }
            None => {
                self.steps.set(0);
                Err(RenderError::TooMuchWork { limit: MAX_STEPS })
            }
        }
    }

    pub(crate) fn wrote(&self, bytes: usize) -> Result<(), RenderError> {
        match self.bytes.get().checked_sub(bytes) {
            Some(left) => {
                self.bytes.set(left);
                Ok(())
            }
            None => {
                self.bytes.set(0);
                Err(RenderError::TooLong { limit: MAX_OUTPUT })
            }
        }
    }
}
