//! Profiles, device tokens, preferences.

use serde_json::json;
use tidings_types::{ErrorKind, Object, Preference, PreferenceStatus, TopicId, UserId};

use super::fixtures::{HERE, NOW, THERE, first};
use crate::{DeviceToken, Evidence, PreferenceLogFilter, PreferenceWrite, ProfileChange, Store, StoredPreference};

fn object(value: serde_json::Value) -> Object {
    serde_json::from_value(value).unwrap()
}

fn token(text: &str, registered: u64) -> DeviceToken {
    DeviceToken {
        token: text.to_owned(),
        provider_key: "firebase-fcm".to_owned(),
        device: Some(json!({"model": "x"})),
        tracking: None,
        expiry_date: Some(json!(false)),
        properties: None,
        status: "active".to_owned(),
        status_reason: None,
        expires_at: None,
        registered_at: NOW.plus(registered),
    }
}

fn says(topic: &str, status: PreferenceStatus) -> StoredPreference {
    StoredPreference {
        topic_id: TopicId::from(topic),
        preference: Preference {
            status: Some(status),
            ..Preference::default()
        },
    }
}

fn write(set: Vec<StoredPreference>, unset: &[&str]) -> PreferenceWrite {
    PreferenceWrite {
        tenant_id: None,
        set,
        unset: unset.iter().map(|&topic| TopicId::from(topic)).collect(),
        replace_all: false,
        source: "api".to_owned(),
        evidence: Evidence::default(),
        consents: Vec::new(),
        mail: None,
        seen: None,
        now: NOW,
    }
}

pub async fn profiles_are_replaced_merged_and_patched(store: &dyn Store) {
    let ada = UserId::from("ada");
    assert_eq!(store.profile(HERE, &ada).await.unwrap(), None);
    let change = async |change| store.change_profile(HERE, &ada, change, NOW).await.unwrap();

    let merged = change(ProfileChange::Merge(object(
        json!({"email": "a@b.c", "deep": {"x": 1, "y": [1]}}),
    )))
    .await;
    assert_eq!(
        store.profile(HERE, &ada).await.unwrap(),
        Some(merged),
        "merging over nothing makes one"
    );
    let merged = change(ProfileChange::Merge(object(json!({"deep": {"y": [2], "z": null}})))).await;
    assert_eq!(
        merged,
        object(json!({"email": "a@b.c", "deep": {"x": 1, "y": [2], "z": null}}))
    );

    let patch = serde_json::from_value(json!([
        {"op": "test", "path": "/email", "value": "a@b.c"},
        {"op": "remove", "path": "/deep/y"},
        {"op": "add", "path": "/name", "value": "Ada"}
    ]));
    let patched = change(ProfileChange::Patch(patch.unwrap())).await;
    assert_eq!(
        patched,
        object(json!({"email": "a@b.c", "deep": {"x": 1, "z": null}, "name": "Ada"}))
    );
    assert_eq!(store.profile(HERE, &ada).await.unwrap(), Some(patched));

    change(ProfileChange::Replace(object(json!({"only": true})))).await;
    assert_eq!(
        store.profile(HERE, &ada).await.unwrap(),
        Some(object(json!({"only": true})))
    );
    assert_eq!(store.profile(THERE, &ada).await.unwrap(), None);
}

pub async fn a_refused_patch_changes_nothing(store: &dyn Store) {
    let ada = UserId::from("ada");
    let patch = |operations| ProfileChange::Patch(serde_json::from_value(operations).unwrap());
    let wrong = patch(json!([{"op": "add", "path": "/a", "value": 1}, {"op": "test", "path": "/a", "value": 2}]));
    let error = store.change_profile(HERE, &ada, wrong, NOW).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Invalid);
    assert_eq!(store.profile(HERE, &ada).await.unwrap(), None, "none was made");

    let before = object(json!({"a": 1}));
    store
        .change_profile(HERE, &ada, ProfileChange::Replace(before.clone()), NOW)
        .await
        .unwrap();
    let wrong = patch(json!([{"op": "replace", "path": "", "value": [1]}]));
    let error = store.change_profile(HERE, &ada, wrong, NOW).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Invalid, "a profile stays an object");
    assert_eq!(store.profile(HERE, &ada).await.unwrap(), Some(before));
}

pub async fn deleting_a_profile_leaves_the_rest(store: &dyn Store) {
    let ada = UserId::from("ada");
    assert!(!store.is_known(HERE, &ada).await.unwrap());
    assert!(!store.delete_profile(HERE, &ada).await.unwrap());
    store
        .change_profile(HERE, &ada, ProfileChange::Replace(Object::new()), NOW)
        .await
        .unwrap();
    assert!(store.is_known(HERE, &ada).await.unwrap());
    assert!(store.delete_profile(HERE, &ada).await.unwrap());
    assert_eq!(store.profile(HERE, &ada).await.unwrap(), None);
    assert!(!store.is_known(HERE, &ada).await.unwrap());

    store.put_tokens(HERE, &ada, vec![token("t", 0)]).await.unwrap();
    assert!(store.is_known(HERE, &ada).await.unwrap(), "by a token");
    assert!(store.delete_token(HERE, &ada, "t").await.unwrap());
    let said = write(vec![says("news", PreferenceStatus::OptedOut)], &[]);
    store
        .write_preferences(
            HERE,
            &ada,
            PreferenceWrite {
                tenant_id: Some("acme".to_owned()),
                ..said
            },
        )
        .await
        .unwrap();
    assert!(
        store.is_known(HERE, &ada).await.unwrap(),
        "by a preference for a tenant"
    );
    assert!(!store.is_known(THERE, &ada).await.unwrap());
}

pub async fn tokens_are_listed_by_registration_and_move_between_people(store: &dyn Store) {
    let (ada, grace) = (UserId::from("ada"), UserId::from("grace"));
    store
        .put_tokens(HERE, &ada, vec![token("second", 2), token("first", 1)])
        .await
        .unwrap();
    let third = DeviceToken {
        status: "failed".to_owned(),
        expires_at: Some(NOW.plus(5)),
        ..token("third", 3)
    };
    store.put_tokens(HERE, &ada, vec![third.clone()]).await.unwrap();
    let all = store.tokens(HERE, &ada).await.unwrap();
    assert_eq!(all, [token("first", 1), token("second", 2), third]);

    store.put_tokens(HERE, &grace, vec![token("second", 9)]).await.unwrap();
    let of_ada: Vec<_> = store
        .tokens(HERE, &ada)
        .await
        .unwrap()
        .into_iter()
        .map(|token| token.token)
        .collect();
    assert_eq!(of_ada, ["first", "third"]);
    assert_eq!(store.tokens(HERE, &grace).await.unwrap(), [token("second", 9)]);

    assert!(
        !store.delete_token(HERE, &ada, "second").await.unwrap(),
        "it is another person's now"
    );
    assert!(store.delete_token(HERE, &grace, "second").await.unwrap());
    assert!(!store.delete_token(HERE, &grace, "second").await.unwrap());
    assert!(store.tokens(HERE, &grace).await.unwrap().is_empty());
    assert!(store.tokens(THERE, &ada).await.unwrap().is_empty());
}

pub async fn preferences_are_set_and_unset(store: &dyn Store) {
    let ada = UserId::from("ada");
    let (news, offers) = (
        says("news", PreferenceStatus::OptedOut),
        says("offers", PreferenceStatus::OptedIn),
    );
    let unset = store
        .write_preferences(HERE, &ada, write(vec![offers.clone(), news.clone()], &["never"]))
        .await
        .unwrap();
    assert!(unset.is_empty(), "nothing was said of it before");
    assert_eq!(
        store.preferences(HERE, &ada, None).await.unwrap(),
        [news.clone(), offers.clone()],
        "by topic"
    );
    assert_eq!(
        store.preference(HERE, &ada, None, &news.topic_id).await.unwrap(),
        Some(news)
    );
    assert_eq!(
        store.preference(THERE, &ada, None, &offers.topic_id).await.unwrap(),
        None
    );

    let mut changed = says("offers", PreferenceStatus::OptedOut);
    changed.preference.digest_schedule_id = Some("weekly".to_owned());
    let unset = store
        .write_preferences(HERE, &ada, write(vec![changed.clone()], &["news"]))
        .await
        .unwrap();
    assert_eq!(unset, [TopicId::from("news")]);
    assert_eq!(store.preferences(HERE, &ada, None).await.unwrap(), [changed]);
}

pub async fn of_a_topic_set_twice_the_last_counts(store: &dyn Store) {
    let ada = UserId::from("ada");
    let (out, into) = (
        says("news", PreferenceStatus::OptedOut),
        says("news", PreferenceStatus::OptedIn),
    );
    let set = async |set: Vec<StoredPreference>| {
        store.write_preferences(HERE, &ada, write(set, &[])).await.unwrap();
        let log = store
            .preference_log(HERE, PreferenceLogFilter::default(), first(10))
            .await
            .unwrap();
        (store.preferences(HERE, &ada, None).await.unwrap(), log.items.len())
    };
    let twice = vec![into.clone(), out.clone()];
    assert_eq!(set(twice).await, (vec![out.clone()], 1), "one line in the log");
    let back = vec![into.clone(), out.clone()];
    assert_eq!(set(back).await, (vec![out.clone()], 1), "it is as it was");
    assert_eq!(set(vec![out, into.clone()]).await, (vec![into], 2));
}

pub async fn tenants_have_preferences_of_their_own(store: &dyn Store) {
    let ada = UserId::from("ada");
    let (out, into) = (
        says("news", PreferenceStatus::OptedOut),
        says("news", PreferenceStatus::OptedIn),
    );
    store
        .write_preferences(HERE, &ada, write(vec![out.clone()], &[]))
        .await
        .unwrap();
    let at_acme = PreferenceWrite {
        tenant_id: Some("acme".to_owned()),
        ..write(vec![into.clone()], &[])
    };
    store.write_preferences(HERE, &ada, at_acme).await.unwrap();
    assert_eq!(
        store.preferences(HERE, &ada, None).await.unwrap(),
        std::slice::from_ref(&out)
    );
    assert_eq!(
        store.preferences(HERE, &ada, Some("acme")).await.unwrap(),
        std::slice::from_ref(&into)
    );
    assert_eq!(
        store
            .preference(HERE, &ada, Some("acme"), &into.topic_id)
            .await
            .unwrap(),
        Some(into)
    );
    assert_eq!(
        store
            .preference(HERE, &ada, Some("other"), &out.topic_id)
            .await
            .unwrap(),
        None
    );
}

pub async fn replacing_all_unsets_the_rest(store: &dyn Store) {
    let ada = UserId::from("ada");
    let all = ["a", "b", "c"]
        .map(|topic| says(topic, PreferenceStatus::OptedOut))
        .to_vec();
    store.write_preferences(HERE, &ada, write(all, &[])).await.unwrap();
    let at_acme = write(vec![says("a", PreferenceStatus::OptedIn)], &[]);
    let at_acme = PreferenceWrite {
        tenant_id: Some("acme".to_owned()),
        ..at_acme
    };
    store.write_preferences(HERE, &ada, at_acme).await.unwrap();

    let kept = says("b", PreferenceStatus::OptedIn);
    let replace = PreferenceWrite {
        replace_all: true,
        ..write(vec![kept.clone()], &["c"])
    };
    let mut unset = store.write_preferences(HERE, &ada, replace).await.unwrap();
    unset.sort();
    assert_eq!(unset, [TopicId::from("a"), TopicId::from("c")]);
    assert_eq!(store.preferences(HERE, &ada, None).await.unwrap(), [kept]);
    assert_eq!(
        store.preferences(HERE, &ada, Some("acme")).await.unwrap().len(),
        1,
        "a tenant's are apart"
    );
}
