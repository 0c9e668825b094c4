//! One caller's write.

use std::panic::{AssertUnwindSafe, catch_unwind};

use tidings_types::{Error, Result};
use tokio::sync::oneshot;

use super::Write;
use crate::fault::Outcome;

/// A write whose kind of result only its caller knows.
pub(super) trait Job: Send {
    /// Does it, within a transaction. False when it failed and its changes must be undone. May be called again once
    /// they are.
    fn run(&mut self, write: &mut Write<'_>) -> bool;

    /// Answers the caller, once it is known whether the transaction was committed.
    fn answer(self: Box<Self>, committed: Result<(), Error>);
}

/// A closure, its result, and who waits for it. The closure goes back with the result: taking apart what it holds is
/// left to the caller's thread, because there is only one that writes.
pub(super) struct JobOf<F, T> {
    work: F,
    result: Option<Result<T>>,
    reply: oneshot::Sender<(Result<T>, F)>,
}

impl<F, T> JobOf<F, T> {
    pub(super) fn new(work: F, reply: oneshot::Sender<(Result<T>, F)>) -> Self {
        Self {
            work,
            result: None,
            reply,
        }
    }
}

impl<F, T> Job for JobOf<F, T>
where
    F: FnMut(&mut Write<'_>) -> Outcome<T> + Send,
    T: Send,
{
    fn run(&mut self, write: &mut Write<'_>) -> bool {
        // A job that panics fails alone: its changes are undone like those of any other failure.
        let result = catch_unwind(AssertUnwindSafe(|| (self.work)(write)))
            .unwrap_or_else(|_| Err(Error::internal("a write panicked").into()));
        let worked = result.is_ok();
        self.result = Some(result.map_err(Error::from));
        worked
    }

    fn answer(self: Box<Self>, committed: Result<(), Error>) {
        let result = match (committed, self.result) {
            // A refusal stands whether or not the others' changes were written.
            (_, Some(Err(refused))) => Err(refused),
            (Ok(()), Some(Ok(value))) => Ok(value),
            (Err(error), _) => Err(error),
            (Ok(()), None) => Err(Error::internal("a write was committed without having run")),
        };
        // The caller may have gone away; what was written stays.
        drop(self.reply.send((result, self.work)));
    }
}
