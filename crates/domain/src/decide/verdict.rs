//! What a message comes to when nothing may be tried: the most telling reason of all that were found.

use tidings_types::{Reason, Status, Verdict};

use super::Excluded;

/// The verdict over a routing tree without a usable entry.
pub(super) fn of_nothing(excluded: &[Excluded]) -> Verdict {
    let verdict = |status, reason, error: &str| Verdict {
        status,
        reason,
        error: error.to_owned(),
    };
    let any = |wanted: &Excluded| excluded.contains(wanted);
    for one in excluded {
        if let Excluded::NotAllowed { named, allowed } = one {
            let told = format!(
                "No provider(s) {named} in the list of message channel provider(s): {}.",
                allowed.join(", ")
            );
            return verdict(Status::Unroutable, Reason::ProviderError, &told);
        }
    }
    if any(&Excluded::Preference) {
        return verdict(
            Status::Filtered,
            Reason::Filtered,
            "The user's preferences leave no channel",
        );
    }
    if any(&Excluded::NoAddress) {
        return verdict(
            Status::Undeliverable,
            Reason::NoChannels,
            "The user cannot be reached on any routed channel",
        );
    }
    if any(&Excluded::Condition) {
        return verdict(Status::Filtered, Reason::Filtered, "The conditions leave no channel");
    }
    if any(&Excluded::NoProvider) {
        return verdict(Status::Unroutable, Reason::NoProviders, "No providers added");
    }
    if any(&Excluded::NoContent) {
        return verdict(
            Status::Unroutable,
            Reason::NoChannels,
            "The template has no content for any routed channel",
        );
    }
    verdict(Status::Unroutable, Reason::NoChannels, "No channels to route to")
}
