//! Who follows what.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tidings_types::Environment;
use tidings_types::id::person_number;

use super::follower::Follower;

/// A person, as hints name them. Two people may share a number; who looks compares names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct Key {
    pub(super) environment: Environment,
    pub(super) person: u64,
}

impl Key {
    pub(super) fn new(environment: Environment, user: &str) -> Self {
        Self {
            environment,
            person: person_number(user),
        }
    }
}

/// Who follows what.
#[derive(Debug, Default)]
pub(super) struct Registry(Mutex<HashMap<Key, Vec<Arc<Follower>>>>);

impl Registry {
    pub(super) fn add(&self, follower: Arc<Follower>) {
        self.lock().entry(follower.key()).or_default().push(follower);
    }

    pub(super) fn remove(&self, follower: &Arc<Follower>) {
        let (key, mut followers) = (follower.key(), self.lock());
        if let Some(same) = followers.get_mut(&key) {
            same.retain(|one| !Arc::ptr_eq(one, follower));
            if same.is_empty() {
                followers.remove(&key);
            }
        }
    }

    /// Whether anyone follows this person.
    pub(super) fn has(&self, key: Key) -> bool {
        self.lock().contains_key(&key)
    }

    /// Those who follow this person.
    pub(super) fn of(&self, key: Key) -> Vec<Arc<Follower>> {
        self.lock().get(&key).cloned().unwrap_or_default()
    }

    /// Everyone who is followed.
    pub(super) fn keys(&self) -> Vec<Key> {
        self.lock().keys().copied().collect()
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<Key, Vec<Arc<Follower>>>> {
        // Nothing that holds the lock can leave it half done.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
