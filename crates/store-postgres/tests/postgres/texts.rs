//! Texts that PostgreSQL finds hard.

use serde_json::json;
use tidings_store::conformance::fixtures::{HERE, NOW, claim_new, first, single, step};
use tidings_store::{MessageFilter, Messages, Next, Output, People, ProfileChange, ProviderRecord};
use tidings_types::{ErrorKind, Object, Status, UserId};

use crate::server::Database;

/// JSON may hold any character, and what callers send is kept as they sent it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn json_keeps_the_character_zero() {
    let store = Database::new().await.open().await;
    let user = UserId::from("ada");
    let profile: Object = serde_json::from_value(json!({"a": "x\0y", "\0": 1})).unwrap();
    let change = ProfileChange::Replace(profile.clone());
    assert_eq!(store.change_profile(HERE, &user, change, NOW).await.unwrap(), profile);
    assert_eq!(store.profile(HERE, &user).await.unwrap(), Some(profile));

    let entry = json!({"user_id": "ada", "data": {"n": "\0"}, "list_id": "l\0"}).to_string();
    store
        .accept(single("m", |message| message.to = entry.clone()))
        .await
        .unwrap();
    assert_eq!(store.message(HERE, &"m".into()).await.unwrap().unwrap().to, entry);
    let filter = MessageFilter {
        lists: vec!["staff".to_owned()],
        ..MessageFilter::default()
    };
    assert!(store.messages(HERE, filter, first(10)).await.unwrap().items.is_empty());
}

/// A step that happened must be recorded, whatever a provider answered.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_step_is_recorded_whatever_is_in_its_texts() {
    let store = Database::new().await.open().await;
    let work = claim_new(&store, "m").await;
    let mut record = step(&work, Status::Undeliverable, Next::Finished);
    record.error = Some("odd \0 answer".to_owned());
    record.providers = vec![ProviderRecord {
        provider: "smtp".to_owned(),
        error: Some("odd \0 answer".to_owned()),
        ..ProviderRecord::default()
    }];
    record.outputs = vec![Output {
        channel: "email:smtp".to_owned(),
        channel_id: "b\0".to_owned(),
        content: json!({"text": "\0"}),
    }];
    assert!(store.record(record.clone()).await.unwrap());
    let row = store.message(HERE, &"m".into()).await.unwrap().unwrap();
    assert_eq!(row.error.as_deref(), Some("odd \u{fffd} answer"));
    assert_eq!(row.providers, record.providers);
    assert_eq!(
        store.outputs(HERE, &"m".into()).await.unwrap()[0].content,
        json!({"text": "\0"})
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_question_with_the_character_zero_is_the_callers_mistake() {
    let store = Database::new().await.open().await;
    let error = store.profile(HERE, &UserId::from("a\0")).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Invalid);
}
