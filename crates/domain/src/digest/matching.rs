//! Whether a message is gathered.

use tidings_types::Object;
use tidings_types::digest::{Category, DEFAULT_CATEGORY, Digest, Frequency, Schedule};

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
    let categories = categories_of(&digest.categories, data);
    (!categories.is_empty()).then_some(Hold { schedule, categories })
}

/// The categories that take a message with this data: those whose keys it has. The one category of digests that name none
/// takes every message.
pub(super) fn categories_of(categories: &[Category], data: &Object) -> Vec<String> {
    let takes_all = matches!(categories, [only] if only.category_key == DEFAULT_CATEGORY);
    let keys = categories.iter().map(|category| &category.category_key);
    keys.filter(|key| takes_all || data.contains_key(*key))
        .cloned()
        .collect()
}
