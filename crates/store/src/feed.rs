//! People's in-app feeds, and what happens to them.
//!
//! Each person has a sequence. An entry takes the next number when it arrives, and so does every change, so that whoever
//! has seen everything up to a number can ask for what came after. A number is visible to all as soon as it is taken:
//! whoever takes one holds the person's sequence until the write is done.

use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use tidings_types::{Environment, MessageId, Result, Timestamp};

use crate::{Act, Engagement, Lane, Page, PageRequest};

/// The channel of feeds, as messages' records name it.
const CHANNEL: &str = "inbox";
/// Who tells what was done through another channel.
const DEVICE: &str = "device";

/// An entry for a person's in-app feed, written with the step that sent it. A message is in a feed once: a further entry
/// of the same message is ignored.
#[derive(Clone, Debug, PartialEq)]
pub struct NewFeedEntry {
    /// Whose feed.
    pub user_id: String,
    /// On whose behalf.
    pub tenant_id: Option<String>,
    /// What it shows.
    pub content: tidings_types::rendered::Inbox,
    /// When it was sent.
    pub created: Timestamp,
    /// When it disappears.
    pub expires_at: Option<Timestamp>,
}

/// A stored entry of a person's feed.
#[derive(Clone, Debug, PartialEq)]
pub struct FeedEntry {
    /// Its number in this person's sequence, taken when it arrived.
    pub sequence: i64,
    /// The number of its latest change; when there was none, that of its arrival.
    pub changed: i64,
    /// The message.
    pub message_id: MessageId,
    /// The entry. Its tags are those it has now.
    pub entry: NewFeedEntry,
    /// Since when it counts as read.
    pub read: Option<Timestamp>,
    /// When it first came into view.
    pub opened: Option<Timestamp>,
    /// Since when it is put away.
    pub archived: Option<Timestamp>,
    /// When it, or something in it, was first clicked.
    pub clicked: Option<Timestamp>,
    /// The place it is pinned to.
    pub slot: Option<String>,
}

/// What can be done to an entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Mark {
    /// Counts as read.
    Read,
    /// No longer counts as read.
    Unread,
    /// Came into view.
    Opened,
    /// Is put away.
    Archived,
    /// Is taken out again.
    Unarchived,
    /// Was clicked.
    Clicked,
    /// Loses its place.
    Unpinned,
    /// Gets a tag.
    Tagged(String),
    /// Loses a tag.
    Untagged(String),
}

impl Mark {
    /// What other devices of the person hear of it; none for what they do not follow.
    pub const fn event(&self) -> Option<FeedEvent> {
        match self {
            Self::Read => Some(FeedEvent::Read),
            Self::Unread => Some(FeedEvent::Unread),
            Self::Opened => Some(FeedEvent::Opened),
            Self::Archived => Some(FeedEvent::Archived),
            Self::Unarchived => Some(FeedEvent::Unarchived),
            Self::Clicked => Some(FeedEvent::Clicked),
            Self::Unpinned => Some(FeedEvent::Unpinned),
            Self::Tagged(_) | Self::Untagged(_) => None,
        }
    }
}

impl Mark {
    /// What a person did with a message, as it shows in their feed; none for what does not.
    pub const fn of(act: &Act) -> Option<Self> {
        match act {
            Act::Read => Some(Self::Read),
            Act::Unread => Some(Self::Unread),
            Act::Opened => Some(Self::Opened),
            Act::Archived => Some(Self::Archived),
            Act::Unarchived => Some(Self::Unarchived),
            Act::Clicked => Some(Self::Clicked),
            _ => None,
        }
    }

    /// What it says of the message itself; none for what only concerns the feed.
    const fn act(&self) -> Option<Act> {
        match self {
            Self::Read => Some(Act::Read),
            Self::Unread => Some(Act::Unread),
            Self::Opened => Some(Act::Opened),
            Self::Archived => Some(Act::Archived),
            Self::Unarchived => Some(Act::Unarchived),
            Self::Clicked => Some(Act::Clicked),
            Self::Unpinned | Self::Tagged(_) | Self::Untagged(_) => None,
        }
    }
}

impl FeedEntry {
    /// Does something to the entry. False when it was so already.
    pub fn mark(&mut self, mark: &Mark, at: Timestamp) -> bool {
        match mark {
            Mark::Read => set(&mut self.read, at),
            Mark::Unread => self.read.take().is_some(),
            Mark::Opened => set(&mut self.opened, at),
            Mark::Archived => set(&mut self.archived, at),
            Mark::Unarchived => self.archived.take().is_some(),
            Mark::Clicked => set(&mut self.clicked, at),
            Mark::Unpinned => self.slot.take().is_some(),
            Mark::Tagged(tag) => {
                let tags = &mut self.entry.content.tags;
                let new = !tags.contains(tag);
                if new {
                    tags.push(tag.clone());
                }
                new
            }
            Mark::Untagged(tag) => {
                let tags = &mut self.entry.content.tags;
                let before = tags.len();
                tags.retain(|one| one != tag);
                tags.len() < before
            }
        }
    }
}

/// Sets a moment that is not set.
fn set(moment: &mut Option<Timestamp>, at: Timestamp) -> bool {
    let new = moment.is_none();
    moment.get_or_insert(at);
    new
}

/// What can be done to many entries at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BulkMark {
    /// All count as read, those put away too.
    AllRead,
    /// All came into view.
    AllOpened,
    /// All that are read are put away.
    ReadArchived,
    /// All are put away.
    AllArchived,
}

impl BulkMark {
    /// What other devices of the person hear of it; none for what they do not follow.
    pub const fn event(self) -> Option<FeedEvent> {
        match self {
            Self::AllRead => Some(FeedEvent::AllRead),
            Self::AllOpened => None,
            Self::ReadArchived => Some(FeedEvent::ReadArchived),
            Self::AllArchived => Some(FeedEvent::AllArchived),
        }
    }
}

/// Something done to an entry.
#[derive(Clone, Debug)]
pub struct Marking {
    /// The environment.
    pub environment: Environment,
    /// Whose feed.
    pub user_id: String,
    /// The message.
    pub message_id: MessageId,
    /// What is done.
    pub mark: Mark,
    /// When.
    pub at: Timestamp,
    /// The client that did it, which need not hear of it.
    pub source: Option<String>,
    /// Through which other channel the person did it, as in [`Engagement::via`]: a device that reports what became of a
    /// push. None for the feed itself.
    pub via: Option<String>,
}

impl Marking {
    /// What is told of the message, if anything.
    pub fn engagement(&self) -> Option<Engagement> {
        let act = self.mark.act()?;
        let (via, source) = match &self.via {
            Some(via) => (via.as_str(), DEVICE),
            None => (CHANNEL, CHANNEL),
        };
        Some(Engagement::new(self.environment, self.message_id.clone(), act, self.at, source).via(via))
    }
}

/// What became of a [`Marking`].
#[derive(Clone, Debug, PartialEq)]
pub enum Marked {
    /// There is no such entry in the feed.
    Unknown,
    /// It was so already.
    Unchanged(FeedEntry),
    /// It is so now.
    Changed {
        /// The entry.
        entry: FeedEntry,
        /// The lane of work that waited for this and is due now.
        woken: Option<Lane>,
    },
}

/// Something done to many entries: those of the tenant that the source follows (see [`Feeds::follow`]), or of all
/// tenants when the source follows none or is not known.
#[derive(Clone, Debug)]
pub struct BulkMarking {
    /// The environment.
    pub environment: Environment,
    /// Whose feed.
    pub user_id: String,
    /// What is done.
    pub mark: BulkMark,
    /// When.
    pub at: Timestamp,
    /// The client that did it, which need not hear of it.
    pub source: Option<String>,
}

impl BulkMarking {
    /// What is told of the messages that change.
    pub fn engagements(&self, messages: &[MessageId]) -> Vec<Engagement> {
        let act = match self.mark {
            BulkMark::AllRead => Act::Read,
            BulkMark::AllOpened => Act::Opened,
            BulkMark::ReadArchived | BulkMark::AllArchived => Act::Archived,
        };
        let told = |id: &MessageId| Engagement::new(self.environment, id.clone(), act.clone(), self.at, CHANNEL);
        messages.iter().map(|id| told(id).via(CHANNEL)).collect()
    }
}

/// What became of a [`BulkMarking`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BulkMarked {
    /// The messages that changed, by id.
    pub messages: Vec<MessageId>,
    /// The lanes of work that waited for this and is due now.
    pub woken: Vec<Lane>,
}

/// Which entries are meant: those that fit all of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FeedFilter {
    /// Of this tenant; none for those without a tenant.
    pub tenant_id: Option<String>,
    /// Put away, or not.
    pub archived: bool,
    /// Read, or not.
    pub read: Option<bool>,
    /// Pinned, or not.
    pub pinned: Option<bool>,
    /// With any of these tags; empty for all.
    pub tags: Vec<String>,
    /// Sent at this moment or later.
    pub from: Option<Timestamp>,
}

/// What happened to a feed, as devices follow it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FeedEvent {
    /// An entry counts as read.
    Read,
    /// It no longer does.
    Unread,
    /// It came into view.
    Opened,
    /// It was put away.
    Archived,
    /// It was taken out again.
    Unarchived,
    /// It was clicked.
    Clicked,
    /// It lost its place.
    Unpinned,
    /// All count as read.
    AllRead,
    /// All that are read were put away.
    ReadArchived,
    /// All were put away.
    AllArchived,
}

impl FeedEvent {
    const NAMES: [(Self, &'static str); 10] = [
        (Self::Read, "read"),
        (Self::Unread, "unread"),
        (Self::Opened, "opened"),
        (Self::Archived, "archived"),
        (Self::Unarchived, "unarchived"),
        (Self::Clicked, "clicked"),
        (Self::Unpinned, "unpinned"),
        (Self::AllRead, "all_read"),
        (Self::ReadArchived, "read_archived"),
        (Self::AllArchived, "all_archived"),
    ];

    /// The name in a store.
    pub fn as_str(self) -> &'static str {
        Self::NAMES
            .iter()
            .find(|(one, _)| *one == self)
            .map_or("", |(_, name)| name)
    }

    /// Reads what [`Self::as_str`] writes.
    pub fn parse(text: &str) -> Option<Self> {
        Self::NAMES.iter().find(|(_, name)| *name == text).map(|(one, _)| *one)
    }
}

/// A change of a feed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FeedChange {
    /// Its number in the person's sequence.
    pub sequence: i64,
    /// What happened.
    pub event: FeedEvent,
    /// The tenant of the messages it happened to; none for those without. What is done to messages of several tenants at
    /// once is a change for each.
    pub tenant_id: Option<String>,
    /// The messages it happened to, at least one.
    pub messages: Vec<MessageId>,
    /// The client that did it.
    pub source: Option<String>,
}

/// Something new in a feed.
#[derive(Clone, Debug, PartialEq)]
#[expect(
    clippy::large_enum_variant,
    reason = "most news are arrivals, and they are handed on at once"
)]
pub enum FeedNews {
    /// An entry arrived.
    Arrived(FeedEntry),
    /// Something happened.
    Changed(FeedChange),
}

impl FeedNews {
    /// Its number in the person's sequence.
    pub const fn sequence(&self) -> i64 {
        match self {
            Self::Arrived(entry) => entry.sequence,
            Self::Changed(change) => change.sequence,
        }
    }
}

/// How much of a feed someone has seen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FeedPosition {
    /// The environment.
    pub environment: Environment,
    /// Whose feed.
    pub user_id: String,
    /// Everything up to this number.
    pub after: i64,
}

/// What is new in a feed.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct News {
    /// In the order of the sequence.
    pub items: Vec<FeedNews>,
    /// The items are all there is up to this number. Ask again from here.
    pub through: i64,
    /// Whether there is more behind it.
    pub more: bool,
}

impl News {
    /// Puts together what was read: the number at which the feed ended before anything was read, and arrivals and changes
    /// in their order, each read with a limit.
    pub fn merge(end: i64, limit: u32, arrived: Vec<FeedEntry>, changes: Vec<FeedChange>) -> Self {
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        let full = |length: usize, last: Option<i64>| last.filter(|_| length >= limit);
        let arrived_to = full(arrived.len(), arrived.last().map(|one| one.sequence));
        let changed_to = full(changes.len(), changes.last().map(|one| one.sequence));
        let through = [arrived_to, changed_to].into_iter().flatten().fold(end, i64::min);
        let mut items: Vec<FeedNews> = arrived
            .into_iter()
            .map(FeedNews::Arrived)
            .chain(changes.into_iter().map(FeedNews::Changed))
            .filter(|one| one.sequence() <= through)
            .collect();
        items.sort_by_key(FeedNews::sequence);
        Self {
            items,
            through,
            more: through < end,
        }
    }
}

/// A client that begins to follow a feed.
#[derive(Clone, Debug)]
pub struct Followed {
    /// The environment.
    pub environment: Environment,
    /// Whose feed.
    pub user_id: String,
    /// What the client calls itself.
    pub source: Option<String>,
    /// The tenant it shows.
    pub tenant_id: Option<String>,
    /// When.
    pub at: Timestamp,
}

/// People's in-app feeds. What has expired is not there.
#[async_trait]
pub trait Feeds: Send + Sync + 'static {
    /// Entries, newest first.
    ///
    /// # Errors
    /// `Invalid` when the page's cursor is none of ours.
    async fn feed(
        &self,
        environment: Environment,
        user: &str,
        filter: FeedFilter,
        now: Timestamp,
        page: PageRequest,
    ) -> Result<Page<FeedEntry>>;

    /// How many entries there are.
    async fn feed_count(&self, environment: Environment, user: &str, filter: FeedFilter, now: Timestamp)
    -> Result<u64>;

    /// One entry.
    async fn feed_entry(
        &self,
        environment: Environment,
        user: &str,
        message: &MessageId,
        now: Timestamp,
    ) -> Result<Option<FeedEntry>>;

    /// Does something to entries of one person's feed, notes it for those who follow the feed, and tells it of the
    /// messages: all in one transaction. What became of each, in their order.
    async fn mark_each(&self, markings: Vec<Marking>) -> Result<Vec<Marked>>;

    /// Does something to one entry.
    async fn mark(&self, marking: Marking) -> Result<Marked> {
        let marked = self.mark_each(vec![marking]).await?.pop();
        Ok(marked.unwrap_or(Marked::Unknown))
    }

    /// Does something to many entries, in the same way.
    async fn mark_all(&self, marking: BulkMarking) -> Result<BulkMarked>;

    /// Begins to follow a feed: returns the number at which it ends now, and remembers which tenant the source shows, when
    /// it shows one.
    async fn follow(&self, followed: Followed) -> Result<i64>;

    /// What is new since a position, for each of many, in their order; at most `limit` arrivals and as many changes each.
    async fn news(&self, positions: Vec<FeedPosition>, now: Timestamp, limit: u32) -> Result<Vec<News>>;

    /// Forgets changes noted before a moment, which those who follow have long heard of, and what sources show that began
    /// to follow before another. Returns how many changes went.
    async fn prune_feed(&self, changes_before: Timestamp, sources_before: Timestamp) -> Result<u64>;
}
