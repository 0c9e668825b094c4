//! Audiences: people whose profiles pass a filter.
//!
//! A filter is a tree of conditions on paths of the profile. Three spellings are read: a single condition, groups with
//! `filters`, and the older groups with `rules`.

mod condition;
mod evaluate;
mod parse;
#[cfg(test)]
mod tests;

pub use condition::{Condition, Operator};
pub use evaluate::{Match, Subject};
pub use parse::MAX_DEPTH;

/// A filter, read.
#[derive(Clone, Debug, PartialEq)]
pub enum Filter {
    /// All of these, at least one of them.
    All(Vec<Filter>),
    /// Any of these.
    Any(Vec<Filter>),
    /// One condition.
    One(Condition),
}

/// The key under which filters are found that ask which tenants a person belongs to. No profile has it at its root that
/// could be meant: a `$` is no part of a path.
pub const TENANTS_KEY: &str = "$tenants";

/// The key under which filters are found that somebody may pass who has nothing of what they look at. They look at every
/// profile that comes; others only at those that have a key of theirs.
pub const NOTHING_KEY: &str = "$nothing";

impl Filter {
    /// The keys at the root of a profile that the filter looks at, each once, [`TENANTS_KEY`] where it asks for tenants,
    /// and [`NOTHING_KEY`] where somebody may pass who has none of those.
    pub fn keys(&self) -> Vec<String> {
        let mut keys = Vec::new();
        self.each(&mut |condition| {
            let key = condition.root();
            if !keys.iter().any(|known| known == key) {
                keys.push(key.to_owned());
            }
        });
        if self.may_hold_on_nothing() {
            keys.push(NOTHING_KEY.to_owned());
        }
        keys
    }

    /// Calls `see` with every condition.
    pub fn each<'f>(&'f self, see: &mut impl FnMut(&'f Condition)) {
        match self {
            Self::All(filters) | Self::Any(filters) => {
                for filter in filters {
                    filter.each(see);
                }
            }
            Self::One(condition) => see(condition),
        }
    }
}
