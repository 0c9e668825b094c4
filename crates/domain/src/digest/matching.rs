//! Whether a message is gathered.

use tidings_types::Object;
use tidings_types::digest::{DEFAULT_CATEGORY, Digest, Frequency, Schedule};

/// A message that is to be gathered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hold<'d> {
    /// In this rhythm.
    pub schedule: &'d Schedule,
    /// In these categories.
    pub categories: Vec<String>,
}

/// Whether a message is gathered: the person's rhythm is not at once, and its data has a key of some category.
pub fn matching<'d>(digest: &'d Digest, chosen: Option<&str>, data: &Object) -> Option<Hold<'d>> {
    let schedule = digest.schedule(chosen)?;
    if schedule.frequency == Frequency::Instant {
        return None;
    }
    let is_default = matches!(digest.categories.as_slice(), [only] if only.category_key == DEFAULT_CATEGORY);
    let categories: Vec<_> = digest
        .categories
        .iter()
        .map(|category| category.category_key.clone())
        .filter(|key| is_default || data.contains_key(key))
        .collect();
    (!categories.is_empty()).then_some(Hold { schedule, categories })
}
