//! The in-app feed and the outbox.

use tidings_types::rendered::{Inbox, Sms};
use tidings_types::{Environment, Rendered, Status, Timestamp};

use super::fixtures::{HERE, NOW, THERE, finish, first, single, step, wish};
use crate::{Lane, NewCaught, NewFeedEntry, Next, PageRequest, Store};

fn entry(user: &str, title: &str, expires_at: Option<Timestamp>) -> NewFeedEntry {
    NewFeedEntry {
        user_id: user.to_owned(),
        tenant_id: None,
        content: Inbox {
            title: title.to_owned(),
            ..Inbox::default()
        },
        created: NOW,
        expires_at,
    }
}

fn caught(text: &str) -> NewCaught {
    NewCaught {
        provider: "outbox".to_owned(),
        to: "+11234567890".to_owned(),
        rendered: Rendered::Sms(Sms { body: text.to_owned() }),
        payload: None,
        at: NOW,
    }
}

async fn titles(store: &dyn Store, user: &str, now: Timestamp) -> Vec<(i64, String)> {
    let page = store.feed(HERE, user, now, first(100)).await.unwrap();
    page.items
        .into_iter()
        .map(|one| (one.sequence, one.entry.content.title))
        .collect()
}

pub async fn each_person_has_a_sequence(store: &dyn Store) {
    finish(store, "m1", |record| {
        record.feed = vec![entry("ada", "a1", None), entry("grace", "g1", None)];
    })
    .await;
    finish(store, "m2", |record| {
        record.feed = vec![entry("ada", "a2", None), entry("ada", "a3", None)];
    })
    .await;
    let expected = [(3, "a3".to_owned()), (2, "a2".to_owned()), (1, "a1".to_owned())];
    assert_eq!(titles(store, "ada", NOW).await, expected, "newest first");
    assert_eq!(titles(store, "grace", NOW).await, [(1, "g1".to_owned())]);
    assert!(store.feed(THERE, "ada", NOW, first(10)).await.unwrap().items.is_empty());
}

pub async fn the_feed_is_paged_and_hides_what_has_expired(store: &dyn Store) {
    finish(store, "m", |record| {
        record.feed = (1..=5)
            .map(|number| entry("ada", &format!("a{number}"), None))
            .collect();
        record.feed[2].expires_at = Some(NOW.plus(10));
    })
    .await;
    assert_eq!(titles(store, "ada", NOW.plus(9)).await.len(), 5);
    assert_eq!(
        titles(store, "ada", NOW.plus(10)).await.len(),
        4,
        "it ends at its moment"
    );

    let mut seen = Vec::new();
    let mut request = PageRequest { after: None, limit: 2 };
    loop {
        let page = store.feed(HERE, "ada", NOW.plus(10), request.clone()).await.unwrap();
        seen.extend(page.items.iter().map(|one| one.sequence));
        let Some(next) = page.next else { break };
        request.after = Some(next);
        finish(store, &format!("late{}", seen.len()), |record| {
            record.feed = vec![entry("ada", "late", None)];
        })
        .await;
    }
    assert_eq!(seen, [5, 4, 2, 1]);
}

/// Catches texts in an environment, one message each.
async fn catch(store: &dyn Store, environment: Environment, texts: &[&str]) {
    for text in texts {
        let mut acceptance = single(text, |message| message.lane = Lane::Bulk);
        acceptance.request.environment = environment;
        store.accept(acceptance).await.unwrap();
        let work = store.claim(wish(Lane::Bulk, NOW, 1)).await.unwrap().remove(0);
        let mut record = step(&work, Status::Sent, Next::Finished);
        record.caught = vec![caught(text)];
        assert!(store.record(record).await.unwrap());
    }
}

async fn outbox(store: &dyn Store, environment: Option<Environment>) -> Vec<String> {
    let page = store.outbox(environment, first(100)).await.unwrap();
    page.items.into_iter().map(|one| one.message_id.into_string()).collect()
}

pub async fn the_outbox_is_read_from_both_ends(store: &dyn Store) {
    catch(store, HERE, &["a", "b"]).await;
    catch(store, THERE, &["c"]).await;
    catch(store, HERE, &["d"]).await;
    assert_eq!(outbox(store, None).await, ["d", "c", "b", "a"]);
    assert_eq!(outbox(store, Some(HERE)).await, ["d", "b", "a"]);

    let all = store.outbox_since(None, 0, 100).await.unwrap();
    assert!(all.is_sorted_by_key(|one| one.number), "oldest first");
    assert_eq!(all[2].environment, THERE);
    let after_b = store.outbox_since(None, all[1].number, 100).await.unwrap();
    assert_eq!(after_b, all[2..]);
    assert_eq!(
        store.outbox_since(Some(HERE), all[1].number, 100).await.unwrap(),
        all[3..]
    );
    assert_eq!(store.outbox_since(None, 0, 3).await.unwrap(), all[..3]);
    assert!(store.outbox_since(None, all[3].number, 100).await.unwrap().is_empty());
    assert_eq!(store.caught(all[1].number).await.unwrap().as_ref(), Some(&all[1]));
    assert_eq!(store.caught(all[3].number + 1000).await.unwrap(), None);

    let page = store.outbox(None, first(3)).await.unwrap();
    let rest = store
        .outbox(
            None,
            PageRequest {
                after: page.next,
                limit: 3,
            },
        )
        .await
        .unwrap();
    assert_eq!((page.items.len(), rest.items.len(), rest.next), (3, 1, None));
    assert_eq!(rest.items[0], all[0]);
}

pub async fn clearing_never_gives_a_number_twice(store: &dyn Store) {
    catch(store, HERE, &["a"]).await;
    catch(store, THERE, &["b"]).await;
    let last = store.outbox(None, first(1)).await.unwrap().items[0].number;
    store.clear_outbox(Some(HERE)).await.unwrap();
    assert_eq!(outbox(store, None).await, ["b"]);
    store.clear_outbox(None).await.unwrap();
    assert!(outbox(store, None).await.is_empty());
    catch(store, HERE, &["c"]).await;
    let next = store.outbox_since(None, last, 10).await.unwrap();
    assert_eq!(next.len(), 1, "whoever watches from the last number sees the new entry");
}

pub async fn the_outbox_keeps_the_newest(store: &dyn Store) {
    assert_eq!(store.prune_outbox(2).await.unwrap(), 0);
    catch(store, HERE, &["a", "b", "c", "d"]).await;
    assert_eq!(store.prune_outbox(4).await.unwrap(), 0);
    assert_eq!(store.prune_outbox(3).await.unwrap(), 1);
    assert_eq!(outbox(store, None).await, ["d", "c", "b"]);
    assert_eq!(store.prune_outbox(0).await.unwrap(), 3);
    assert!(outbox(store, None).await.is_empty());
}
