//! A feed against a simple model of it in memory.

use tidings_types::random::FixedRandom;
use tidings_types::{MessageId, Random, Timestamp};

use super::feed::{arrive, bulk, marking};
use super::fixtures::{HERE, NOW, first};
use crate::{BulkMark, BulkMarking, FeedEntry, FeedFilter, FeedNews, FeedPosition, Mark, Marked, Marking, Store};

/// How many operations a run has.
const STEPS: u32 = 250;

/// All that a feed is: its entries, what was told, and the number taken last.
#[derive(Default)]
struct Model {
    entries: Vec<FeedEntry>,
    told: Vec<(i64, String)>,
    end: i64,
}

/// A repeatable source of choices.
struct Dice(FixedRandom);

impl Dice {
    fn below(&self, limit: u64) -> u64 {
        let mut bytes = [0; 8];
        self.0.fill(&mut bytes);
        u64::from_le_bytes(bytes) % limit
    }

    fn maybe(&self) -> Option<bool> {
        [None, Some(true), Some(false)][usize::try_from(self.below(3)).unwrap()]
    }

    fn tag(&self) -> String {
        format!("t{}", self.below(3))
    }

    fn tenant(&self) -> Option<String> {
        (self.below(3) == 0).then(|| "acme".to_owned())
    }

    fn mark(&self) -> Mark {
        match self.below(9) {
            0 => Mark::Unread,
            1 => Mark::Opened,
            2 => Mark::Archived,
            3 => Mark::Unarchived,
            4 => Mark::Clicked,
            5 => Mark::Unpinned,
            6 => Mark::Tagged(self.tag()),
            7 => Mark::Untagged(self.tag()),
            _ => Mark::Read,
        }
    }
}

impl Model {
    fn lives(entry: &FeedEntry, now: Timestamp) -> bool {
        entry.entry.expires_at.is_none_or(|end| end > now)
    }

    fn fits(filter: &FeedFilter, entry: &FeedEntry) -> bool {
        entry.entry.tenant_id == filter.tenant_id
            && entry.archived.is_some() == filter.archived
            && filter.read.is_none_or(|read| read == entry.read.is_some())
            && filter.pinned.is_none_or(|pinned| pinned == entry.slot.is_some())
            && filter.from.is_none_or(|from| entry.entry.created >= from)
            && (filter.tags.is_empty() || entry.entry.content.tags.iter().any(|tag| filter.tags.contains(tag)))
    }

    fn list(&self, filter: &FeedFilter, now: Timestamp) -> Vec<FeedEntry> {
        let fitting = |entry: &&FeedEntry| Self::lives(entry, now) && Self::fits(filter, entry);
        let mut list: Vec<_> = self.entries.iter().filter(fitting).cloned().collect();
        list.sort_by_key(|entry| std::cmp::Reverse((entry.entry.created, entry.sequence)));
        list
    }

    fn mark(&mut self, marking: &Marking) -> &'static str {
        let found = self
            .entries
            .iter_mut()
            .find(|entry| entry.message_id == marking.message_id);
        let Some(entry) = found.filter(|entry| Self::lives(entry, marking.at)) else {
            return "unknown";
        };
        if !entry.mark(&marking.mark, marking.at) {
            return "unchanged";
        }
        self.end += 1;
        entry.changed = self.end;
        if let Some(event) = marking.mark.event() {
            self.told
                .push((self.end, format!("{} {}", event.as_str(), entry.message_id)));
        }
        "changed"
    }

    /// A change for each tenant that has something to change.
    fn mark_all(&mut self, marking: &BulkMarking) -> usize {
        let mut tenants: Vec<Option<String>> = self.entries.iter().map(|one| one.entry.tenant_id.clone()).collect();
        tenants.sort();
        tenants.dedup();
        tenants
            .iter()
            .map(|tenant| self.mark_tenant(marking, tenant.as_deref()))
            .sum()
    }

    fn mark_tenant(&mut self, marking: &BulkMarking, tenant: Option<&str>) -> usize {
        let next = self.end + 1;
        let mut changed = Vec::new();
        for entry in self
            .entries
            .iter_mut()
            .filter(|one| one.entry.tenant_id.as_deref() == tenant)
        {
            let mark = match marking.mark {
                BulkMark::AllRead => Mark::Read,
                BulkMark::AllOpened => Mark::Opened,
                BulkMark::AllArchived => Mark::Archived,
                BulkMark::ReadArchived if entry.read.is_some() => Mark::Archived,
                BulkMark::ReadArchived => continue,
            };
            if Self::lives(entry, marking.at) && entry.mark(&mark, marking.at) {
                entry.changed = next;
                changed.push(entry.message_id.as_str().to_owned());
            }
        }
        if !changed.is_empty() {
            self.end = next;
            changed.sort();
            if let Some(event) = marking.mark.event() {
                self.told
                    .push((next, format!("{} {}", event.as_str(), changed.join(","))));
            }
        }
        changed.len()
    }
}

pub async fn a_feed_does_what_a_simple_model_does(store: &dyn Store) {
    let dice = Dice(FixedRandom::new(20_261_126));
    let (mut model, mut now) = (Model::default(), NOW);
    for number in 0..STEPS {
        match dice.below(10) {
            0..3 => arrival(store, &mut model, &dice, &format!("m{number}"), now).await,
            3..8 => {
                let id = format!("m{}", dice.below(u64::from(number) + 1));
                let marking = Marking {
                    at: now,
                    ..marking(&id, dice.mark())
                };
                let expected = model.mark(&marking);
                let made = match store.mark(marking).await.unwrap() {
                    Marked::Unknown => "unknown",
                    Marked::Unchanged(_) => "unchanged",
                    Marked::Changed { .. } => "changed",
                };
                assert_eq!(made, expected, "step {number}");
            }
            8 => {
                let marks = [
                    BulkMark::AllRead,
                    BulkMark::AllOpened,
                    BulkMark::ReadArchived,
                    BulkMark::AllArchived,
                ];
                let mark = marks[usize::try_from(dice.below(4)).unwrap()];
                let marking = BulkMarking {
                    at: now,
                    ..bulk(mark, None)
                };
                let expected = model.mark_all(&marking);
                assert_eq!(
                    store.mark_all(marking).await.unwrap().messages.len(),
                    expected,
                    "step {number}"
                );
            }
            _ => now = now.plus(dice.below(10)),
        }
        look(store, &model, &dice, now).await;
    }
    assert!(model.entries.len() > 40, "there was something to look at");
}

async fn arrival(store: &dyn Store, model: &mut Model, dice: &Dice, id: &str, now: Timestamp) {
    let (tenant_id, tags) = (
        dice.tenant(),
        (0..dice.below(3)).map(|_| dice.tag()).collect::<Vec<_>>(),
    );
    let (slot, life) = ((dice.below(4) == 0).then(|| "top".to_owned()), dice.below(60));
    let mut arrived = None;
    arrive(store, "ada", id, |entry| {
        entry.tenant_id = tenant_id;
        // Once each: a tag given twice counts once.
        entry.content.tags = tags.into_iter().fold(Vec::new(), |mut once, tag| {
            if !once.contains(&tag) {
                once.push(tag);
            }
            once
        });
        entry.content.slot = slot;
        entry.created = now;
        entry.expires_at = (life < 20).then(|| now.plus(life));
        arrived = Some(entry.clone());
    })
    .await;
    let entry = arrived.unwrap();
    model.end += 1;
    model.entries.push(FeedEntry {
        sequence: model.end,
        changed: model.end,
        message_id: MessageId::from(id),
        slot: entry.content.slot.clone(),
        entry,
        read: None,
        opened: None,
        archived: None,
        clicked: None,
    });
}

async fn look(store: &dyn Store, model: &Model, dice: &Dice, now: Timestamp) {
    let filter = FeedFilter {
        tenant_id: dice.tenant(),
        archived: dice.below(3) == 0,
        read: dice.maybe(),
        pinned: dice.maybe(),
        tags: (0..dice.below(3)).map(|_| dice.tag()).collect(),
        from: (dice.below(3) == 0).then(|| NOW.plus(dice.below(100))),
    };
    let expected = model.list(&filter, now);
    let page = store.feed(HERE, "ada", filter.clone(), now, first(1000)).await.unwrap();
    assert_eq!(page.items, expected, "{filter:?}");
    let count = store.feed_count(HERE, "ada", filter.clone(), now).await.unwrap();
    assert_eq!(count, u64::try_from(expected.len()).unwrap(), "{filter:?}");

    let after = i64::try_from(dice.below(u64::try_from(model.end).unwrap() + 1)).unwrap();
    let position = FeedPosition {
        environment: HERE,
        user_id: "ada".to_owned(),
        after,
    };
    let news = store.news(vec![position], now, 10_000).await.unwrap().remove(0);
    let told: Vec<_> = news.items.iter().map(in_words).collect();
    let arrivals = model.entries.iter().filter(|entry| Model::lives(entry, now));
    let mut expected: Vec<_> = arrivals
        .map(|entry| (entry.sequence, entry.message_id.to_string()))
        .collect();
    expected.extend(model.told.iter().cloned());
    expected.retain(|(sequence, _)| *sequence > after);
    expected.sort();
    assert_eq!(told, expected);
    assert_eq!((news.through, news.more), (model.end, false));
}

fn in_words(news: &FeedNews) -> (i64, String) {
    match news {
        FeedNews::Arrived(entry) => (entry.sequence, entry.message_id.to_string()),
        FeedNews::Changed(change) => {
            let messages: Vec<&str> = change.messages.iter().map(MessageId::as_str).collect();
            (
                change.sequence,
                format!("{} {}", change.event.as_str(), messages.join(",")),
            )
        }
    }
}
