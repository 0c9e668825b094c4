//! Hiding from listings.

use tidings_types::{MessageId, RequestId};

use super::fixtures::{HERE, THERE, accept, claim_all, first, several};
use crate::{MessageFilter, Store};

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

pub async fn a_request_is_hidden_with_all_its_messages(store: &dyn Store) {
    store.accept(several("request", &["m1", "m2"])).await.unwrap();
    accept(store, "single").await;
    let request = RequestId::from("request");
    assert!(!store.archive_request(THERE, &request).await.unwrap());
    assert!(!store.archive_request(HERE, &RequestId::from("none")).await.unwrap());
    assert!(store.archive_request(HERE, &request).await.unwrap());
    assert!(
        store.archive_request(HERE, &request).await.unwrap(),
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
    assert!(store.archive_request(HERE, &RequestId::from("m2")).await.unwrap());
    assert_eq!(listed(store, None).await, ["m1"]);
    assert_eq!(listed(store, Some(true)).await, ["m2"]);
}
