//! People's in-app feeds.

use tidings_types::rendered::Inbox;
use tidings_types::{MessageId, Status, Timestamp};

use super::fixtures::{HERE, NOW, THERE, claim_new, finish, first, step};
use crate::{
    BulkMark, BulkMarking, FeedEvent, FeedFilter, FeedNews, FeedPosition, Followed, Lane, Mark, Marked, Marking,
    NewFeedEntry, Next, PageRequest, Store,
};

/// An entry as most tests need it.
pub(super) fn entry(user: &str, title: &str) -> NewFeedEntry {
    NewFeedEntry {
        user_id: user.to_owned(),
        tenant_id: None,
        content: Inbox {
            title: title.to_owned(),
            ..Inbox::default()
        },
        created: NOW,
        expires_at: None,
    }
}

/// Sends a message to one person's feed, changed to taste. Its id is its title.
pub(super) async fn arrive(store: &dyn Store, user: &str, id: &str, change: impl FnOnce(&mut NewFeedEntry)) {
    let mut new = entry(user, id);
    change(&mut new);
    finish(store, id, |record| record.feed = vec![new]).await;
}

/// Something done to a message of ada's.
pub(super) fn marking(id: &str, mark: Mark) -> Marking {
    Marking {
        environment: HERE,
        user_id: "ada".to_owned(),
        message_id: MessageId::from(id),
        mark,
        at: NOW.plus(5),
        source: Some("phone".to_owned()),
        via: None,
    }
}

/// Something done to all of ada's messages.
pub(super) fn bulk(mark: BulkMark, source: Option<&str>) -> BulkMarking {
    BulkMarking {
        environment: HERE,
        user_id: "ada".to_owned(),
        mark,
        at: NOW.plus(7),
        source: source.map(str::to_owned),
    }
}

async fn ids(store: &dyn Store, user: &str, filter: FeedFilter, now: Timestamp) -> Vec<String> {
    let count = store.feed_count(HERE, user, filter.clone(), now).await.unwrap();
    let page = store.feed(HERE, user, filter, now, first(100)).await.unwrap();
    assert_eq!(count, u64::try_from(page.items.len()).unwrap(), "count and list agree");
    page.items.into_iter().map(|one| one.message_id.into_string()).collect()
}

/// What is new for ada since a number, in words.
async fn news(store: &dyn Store, after: i64) -> Vec<String> {
    let position = FeedPosition {
        environment: HERE,
        user_id: "ada".to_owned(),
        after,
    };
    let news = store.news(vec![position], NOW, 100).await.unwrap().remove(0);
    assert!(!news.more);
    news.items
        .iter()
        .map(|one| match one {
            FeedNews::Arrived(entry) => format!("{} {}", entry.sequence, entry.message_id),
            FeedNews::Changed(change) => {
                let messages: Vec<&str> = change.messages.iter().map(MessageId::as_str).collect();
                format!("{} {} {}", change.sequence, change.event.as_str(), messages.join(","))
            }
        })
        .collect()
}

pub async fn each_person_has_a_sequence(store: &dyn Store) {
    finish(store, "m1", |record| {
        record.feed = vec![entry("ada", "a1"), entry("grace", "g1")];
    })
    .await;
    arrive(store, "ada", "m2", |_| {}).await;
    let page = store
        .feed(HERE, "ada", FeedFilter::default(), NOW, first(9))
        .await
        .unwrap();
    let found: Vec<_> = page
        .items
        .iter()
        .map(|one| (one.sequence, one.message_id.as_str()))
        .collect();
    assert_eq!(found, [(2, "m2"), (1, "m1")], "newest first");
    assert_eq!(ids(store, "grace", FeedFilter::default(), NOW).await, ["m1"]);
    let elsewhere = store.feed(THERE, "ada", FeedFilter::default(), NOW, first(9)).await;
    assert!(elsewhere.unwrap().items.is_empty());
}

pub async fn a_message_is_in_a_feed_once(store: &dyn Store) {
    finish(store, "m1", |record| {
        record.feed = vec![entry("ada", "first"), entry("ada", "again")];
    })
    .await;
    assert_eq!(ids(store, "ada", FeedFilter::default(), NOW).await, ["m1"]);
    let message = MessageId::from("m1");
    let found = store.feed_entry(HERE, "ada", &message, NOW).await.unwrap().unwrap();
    assert_eq!(found.entry.content.title, "first");
    assert_eq!(store.feed_entry(HERE, "grace", &message, NOW).await.unwrap(), None);
}

pub async fn a_feed_is_paged_and_hides_what_has_expired(store: &dyn Store) {
    for number in 1..=5 {
        arrive(store, "ada", &format!("m{number}"), |entry| {
            entry.created = NOW.plus(number / 2);
            entry.expires_at = (number == 3).then(|| NOW.plus(10));
        })
        .await;
    }
    let all = FeedFilter::default();
    assert_eq!(ids(store, "ada", all.clone(), NOW.plus(9)).await.len(), 5);
    assert_eq!(
        ids(store, "ada", all.clone(), NOW.plus(10)).await.len(),
        4,
        "it ends at its moment"
    );
    let gone = store
        .feed_entry(HERE, "ada", &MessageId::from("m3"), NOW.plus(10))
        .await;
    assert_eq!(gone.unwrap(), None);

    let mut seen = Vec::new();
    let mut request = PageRequest { after: None, limit: 2 };
    loop {
        let page = store
            .feed(HERE, "ada", all.clone(), NOW.plus(10), request.clone())
            .await
            .unwrap();
        seen.extend(page.items.into_iter().map(|one| one.message_id.into_string()));
        let Some(next) = page.next else { break };
        request.after = Some(next);
        arrive(store, "ada", &format!("late{}", seen.len()), |entry| {
            entry.created = NOW.plus(9);
        })
        .await;
    }
    assert_eq!(
        seen,
        ["m5", "m4", "m2", "m1"],
        "what arrives meanwhile neither shows nor shifts"
    );
}

#[expect(clippy::too_many_lines, reason = "one row for each filter")]
pub async fn filters_of_a_feed_narrow_together(store: &dyn Store) {
    arrive(store, "ada", "plain", |_| {}).await;
    arrive(store, "ada", "tagged", |entry| {
        entry.content.tags = vec!["a".to_owned(), "b".to_owned()];
        entry.created = NOW.plus(1);
    })
    .await;
    arrive(store, "ada", "acme", |entry| entry.tenant_id = Some("acme".to_owned())).await;
    arrive(store, "ada", "pinned", |entry| {
        entry.content.slot = Some("top".to_owned());
    })
    .await;
    store.mark(marking("plain", Mark::Read)).await.unwrap();
    store.mark(marking("pinned", Mark::Archived)).await.unwrap();

    let all = FeedFilter::default;
    assert_eq!(ids(store, "ada", all(), NOW).await, ["tagged", "plain"]);
    for (filter, expected) in [
        (
            FeedFilter {
                tenant_id: Some("acme".to_owned()),
                ..all()
            },
            vec!["acme"],
        ),
        (
            FeedFilter {
                tenant_id: Some("other".to_owned()),
                ..all()
            },
            vec![],
        ),
        (
            FeedFilter {
                archived: true,
                ..all()
            },
            vec!["pinned"],
        ),
        (
            FeedFilter {
                archived: true,
                pinned: Some(false),
                ..all()
            },
            vec![],
        ),
        (
            FeedFilter {
                pinned: Some(false),
                ..all()
            },
            vec!["tagged", "plain"],
        ),
        (
            FeedFilter {
                read: Some(true),
                ..all()
            },
            vec!["plain"],
        ),
        (
            FeedFilter {
                read: Some(false),
                ..all()
            },
            vec!["tagged"],
        ),
        (
            FeedFilter {
                tags: vec!["b".to_owned(), "c".to_owned()],
                ..all()
            },
            vec!["tagged"],
        ),
        (
            FeedFilter {
                tags: vec!["c".to_owned()],
                ..all()
            },
            vec![],
        ),
        (
            FeedFilter {
                tags: vec!["a".to_owned()],
                read: Some(true),
                ..all()
            },
            vec![],
        ),
        (
            FeedFilter {
                from: Some(NOW.plus(1)),
                ..all()
            },
            vec!["tagged"],
        ),
        (
            FeedFilter {
                from: Some(NOW.plus(2)),
                ..all()
            },
            vec![],
        ),
    ] {
        assert_eq!(ids(store, "ada", filter.clone(), NOW).await, expected, "{filter:?}");
    }
}

pub async fn marks_are_made_once_and_told(store: &dyn Store) {
    arrive(store, "ada", "m1", |entry| entry.content.slot = Some("top".to_owned())).await;
    for (mark, event) in [
        (Mark::Read, "read"),
        (Mark::Unread, "unread"),
        (Mark::Opened, "opened"),
        (Mark::Archived, "archived"),
        (Mark::Unarchived, "unarchived"),
        (Mark::Clicked, "clicked"),
        (Mark::Unpinned, "unpinned"),
    ] {
        let marked = store.mark(marking("m1", mark.clone())).await.unwrap();
        let Marked::Changed { entry, .. } = marked else {
            panic!("{event}: {marked:?}")
        };
        let told = news(store, entry.changed - 1).await;
        assert_eq!(told, [format!("{} {event} m1", entry.changed)]);
        let again = store.mark(marking("m1", mark)).await.unwrap();
        assert_eq!(again, Marked::Unchanged(entry.clone()), "{event}");
        assert!(news(store, entry.changed).await.is_empty(), "{event}");
        let message = MessageId::from("m1");
        assert_eq!(store.feed_entry(HERE, "ada", &message, NOW).await.unwrap(), Some(entry));
    }
    assert_eq!(store.mark(marking("m2", Mark::Read)).await.unwrap(), Marked::Unknown);
    let others = Marking {
        user_id: "grace".to_owned(),
        ..marking("m1", Mark::Read)
    };
    assert_eq!(
        store.mark(others).await.unwrap(),
        Marked::Unknown,
        "a message of someone else"
    );
    let expired = Marking {
        at: NOW.plus(99),
        ..marking("late", Mark::Read)
    };
    arrive(store, "ada", "late", |entry| entry.expires_at = Some(NOW.plus(50))).await;
    assert_eq!(store.mark(expired).await.unwrap(), Marked::Unknown);
}

pub async fn tags_come_and_go_untold(store: &dyn Store) {
    arrive(store, "ada", "m1", |entry| entry.content.tags = vec!["a".to_owned()]).await;
    let tag = |tag: &str| FeedFilter {
        tags: vec![tag.to_owned()],
        ..FeedFilter::default()
    };
    assert!(matches!(
        store.mark(marking("m1", Mark::Tagged("b".to_owned()))).await.unwrap(),
        Marked::Changed { .. }
    ));
    assert!(matches!(
        store.mark(marking("m1", Mark::Tagged("b".to_owned()))).await.unwrap(),
        Marked::Unchanged(_)
    ));
    assert_eq!(ids(store, "ada", tag("b"), NOW).await, ["m1"]);
    assert!(matches!(
        store.mark(marking("m1", Mark::Untagged("a".to_owned()))).await.unwrap(),
        Marked::Changed { .. }
    ));
    assert!(matches!(
        store.mark(marking("m1", Mark::Untagged("a".to_owned()))).await.unwrap(),
        Marked::Unchanged(_)
    ));
    assert!(ids(store, "ada", tag("a"), NOW).await.is_empty());
    assert_eq!(news(store, 0).await, ["1 m1"]);
    let found = store
        .feed_entry(HERE, "ada", &MessageId::from("m1"), NOW)
        .await
        .unwrap()
        .unwrap();
    assert_eq!((found.entry.content.tags, found.changed), (vec!["b".to_owned()], 3));
}

pub async fn many_are_marked_at_once(store: &dyn Store) {
    for id in ["m1", "m2", "m3", "m4"] {
        arrive(store, "ada", id, |entry| {
            entry.tenant_id = (id == "m3").then(|| "acme".to_owned());
            entry.expires_at = (id == "m4").then(|| NOW.plus(1));
        })
        .await;
    }
    arrive(store, "grace", "g1", |_| {}).await;
    store.mark(marking("m2", Mark::Archived)).await.unwrap();
    let changed = |ids: &[&str]| ids.iter().map(|id| MessageId::from(*id)).collect::<Vec<_>>();
    assert_eq!(
        store.mark_all(bulk(BulkMark::AllRead, None)).await.unwrap().messages,
        changed(&["m1", "m2", "m3"])
    );
    assert!(
        store
            .mark_all(bulk(BulkMark::AllRead, None))
            .await
            .unwrap()
            .messages
            .is_empty(),
        "they are read already"
    );
    assert_eq!(
        store
            .mark_all(bulk(BulkMark::AllOpened, None))
            .await
            .unwrap()
            .messages
            .len(),
        3
    );
    store.mark(marking("m1", Mark::Unread)).await.unwrap();
    assert_eq!(
        store
            .mark_all(bulk(BulkMark::ReadArchived, None))
            .await
            .unwrap()
            .messages,
        changed(&["m3"])
    );
    assert_eq!(
        store
            .mark_all(bulk(BulkMark::AllArchived, None))
            .await
            .unwrap()
            .messages,
        changed(&["m1"])
    );
    assert_eq!(
        news(store, 4).await,
        [
            "5 archived m2",
            "6 all_read m1,m2",
            "7 all_read m3",
            "10 unread m1",
            "11 read_archived m3",
            "12 all_archived m1"
        ]
    );
    let unread = FeedFilter {
        read: Some(false),
        ..FeedFilter::default()
    };
    assert_eq!(
        store.feed_count(HERE, "grace", unread, NOW).await.unwrap(),
        1,
        "others are left alone"
    );
}

pub async fn many_are_marked_for_the_tenant_that_is_shown(store: &dyn Store) {
    arrive(store, "ada", "m1", |_| {}).await;
    arrive(store, "ada", "m2", |entry| entry.tenant_id = Some("acme".to_owned())).await;
    let followed = |source: &str, tenant: Option<&str>| Followed {
        environment: HERE,
        user_id: "ada".to_owned(),
        source: Some(source.to_owned()),
        tenant_id: tenant.map(str::to_owned),
        at: NOW,
    };
    assert_eq!(
        store.follow(followed("at-acme", Some("acme"))).await.unwrap(),
        2,
        "where the feed ends"
    );
    assert_eq!(store.follow(followed("anywhere", None)).await.unwrap(), 2);
    let marked = store
        .mark_all(bulk(BulkMark::AllRead, Some("at-acme")))
        .await
        .unwrap()
        .messages;
    assert_eq!(marked, [MessageId::from("m2")]);
    let position = FeedPosition {
        environment: HERE,
        user_id: "ada".to_owned(),
        after: 2,
    };
    let told = store.news(vec![position], NOW, 9).await.unwrap().remove(0).items;
    let [FeedNews::Changed(change)] = told.as_slice() else {
        panic!("{told:?}")
    };
    assert_eq!(
        (change.event, change.tenant_id.as_deref()),
        (FeedEvent::AllRead, Some("acme"))
    );
    assert_eq!(change.source.as_deref(), Some("at-acme"));
    let marked = store
        .mark_all(bulk(BulkMark::AllRead, Some("anywhere")))
        .await
        .unwrap()
        .messages;
    assert_eq!(marked, [MessageId::from("m1")]);
}

pub async fn news_is_read_piece_by_piece(store: &dyn Store) {
    for number in 0..7 {
        arrive(store, "ada", &format!("m{number}"), |_| {}).await;
        store.mark(marking(&format!("m{number}"), Mark::Read)).await.unwrap();
    }
    arrive(store, "grace", "g", |_| {}).await;
    let position = |user: &str, after| FeedPosition {
        environment: HERE,
        user_id: user.to_owned(),
        after,
    };
    let (mut after, mut seen) = (0, Vec::new());
    loop {
        let asked = vec![
            position("nobody", 0),
            position("ada", after),
            position("grace", 1),
            position("grace", 0),
        ];
        let news = store.news(asked, NOW, 2).await.unwrap();
        assert_eq!((news[0].through, news[2].through, news[3].items.len()), (0, 1, 1));
        assert!(news[1].through > after, "it goes on");
        after = news[1].through;
        seen.extend(news[1].items.iter().map(FeedNews::sequence));
        if !news[1].more {
            break;
        }
    }
    assert_eq!(seen, (1..=14).collect::<Vec<_>>());
    assert_eq!(store.prune_feed(NOW.plus(5), NOW).await.unwrap(), 0);
    assert_eq!(store.prune_feed(NOW.plus(6), NOW).await.unwrap(), 7);
    assert_eq!(news(store, 12).await, ["13 m6"]);
}

pub async fn marks_are_told_of_the_message_too(store: &dyn Store) {
    let work = claim_new(store, "m1").await;
    let mut record = step(&work, Status::Sent, Next::At(NOW.plus(9000)));
    record.feed = vec![entry("ada", "m1")];
    assert!(store.record(record).await.unwrap());
    let marked = store.mark(marking("m1", Mark::Opened)).await.unwrap();
    let Marked::Changed { woken, .. } = marked else {
        panic!("{marked:?}")
    };
    assert_eq!(woken, Some(Lane::Normal), "it waited to escalate");
    let message = MessageId::from("m1");
    let status = || async { store.message(HERE, &message).await.unwrap().unwrap().status };
    assert_eq!(status().await, Status::Opened);
    let history = store.history(HERE, &message).await.unwrap();
    store.mark(marking("m1", Mark::Opened)).await.unwrap();
    assert_eq!(store.history(HERE, &message).await.unwrap(), history, "once");
    store.mark(marking("m1", Mark::Clicked)).await.unwrap();
    assert_eq!(status().await, Status::Clicked);

    let work = claim_new(store, "m2").await;
    let mut record = step(&work, Status::Sent, Next::At(NOW.plus(9000)));
    record.feed = vec![entry("ada", "m2")];
    assert!(store.record(record).await.unwrap());
    let marked = store.mark_all(bulk(BulkMark::AllRead, None)).await.unwrap();
    assert_eq!(
        (marked.messages.len(), marked.woken.as_slice()),
        (2, [Lane::Normal].as_slice())
    );
}

pub async fn marks_are_made_together(store: &dyn Store) {
    for id in ["a", "b"] {
        arrive(store, "ada", id, |_| {}).await;
    }
    let wanted = ["a", "b", "unknown", "a"].map(|id| marking(id, Mark::Opened));
    let marked = store.mark_each(wanted.to_vec()).await.unwrap();
    assert!(
        matches!(
            &marked[..],
            [
                Marked::Changed { .. },
                Marked::Changed { .. },
                Marked::Unknown,
                Marked::Unchanged(_)
            ]
        ),
        "{marked:?}"
    );
    assert_eq!(store.mark_each(Vec::new()).await.unwrap(), []);
    let mut changes = Vec::new();
    for id in ["a", "b"] {
        let entry = store.feed_entry(HERE, "ada", &id.into(), NOW).await.unwrap().unwrap();
        assert_eq!(entry.opened, Some(NOW.plus(5)));
        changes.push(entry.changed);
        let message = store.message(HERE, &id.into()).await.unwrap().unwrap();
        assert_eq!(message.opened, Some(NOW.plus(5)), "it is told of each message");
    }
    assert_eq!(changes[1], changes[0] + 1, "each took a number of its own");
    let end = store.mark(marking("a", Mark::Read)).await.unwrap();
    let Marked::Changed { entry, .. } = end else {
        panic!("{end:?}")
    };
    assert_eq!(entry.changed, changes[1] + 1);
}
