//! Hiding from listings.

use tidings_types::{MessageId, RequestId};

use super::fixtures::{HERE, THERE, accept, claim_all, first, several};
use crate::{ArchivedPage, MessageFilter, Store};

async fn listed(store: &dyn Store, archived: Option<bool>) -> Vec<String> {
    let filter = MessageFilter {
        archived,
        ..MessageFilter::default()
    };
    let page = store.messages(HERE, filter, first(100)).await.unwrap();
    let mut ids: Vec<String> = page.items.into_iter().map(|row| row.id.into_string()).collect();
    ids.sort();
    ids
}

/// Hides what a first page holds, and returns the ids.
async fn archive(store: &dyn Store, id: &str) -> Vec<String> {
    let page = store.archive_messages(HERE, &id.into(), None, 9).await.unwrap();
    assert_eq!(page.next, None);
    page.messages.into_iter().map(|(id, _)| id.into_string()).collect()
}

pub async fn a_request_is_hidden_with_all_its_messages(store: &dyn Store) {
    store.accept(several("request", &["m1", "m2"])).await.unwrap();
    accept(store, "single").await;
    let request = RequestId::from("request");
    let nothing = ArchivedPage::default();
    assert_eq!(store.archive_messages(THERE, &request, None, 9).await.unwrap(), nothing);
    assert_eq!(
        store.archive_messages(HERE, &"none".into(), None, 9).await.unwrap(),
        nothing
    );
    assert_eq!(archive(store, "request").await, ["m1", "m2"]);
    assert_eq!(
        archive(store, "request").await,
        ["m1", "m2"],
        "it is there, hidden or not"
    );
    assert_eq!(listed(store, None).await, ["single"]);
    assert_eq!(listed(store, Some(false)).await, ["single"]);
    assert_eq!(listed(store, Some(true)).await, ["m1", "m2"]);
    let row = store.message(HERE, &MessageId::from("m1")).await.unwrap().unwrap();
    assert!(row.archived, "it can still be read");
    assert_eq!(claim_all(store).await.len(), 3, "and is still sent");
}

pub async fn one_message_of_several_is_hidden_by_its_id(store: &dyn Store) {
    store.accept(several("request", &["m1", "m2"])).await.unwrap();
    assert_eq!(archive(store, "m2").await, ["m2"]);
    assert_eq!(listed(store, None).await, ["m1"]);
    assert_eq!(listed(store, Some(true)).await, ["m2"]);
}

pub async fn many_are_hidden_page_by_page(store: &dyn Store) {
    store.accept(several("request", &["m1", "m2", "m3"])).await.unwrap();
    let request = RequestId::from("request");
    let page = store.archive_messages(HERE, &request, None, 2).await.unwrap();
    assert_eq!(page.next, Some(MessageId::from("m2")));
    assert_eq!(listed(store, None).await, ["m3"]);
    let page = store
        .archive_messages(HERE, &request, page.next.as_ref(), 2)
        .await
        .unwrap();
    assert_eq!(page.messages.len(), 1);
    assert_eq!(page.next, None);
    assert_eq!(listed(store, None).await.len(), 0);
}
