//! What is claimed at the moment, in memory, in step with the writer's transaction.

use std::collections::HashMap;

use tidings_types::{Environment, MessageId};

/// A message as the queue names it.
pub(crate) type WorkKey = (Environment, MessageId);

/// Claims by message. What a job changes holds at once for the jobs after it and is undone with its transaction.
#[derive(Debug, Default)]
pub(crate) struct Leases {
    held: HashMap<WorkKey, i64>,
    last_token: i64,
    /// What to do, newest last, to go back to where the transaction began.
    undo: Vec<Undo>,
}

#[derive(Debug)]
enum Undo {
    Forget(WorkKey),
    Hold(WorkKey, i64),
}

/// A point within a transaction.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Mark(usize);

impl Leases {
    /// Whether anyone holds a message.
    pub(crate) fn is_held(&self, key: &WorkKey) -> bool {
        self.held.contains_key(key)
    }

    /// Whether a claim still holds.
    pub(crate) fn holds(&self, key: &WorkKey, token: i64) -> bool {
        self.held.get(key) == Some(&token)
    }

    /// Claims a message nobody holds and returns the claim's proof.
    pub(crate) fn claim(&mut self, key: WorkKey) -> i64 {
        self.last_token += 1;
        self.held.insert(key.clone(), self.last_token);
        self.undo.push(Undo::Forget(key));
        self.last_token
    }

    /// Lets go of a claim, if it holds.
    pub(crate) fn release(&mut self, key: &WorkKey, token: i64) {
        if self.holds(key, token) {
            self.held.remove(key);
            self.undo.push(Undo::Hold(key.clone(), token));
        }
    }

    /// Remembers this point, to come back to it if a job fails.
    pub(crate) fn mark(&self) -> Mark {
        Mark(self.undo.len())
    }

    /// Goes back to a point of the same transaction.
    pub(crate) fn roll_back_to(&mut self, mark: Mark) {
        while self.undo.len() > mark.0 {
            match self.undo.pop() {
                Some(Undo::Forget(key)) => {
                    self.held.remove(&key);
                }
                Some(Undo::Hold(key, token)) => {
                    self.held.insert(key, token);
                }
                None => return,
            }
        }
    }

    /// The transaction was committed.
    pub(crate) fn commit(&mut self) {
        self.undo.clear();
    }

    /// The transaction failed.
    pub(crate) fn roll_back(&mut self) {
        self.roll_back_to(Mark(0));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(id: &str) -> WorkKey {
        (Environment::Test, id.into())
    }

    #[test]
    fn a_failed_transaction_leaves_claims_as_they_were() {
        let mut leases = Leases::default();
        let token = leases.claim(key("a"));
        leases.commit();

        leases.release(&key("a"), token);
        let again = leases.claim(key("a"));
        leases.claim(key("b"));
        assert_ne!(token, again);
        leases.roll_back();

        assert!(leases.holds(&key("a"), token));
        assert!(!leases.is_held(&key("b")));
    }

    #[test]
    fn a_failed_job_undoes_only_itself() {
        let mut leases = Leases::default();
        leases.claim(key("a"));
        let mark = leases.mark();
        leases.claim(key("b"));
        leases.roll_back_to(mark);
        assert!(leases.is_held(&key("a")) && !leases.is_held(&key("b")));
    }
}
