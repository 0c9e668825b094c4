//! What is claimed at the moment, in memory, in step with the writer's transaction.

use std::collections::HashMap;
use std::hash::Hash;

use tidings_store::JobKey;
use tidings_types::{Environment, MessageId};

/// A message as the queue names it.
pub(crate) type WorkKey = (Environment, MessageId);

/// All claims: on messages and on jobs.
#[derive(Debug, Default)]
pub(crate) struct Claims {
    /// On messages.
    pub(crate) work: Leases<WorkKey>,
    /// On jobs.
    pub(crate) jobs: Leases<JobKey>,
}

impl Claims {
    /// Remembers this point, to come back to it if a write fails.
    pub(crate) fn mark(&self) -> (Mark, Mark) {
        (self.work.mark(), self.jobs.mark())
    }

    /// Goes back to a point of the same transaction.
    pub(crate) fn roll_back_to(&mut self, (work, jobs): (Mark, Mark)) {
        self.work.roll_back_to(work);
        self.jobs.roll_back_to(jobs);
    }

    /// The transaction was committed.
    pub(crate) fn commit(&mut self) {
        self.work.commit();
        self.jobs.commit();
    }

    /// The transaction failed.
    pub(crate) fn roll_back(&mut self) {
        self.work.roll_back();
        self.jobs.roll_back();
    }
}

/// Claims by what is claimed. What a write changes holds at once for those after it and is undone with its transaction.
#[derive(Debug)]
pub(crate) struct Leases<K> {
    held: HashMap<K, i64>,
    last_token: i64,
    /// What to do, newest last, to go back to where the transaction began.
    undo: Vec<Undo<K>>,
}

impl<K> Default for Leases<K> {
    fn default() -> Self {
        Self {
            held: HashMap::new(),
            last_token: 0,
            undo: Vec::new(),
        }
    }
}

#[derive(Debug)]
enum Undo<K> {
    Forget(K),
    Hold(K, i64),
}

/// A point within a transaction.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Mark(usize);

impl<K: Clone + Eq + Hash> Leases<K> {
    /// Whether anyone holds it.
    pub(crate) fn is_held(&self, key: &K) -> bool {
        self.held.contains_key(key)
    }

    /// Whether a claim still holds.
    pub(crate) fn holds(&self, key: &K, token: i64) -> bool {
        self.held.get(key) == Some(&token)
    }

    /// Claims what nobody holds and returns the claim's proof.
    pub(crate) fn claim(&mut self, key: K) -> i64 {
        self.last_token += 1;
        self.held.insert(key.clone(), self.last_token);
        self.undo.push(Undo::Forget(key));
        self.last_token
    }

    /// Lets go of a claim, if it holds.
    pub(crate) fn release(&mut self, key: &K, token: i64) {
        if self.holds(key, token) {
            self.held.remove(key);
            self.undo.push(Undo::Hold(key.clone(), token));
        }
    }

    /// Lets go of a claim, whoever holds it.
    pub(crate) fn revoke(&mut self, key: &K) {
        if let Some(token) = self.held.remove(key) {
            self.undo.push(Undo::Hold(key.clone(), token));
        }
    }

    /// Remembers this point, to come back to it if a write fails.
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
