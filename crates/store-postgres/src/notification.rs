//! What nodes tell each other.

use tidings_store::Lane;
use tidings_types::Environment;

use crate::codec;

/// The channel that says there is work.
const WORK: &str = "tidings_work";
/// The channel that says there are jobs.
const JOBS: &str = "tidings_jobs";
/// The channel that says a document changed.
const DOCUMENTS: &str = "tidings_documents";

/// The channels of all notifications.
pub(crate) const CHANNELS: [&str; 3] = [WORK, JOBS, DOCUMENTS];

/// Something that another node did. A hint: it may be missed, and it may be told twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Notification {
    /// Work was added to this lane.
    Work(Lane),
    /// Jobs were added.
    Jobs,
    /// A document of this environment changed.
    Documents(Environment),
}

impl Notification {
    /// All of them, the most urgent first.
    pub const ALL: [Self; 6] = [
        Self::Work(Lane::Urgent),
        Self::Work(Lane::Normal),
        Self::Work(Lane::Bulk),
        Self::Jobs,
        Self::Documents(Environment::Production),
        Self::Documents(Environment::Test),
    ];

    /// Where it is told.
    pub(crate) const fn channel(self) -> &'static str {
        match self {
            Self::Work(_) => WORK,
            Self::Jobs => JOBS,
            Self::Documents(_) => DOCUMENTS,
        }
    }

    /// What is told there: the number of the node that tells it, and which lane or environment.
    pub(crate) fn payload(self, node: i64) -> String {
        let which = match self {
            Self::Work(lane) => lane.as_i16(),
            Self::Jobs => 0,
            Self::Documents(environment) => codec::environment(environment),
        };
        format!("{node} {which}")
    }

    /// Reads what another node told. None for what is our own, or nothing we know.
    pub(crate) fn read(channel: &str, payload: &str, own: i64) -> Option<Self> {
        let (node, _) = payload.split_once(' ')?;
        let node = node.parse().ok().filter(|node| *node != own)?;
        Self::ALL
            .into_iter()
            .find(|one| one.channel() == channel && one.payload(node) == payload)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn others_are_heard_and_oneself_is_not() {
        for told in Notification::ALL {
            assert_eq!(Notification::read(told.channel(), &told.payload(7), 8), Some(told));
            assert_eq!(Notification::read(told.channel(), &told.payload(7), 7), None);
            assert!(CHANNELS.contains(&told.channel()));
        }
    }

    #[test]
    fn nonsense_is_ignored() {
        for (channel, payload) in [
            (WORK, ""),
            (WORK, "7"),
            (WORK, "7 9"),
            (WORK, "x 1"),
            ("another", "7 1"),
        ] {
            assert_eq!(Notification::read(channel, payload, 8), None);
        }
    }
}
