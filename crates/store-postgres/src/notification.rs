//! What nodes tell each other.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use tidings_store::Lane;
use tidings_types::Environment;
use tidings_types::id::person_number;

use crate::codec;

/// The channel that says there is work.
const WORK: &str = "tidings_work";
/// The channel that says there are jobs.
const JOBS: &str = "tidings_jobs";
/// The channel that says a document changed.
const DOCUMENTS: &str = "tidings_documents";

/// The channel that says what is new in people's feeds.
const FEEDS: &str = "tidings_feeds";

/// The channels of all notifications.
pub(crate) const CHANNELS: [&str; 4] = [WORK, JOBS, DOCUMENTS, FEEDS];

/// How many people one notification names, at most: PostgreSQL takes 8000 bytes, and a number has sixteen digits.
const PEOPLE: usize = 400;

/// Something that another node did. A hint: it may be missed, and it may be told twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Notification {
    /// Work was added to this lane.
    Work(Lane),
    /// Jobs were added.
    Jobs,
    /// A document of this environment changed.
    Documents(Environment),
    /// Something is new in the feed of a person with this number.
    Feed(Environment, u64),
    /// Something may be new in any feed.
    Feeds,
}

impl Notification {
    /// All that name nobody, the most urgent first.
    pub const ALL: [Self; 7] = [
        Self::Work(Lane::Urgent),
        Self::Work(Lane::Normal),
        Self::Work(Lane::Bulk),
        Self::Jobs,
        Self::Documents(Environment::Production),
        Self::Documents(Environment::Test),
        Self::Feeds,
    ];

    /// Something is new in a person's feed.
    pub(crate) fn feed(environment: Environment, user: &str) -> Self {
        Self::Feed(environment, person_number(user))
    }

    /// Where it is told.
    pub(crate) const fn channel(self) -> &'static str {
        match self {
            Self::Work(_) => WORK,
            Self::Jobs => JOBS,
            Self::Documents(_) => DOCUMENTS,
            Self::Feed(..) | Self::Feeds => FEEDS,
        }
    }

    /// What is told there: the number of the node that tells it, and which lane or environment.
    pub(crate) fn payload(self, node: i64) -> String {
        let which = match self {
            Self::Work(lane) => lane.as_i16(),
            Self::Jobs => 0,
            Self::Documents(environment) => codec::environment(environment),
            Self::Feed(environment, person) => {
                return format!("{node} {} {person:x}", codec::environment(environment));
            }
            Self::Feeds => return format!("{node} all"),
        };
        format!("{node} {which}")
    }

    /// Where to tell that something is new in many people's feeds, and what to tell there: as few payloads as will do.
    pub(crate) fn feeds(node: i64, people: &BTreeSet<(Environment, u64)>) -> (&'static str, Vec<String>) {
        let mut payloads = Vec::new();
        for environment in Environment::ALL {
            let own: Vec<u64> = people
                .iter()
                .filter(|one| one.0 == environment)
                .map(|one| one.1)
                .collect();
            for some in own.chunks(PEOPLE) {
                let mut payload = format!("{node} {}", codec::environment(environment));
                for person in some {
                    // Writing into a text cannot fail.
                    let _written = write!(payload, " {person:x}");
                }
                payloads.push(payload);
            }
        }
        (FEEDS, payloads)
    }

    /// Reads what another node told: nothing for what is our own, or nothing we know.
    pub(crate) fn read(channel: &str, payload: &str, own: i64) -> Vec<Self> {
        let node = payload.split_once(' ').and_then(|(node, _)| node.parse::<i64>().ok());
        let Some(node) = node.filter(|node| *node != own) else {
            return Vec::new();
        };
        let simple = Self::ALL
            .into_iter()
            .find(|one| one.channel() == channel && one.payload(node) == payload);
        match simple {
            Some(one) => vec![one],
            None if channel == FEEDS => read_feeds(payload).unwrap_or_default(),
            None => Vec::new(),
        }
    }
}

/// Reads a payload that names people.
fn read_feeds(payload: &str) -> Option<Vec<Notification>> {
    let mut words = payload.split(' ').skip(1);
    let which: i16 = words.next()?.parse().ok()?;
    let environment = Environment::ALL
        .into_iter()
        .find(|one| codec::environment(*one) == which)?;
    let people = words.filter_map(|word| u64::from_str_radix(word, 16).ok());
    Some(people.map(|person| Notification::Feed(environment, person)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn others_are_heard_and_oneself_is_not() {
        for told in Notification::ALL {
            assert_eq!(Notification::read(told.channel(), &told.payload(7), 8), [told]);
            assert!(Notification::read(told.channel(), &told.payload(7), 7).is_empty());
            assert!(CHANNELS.contains(&told.channel()));
        }
    }

    #[test]
    fn many_people_are_told_of_at_once() {
        let people: BTreeSet<_> = (0..1000).map(|person| (Environment::Test, person)).collect();
        let (channel, payloads) = Notification::feeds(7, &people);
        assert_eq!(payloads.len(), 3);
        assert!(payloads.iter().all(|payload| payload.len() < 8000));
        let heard = payloads
            .iter()
            .flat_map(|payload| Notification::read(channel, payload, 8));
        let expected = people
            .iter()
            .map(|(environment, person)| Notification::Feed(*environment, *person));
        assert!(heard.eq(expected));
        let one = Notification::feed(Environment::Production, "ada");
        assert_eq!(Notification::read(one.channel(), &one.payload(7), 8), [one]);
    }

    #[test]
    fn nonsense_is_ignored() {
        for (channel, payload) in [
            (WORK, ""),
            (WORK, "7"),
            (WORK, "7 9"),
            (WORK, "x 1"),
            ("another", "7 1"),
            (FEEDS, "7 5 1"),
            (FEEDS, "7 x"),
        ] {
            assert!(Notification::read(channel, payload, 8).is_empty(), "{payload}");
        }
    }
}
