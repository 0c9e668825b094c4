use tidings_types::{Object, UserId};

use super::fixtures::{HERE, MINUTE, NOW, THERE, first};
use crate::lists::By;
use crate::lists::SUBSCRIBE;
use crate::{JobClaim, JobDone, JobKey, JobNext, Lane, NewJob, NewSubscription, PageRequest, Store};

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

    store
        .subscribe(HERE, "a", vec![new("ada")], false, By::api(NOW))
        .await
        .unwrap();
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
        .subscribe(HERE, "l", vec![ada, new("bob"), new("bob")], false, By::api(NOW))
        .await
        .unwrap();
    assert_eq!(
        store.list(HERE, "l").await.unwrap().unwrap().name,
        "l",
        "made on the way"
    );
    assert!(store.is_known(HERE, &"bob".into()).await.unwrap());
    store
        .subscribe(HERE, "l", vec![new("cy")], false, By::api(NOW.plus(MINUTE)))
        .await
        .unwrap();
    assert_eq!(on(store, "l").await, ["ada", "bob", "cy"]);
    store
        .subscribe(HERE, "l", vec![new("bob"), new("dan")], true, By::api(NOW.plus(MINUTE)))
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
            .unsubscribe(HERE, "l", vec!["bob".into(), "nobody".into()], By::api(NOW))
            .await
            .unwrap(),
        1
    );
    store.subscribe(HERE, "l", vec![], true, By::api(NOW)).await.unwrap();
    assert!(on(store, "l").await.is_empty());
}

pub async fn a_person_is_on_several_lists(store: &dyn Store) {
    let ada = UserId::from("ada");
    let lists = vec![("b".to_owned(), Some(preferences("OPTED_OUT"))), ("a".to_owned(), None)];
    store.subscribe_to(HERE, &ada, lists, By::api(NOW)).await.unwrap();
    let page = store.lists_of(HERE, &ada, first(1)).await.unwrap();
    assert_eq!(page.items[0].list.id, "a");
    let rest = PageRequest {
        after: page.next,
        limit: 9,
    };
    let page = store.lists_of(HERE, &ada, rest).await.unwrap();
    assert_eq!((page.items[0].list.id.as_str(), page.items.len()), ("b", 1));
    assert_eq!(page.items[0].preferences, Some(preferences("OPTED_OUT")));
    store.unsubscribe_from_all(HERE, &ada, By::api(NOW)).await.unwrap();
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

pub async fn subscribing_again_leaves_what_was_said(store: &dyn Store) {
    let said = |preferences| NewSubscription {
        preferences,
        ..new("ada")
    };
    let of_ada = async || {
        let one = store.subscription(HERE, "l", &"ada".into()).await.unwrap().unwrap();
        one.preferences
    };
    let out = preferences("OPTED_OUT");
    for replace in [false, true] {
        let one = said(Some(out.clone()));
        store
            .subscribe(HERE, "l", vec![one], false, By::api(NOW))
            .await
            .unwrap();
        store
            .subscribe(HERE, "l", vec![new("ada")], replace, By::api(NOW))
            .await
            .unwrap();
        assert_eq!(of_ada().await, Some(out.clone()), "nothing was said");
        let lists = vec![("l".to_owned(), None)];
        store
            .subscribe_to(HERE, &"ada".into(), lists, By::api(NOW))
            .await
            .unwrap();
        assert_eq!(of_ada().await, Some(out.clone()), "nothing was said");
        let nothing = said(Some(Object::new()));
        store
            .subscribe(HERE, "l", vec![nothing], replace, By::api(NOW))
            .await
            .unwrap();
        assert_eq!(of_ada().await, None, "it was taken back");
    }
}

/// Asks for a fill.
async fn ask(store: &dyn Store, key: &str, replace: bool) {
    let job = NewJob {
        name: JobKey::new(HERE, SUBSCRIBE, key),
        lane: Lane::Normal,
        due: NOW,
        body: serde_json::json!(null),
    };
    store.subscribe_later(HERE, "l", replace, job, NOW).await.unwrap();
}

async fn fill(store: &dyn Store, key: &str, people: &[&str]) -> bool {
    let people = people.iter().map(|user| NewSubscription {
        preferences: Some(preferences(key)),
        ..new(user)
    });
    store
        .fill_list(HERE, "l", key, people.collect(), By::api(NOW))
        .await
        .unwrap()
}

pub async fn a_fill_undoes_nothing_that_was_written_after_it(store: &dyn Store) {
    for user in ["early", "gone", "stays"] {
        store
            .subscribe(HERE, "l", vec![new(user)], false, By::api(NOW))
            .await
            .unwrap();
    }
    ask(store, "one", true).await;
    assert!(store.job(&JobKey::new(HERE, SUBSCRIBE, "one")).await.unwrap().is_some());
    let late = NewSubscription {
        preferences: Some(preferences("late")),
        ..new("told")
    };
    store
        .subscribe(HERE, "l", vec![new("late"), late], false, By::api(NOW))
        .await
        .unwrap();
    store
        .unsubscribe(HERE, "l", vec!["gone".into(), "never".into()], By::api(NOW))
        .await
        .unwrap();
    store
        .unsubscribe_from_all(HERE, &"off".into(), By::api(NOW))
        .await
        .unwrap();
    assert!(fill(store, "one", &["gone", "never", "off"]).await);
    assert!(fill(store, "one", &["stays", "told"]).await);
    assert!(
        !store.end_fill(HERE, "l", "one", true, 1, By::api(NOW)).await.unwrap(),
        "one at a time"
    );
    assert!(store.end_fill(HERE, "l", "one", true, 1, By::api(NOW)).await.unwrap());
    assert_eq!(on(store, "l").await, ["late", "stays", "told"]);
    let told = store.subscription(HERE, "l", &"told".into()).await.unwrap().unwrap();
    assert_eq!(told.preferences, Some(preferences("late")));
    // Done again after a crash, it does nothing.
    assert!(!fill(store, "one", &["gone"]).await);
    assert!(store.end_fill(HERE, "l", "one", true, 9, By::api(NOW)).await.unwrap());
    assert_eq!(on(store, "l").await, ["late", "stays", "told"]);
    ask(store, "two", false).await;
    assert!(fill(store, "two", &["gone"]).await);
    assert_eq!(
        on(store, "l").await,
        ["gone", "late", "stays", "told"],
        "it was asked for after they left"
    );
}

pub async fn a_fill_does_not_bring_a_deleted_list_back(store: &dyn Store) {
    ask(store, "one", false).await;
    assert_eq!(store.list(HERE, "l").await.unwrap().unwrap().name, "l", "made at once");
    assert!(store.delete_list(HERE, "l", NOW).await.unwrap());
    assert!(fill(store, "one", &["ada"]).await);
    assert!(store.end_fill(HERE, "l", "one", false, 9, By::api(NOW)).await.unwrap());
    assert_eq!(store.list(HERE, "l").await.unwrap(), None);
    assert!(store.restore_list(HERE, "l", NOW).await.unwrap());
    assert_eq!(on(store, "l").await, ["ada"], "they were put on it before it went");
}

pub async fn a_list_that_is_replaced_waits_for_no_fill(store: &dyn Store) {
    ask(store, "one", false).await;
    ask(store, "two", false).await;
    assert!(fill(store, "two", &["b"]).await);
    store
        .subscribe(HERE, "l", vec![new("c")], true, By::api(NOW))
        .await
        .unwrap();
    ask(store, "three", true).await;
    ask(store, "four", false).await;
    // The last comes first.
    assert!(fill(store, "four", &["e"]).await);
    assert!(store.end_fill(HERE, "l", "four", false, 9, By::api(NOW)).await.unwrap());
    assert!(!fill(store, "one", &["a"]).await);
    assert!(!fill(store, "two", &["b"]).await);
    for key in ["one", "two"] {
        assert!(store.end_fill(HERE, "l", key, false, 9, By::api(NOW)).await.unwrap());
    }
    assert!(fill(store, "three", &["d", "e"]).await);
    assert!(store.end_fill(HERE, "l", "three", true, 9, By::api(NOW)).await.unwrap());
    assert_eq!(on(store, "l").await, ["d", "e"]);
    let last = store.subscription(HERE, "l", &"e".into()).await.unwrap().unwrap();
    assert_eq!(last.preferences, Some(preferences("four")));
}

pub async fn it_is_known_whether_a_list_is_being_filled(store: &dyn Store) {
    let filled = async |by| store.is_being_filled(HERE, "l", by).await.unwrap();
    assert!(!filled(NOW).await);
    ask(store, "one", false).await;
    assert!(filled(NOW).await);
    assert!(!filled(NOW.minus(1)).await, "it was asked for later");
    let wish = JobClaim {
        kind: SUBSCRIBE.to_owned(),
        now: NOW,
        limit: 1,
        lease_ms: MINUTE,
    };
    let claimed = store.claim_jobs(wish).await.unwrap().pop().unwrap();
    let done = JobDone {
        name: claimed.job.name,
        proof: claimed.proof,
        next: JobNext::Dead {
            at: NOW,
            error: "x".to_owned(),
        },
        follow_ups: crate::FollowUps::default(),
    };
    assert!(store.complete_job(done).await.unwrap());
    assert!(!filled(NOW).await, "it was given up");
    ask(store, "two", false).await;
    assert!(filled(NOW).await);
    assert!(store.end_fill(HERE, "l", "two", false, 9, By::api(NOW)).await.unwrap());
    assert!(!filled(NOW).await);
}
