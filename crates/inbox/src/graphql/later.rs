//! What a query does once all of its fields were looked at.
//!
//! The web client tells of up to fifty messages that came into view in one query, a field for each, and fields of a
//! mutation are executed one after the other. They are gathered here and written with one transaction instead of fifty.

use std::sync::{Mutex, PoisonError};

use tidings_store::Marking;

/// What is to be written at the end of a query.
#[derive(Debug, Default)]
pub(super) struct Later(Mutex<Vec<Marking>>);

impl Later {
    /// Leaves something for the end.
    pub(super) fn add(&self, marking: Marking) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(marking);
    }

    /// What was left.
    pub(super) fn take(&self) -> Vec<Marking> {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}
