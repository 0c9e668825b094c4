//! Listing messages.

use serde_json::json;
use tidings_types::{Status, Timestamp};

use super::fixtures::{HERE, MINUTE, NOW, THERE, accept, claim_all, first, several, single, step};
use crate::{MessageFilter, Next, PageRequest, ProviderRecord, Store};

async fn listed(store: &dyn Store, filter: MessageFilter) -> Vec<String> {
    let page = store.messages(HERE, filter, first(100)).await.unwrap();
    assert!(page.next.is_none());
    page.items.into_iter().map(|row| row.id.into_string()).collect()
}

async fn accept_at(store: &dyn Store, id: &str, age: u64) {
    let mut acceptance = single(id, |_| {});
    acceptance.request.accepted_at = NOW.minus(age);
    store.accept(acceptance).await.unwrap();
}

pub async fn newest_come_first(store: &dyn Store) {
    for (id, age) in [("b", 5), ("oldest", 9), ("a", 5), ("newest", 1)] {
        accept_at(store, id, age).await;
    }
    assert_eq!(
        listed(store, MessageFilter::default()).await,
        ["newest", "b", "a", "oldest"]
    );
    let there = store
        .messages(THERE, MessageFilter::default(), first(10))
        .await
        .unwrap();
    assert!(there.items.is_empty() && there.next.is_none());
}

pub async fn each_filter_alone(store: &dyn Store) {
    for id in ["plain", "other"] {
        accept_at(store, id, MINUTE).await;
    }
    let marked = single("marked", |message| {
        message.event = "evt".to_owned();
        message.notification = "tpl".to_owned();
        message.recipient = "grace".to_owned();
        message.to = json!({"list_id": "staff"}).to_string();
        message.tags = vec!["red".to_owned(), "blue".to_owned()];
        message.tenant_id = Some("acme".to_owned());
        message.trace_id = Some("corr".to_owned());
    });
    store.accept(marked).await.unwrap();
    for work in claim_all(store).await {
        if work.message.id.as_str() == "marked" {
            let mut record = step(&work, Status::Undeliverable, Next::Finished);
            record.providers = vec![ProviderRecord {
                provider: "twilio".to_owned(),
                ..ProviderRecord::default()
            }];
            assert!(store.record(record).await.unwrap());
        }
    }
    let texts = |texts: &[&str]| texts.iter().map(|&text| text.to_owned()).collect::<Vec<_>>();
    let none = MessageFilter::default;
    let filters = [
        MessageFilter {
            enqueued_after: Some(NOW.minus(1)),
            ..none()
        },
        MessageFilter {
            events: texts(&["x", "evt"]),
            ..none()
        },
        MessageFilter {
            lists: texts(&["staff"]),
            ..none()
        },
        MessageFilter {
            message_ids: texts(&["marked", "nowhere"]),
            ..none()
        },
        MessageFilter {
            notifications: texts(&["tpl"]),
            ..none()
        },
        MessageFilter {
            providers: texts(&["smtp", "twilio"]),
            ..none()
        },
        MessageFilter {
            recipients: texts(&["grace", "nobody"]),
            ..none()
        },
        MessageFilter {
            statuses: vec![Status::Undeliverable, Status::Sent],
            ..none()
        },
        MessageFilter {
            tags: texts(&["blue", "green"]),
            ..none()
        },
        MessageFilter {
            tenant_id: Some("acme".to_owned()),
            ..none()
        },
        MessageFilter {
            trace_id: Some("corr".to_owned()),
            ..none()
        },
        MessageFilter {
            trace_id: Some("marked".to_owned()),
            ..none()
        },
    ];
    for filter in filters {
        assert_eq!(listed(store, filter.clone()).await, ["marked"], "{filter:?}");
    }
    let after = MessageFilter {
        enqueued_after: Some(NOW),
        ..none()
    };
    assert!(listed(store, after).await.is_empty(), "a moment is not after itself");
    let tags = MessageFilter {
        tags: texts(&["re", "%"]),
        ..none()
    };
    assert!(listed(store, tags).await.is_empty(), "tags match as a whole");

    store.accept(several("request", &["s1", "s2"])).await.unwrap();
    let request = MessageFilter {
        trace_id: Some("request".to_owned()),
        ..none()
    };
    assert_eq!(listed(store, request).await, ["s2", "s1"]);
}

pub async fn filters_narrow_together(store: &dyn Store) {
    for (id, tenant, tag) in [("a", "acme", "x"), ("b", "acme", "y"), ("c", "other", "x")] {
        let acceptance = single(id, |message| {
            message.tenant_id = Some(tenant.to_owned());
            message.tags = vec![tag.to_owned()];
        });
        store.accept(acceptance).await.unwrap();
    }
    let filter = MessageFilter {
        tenant_id: Some("acme".to_owned()),
        tags: vec!["x".to_owned()],
        statuses: vec![Status::Enqueued],
        ..MessageFilter::default()
    };
    assert_eq!(listed(store, filter).await, ["a"]);
}

pub async fn pages_neither_skip_nor_repeat_while_messages_arrive(store: &dyn Store) {
    // Three of each moment, so that pages end within one.
    for number in 0..20_u64 {
        accept_at(store, &format!("m{number:02}"), number / 3).await;
    }
    let mut seen = Vec::new();
    let mut request = PageRequest { after: None, limit: 4 };
    loop {
        let page = store
            .messages(HERE, MessageFilter::default(), request.clone())
            .await
            .unwrap();
        assert!(page.items.len() <= 4);
        seen.extend(page.items.into_iter().map(|row| row.id.into_string()));
        let Some(next) = page.next else { break };
        request.after = Some(next);
        // Newer than everything: not part of what was begun.
        let mut late = single(&format!("late{}", seen.len()), |_| {});
        late.request.accepted_at = NOW.plus(MINUTE);
        store.accept(late).await.unwrap();
    }
    let mut unique = seen.clone();
    unique.sort();
    unique.dedup();
    assert_eq!((seen.len(), unique.len()), (20, 20), "{seen:?}");

    accept(store, "exact").await;
    let filter = MessageFilter {
        message_ids: vec!["exact".to_owned()],
        ..MessageFilter::default()
    };
    assert!(
        store.messages(HERE, filter, first(1)).await.unwrap().next.is_none(),
        "a full last page is the last"
    );
}

pub async fn a_trace_is_paged_across_requests(store: &dyn Store) {
    let mut acceptance = several("t", &["t:1", "t:2", "t:3", "t:4", "t:5"]);
    acceptance.messages[0].trace_id = Some("t".to_owned());
    store.accept(acceptance).await.unwrap();
    // The caller's own word is the same, before, at the same moment and after.
    for (id, age) in [("a", 5), ("t:25", 0), ("z", -5)] {
        let mut said = single(id, |message| message.trace_id = Some("t".to_owned()));
        said.request.accepted_at = Timestamp::from_millis(NOW.as_millis() - age);
        store.accept(said).await.unwrap();
    }
    accept(store, "unrelated").await;
    let filter = MessageFilter {
        trace_id: Some("t".to_owned()),
        ..MessageFilter::default()
    };
    for limit in 1..5 {
        let (mut seen, mut request) = (Vec::new(), first(limit));
        loop {
            let page = store.messages(HERE, filter.clone(), request.clone()).await.unwrap();
            seen.extend(page.items.into_iter().map(|row| row.id.into_string()));
            let Some(next) = page.next else { break };
            request.after = Some(next);
        }
        assert_eq!(seen, ["z", "t:5", "t:4", "t:3", "t:25", "t:2", "t:1", "a"], "{limit}");
    }
}
