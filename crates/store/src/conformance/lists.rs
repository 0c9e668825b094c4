use tidings_types::{Object, UserId};

use super::fixtures::{HERE, MINUTE, NOW, THERE, first};
use crate::{NewSubscription, PageRequest, Store};

fn new(user: &str) -> NewSubscription {
    NewSubscription {
        user_id: UserId::from(user),
        preferences: None,
    }
}

fn preferences(status: &str) -> Object {
    let said = serde_json::json!({"categories": {"t": {"status": status}}});
    said.as_object().cloned().unwrap()
}

async fn on(store: &dyn Store, list: &str) -> Vec<String> {
    let page = store.subscriptions(HERE, list, first(100)).await.unwrap();
    page.items.into_iter().map(|one| one.user_id.into_string()).collect()
}

async fn names(store: &dyn Store, prefix: &str) -> Vec<String> {
    let page = store.lists(HERE, prefix, first(100)).await.unwrap();
    page.items.into_iter().map(|one| one.id).collect()
}

pub async fn a_list_is_made_changed_deleted_and_restored(store: &dyn Store) {
    store
        .put_list(HERE, "a", "A", Some(preferences("OPTED_OUT")), NOW)
        .await
        .unwrap();
    store.put_list(HERE, "a", "B", None, NOW.plus(MINUTE)).await.unwrap();
    let list = store.list(HERE, "a").await.unwrap().unwrap();
    assert_eq!(
        (list.name.as_str(), list.created, list.updated),
        ("B", NOW, NOW.plus(MINUTE))
    );
    assert_eq!(list.preferences, Some(preferences("OPTED_OUT")));
    assert_eq!(store.list(THERE, "a").await.unwrap(), None);

    store.subscribe(HERE, "a", vec![new("ada")], false, NOW).await.unwrap();
    assert!(store.delete_list(HERE, "a", NOW).await.unwrap());
    assert!(!store.delete_list(HERE, "a", NOW).await.unwrap());
    assert_eq!(store.list(HERE, "a").await.unwrap(), None);
    assert_eq!(store.subscription(HERE, "a", &"ada".into()).await.unwrap(), None);
    assert!(
        store
            .lists_of(HERE, &"ada".into(), first(9))
            .await
            .unwrap()
            .items
            .is_empty()
    );
    assert!(names(store, "").await.is_empty());
    assert!(store.restore_list(HERE, "a", NOW).await.unwrap());
    assert!(!store.restore_list(HERE, "never", NOW).await.unwrap());
    assert!(store.subscription(HERE, "a", &"ada".into()).await.unwrap().is_some());
}

pub async fn people_are_put_on_lists_and_taken_off(store: &dyn Store) {
    let ada = NewSubscription {
        preferences: Some(preferences("OPTED_IN")),
        ..new("ada")
    };
    store
        .subscribe(HERE, "l", vec![ada, new("bob"), new("bob")], false, NOW)
        .await
        .unwrap();
    assert_eq!(
        store.list(HERE, "l").await.unwrap().unwrap().name,
        "l",
        "made on the way"
    );
    assert!(store.is_known(HERE, &"bob".into()).await.unwrap());
    store
        .subscribe(HERE, "l", vec![new("cy")], false, NOW.plus(MINUTE))
        .await
        .unwrap();
    assert_eq!(on(store, "l").await, ["ada", "bob", "cy"]);
    store
        .subscribe(HERE, "l", vec![new("bob"), new("dan")], true, NOW.plus(MINUTE))
        .await
        .unwrap();
    assert_eq!(on(store, "l").await, ["bob", "dan"]);
    let bob = store.subscription(HERE, "l", &"bob".into()).await.unwrap().unwrap();
    assert_eq!(
        (bob.created, bob.preferences),
        (NOW, None),
        "who stays stays since then"
    );
    assert_eq!(
        store
            .unsubscribe(HERE, "l", vec!["bob".into(), "nobody".into()])
            .await
            .unwrap(),
        1
    );
    store.subscribe(HERE, "l", vec![], true, NOW).await.unwrap();
    assert!(on(store, "l").await.is_empty());
}

pub async fn a_person_is_on_several_lists(store: &dyn Store) {
    let ada = UserId::from("ada");
    let lists = vec![("b".to_owned(), Some(preferences("OPTED_OUT"))), ("a".to_owned(), None)];
    store.subscribe_to(HERE, &ada, lists, NOW).await.unwrap();
    let page = store.lists_of(HERE, &ada, first(1)).await.unwrap();
    assert_eq!(page.items[0].list.id, "a");
    let rest = PageRequest {
        after: page.next,
        limit: 9,
    };
    let page = store.lists_of(HERE, &ada, rest).await.unwrap();
    assert_eq!((page.items[0].list.id.as_str(), page.items.len()), ("b", 1));
    assert_eq!(page.items[0].preferences, Some(preferences("OPTED_OUT")));
    store.unsubscribe_from_all(HERE, &ada).await.unwrap();
    assert!(on(store, "a").await.is_empty());
}

pub async fn lists_are_found_by_what_they_begin_with(store: &dyn Store) {
    for id in ["a", "a.b", "a.b.c", "ab", "b"] {
        store.put_list(HERE, id, id, None, NOW).await.unwrap();
    }
    assert_eq!(names(store, "a.").await, ["a.b", "a.b.c"]);
    assert_eq!(names(store, "").await.len(), 5);
    assert!(names(store, "c").await.is_empty());
    let page = store.lists(HERE, "a", first(2)).await.unwrap();
    let rest = PageRequest {
        after: page.next,
        limit: 9,
    };
    let page = store.lists(HERE, "a", rest).await.unwrap();
    assert_eq!(
        page.items.iter().map(|one| one.id.as_str()).collect::<Vec<_>>(),
        ["a.b.c", "ab"]
    );
}
