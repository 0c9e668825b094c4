//! API keys and secrets.

use tidings_types::{ErrorKind, KeyMode, KeyScope};

use super::fixtures::{HERE, NOW, THERE};
use crate::{ApiKey, Store};

fn key(id: &str, age: u64) -> ApiKey {
    ApiKey {
        id: id.to_owned(),
        environment: HERE,
        scope: KeyScope::Draft,
        mode: KeyMode::Mock,
        hint: format!("{id}..."),
        hash: format!("hash of {id}"),
        name: "for tests".to_owned(),
        created: NOW.minus(age),
        revoked: None,
    }
}

pub async fn keys_are_found_by_hash_and_revoked_once(store: &dyn Store) {
    assert_eq!(store.key_by_hash("hash of k1").await.unwrap(), None);
    store.create_key(key("k1", 1)).await.unwrap();
    store
        .create_key(ApiKey {
            environment: THERE,
            ..key("k2", 2)
        })
        .await
        .unwrap();
    let error = store.create_key(key("k1", 1)).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Conflict);
    assert_eq!(store.key_by_hash("hash of k1").await.unwrap(), Some(key("k1", 1)));
    let ids: Vec<_> = store.keys().await.unwrap().into_iter().map(|key| key.id).collect();
    assert_eq!(ids, ["k2", "k1"], "oldest first");

    assert!(!store.revoke_key("none", NOW).await.unwrap());
    assert!(store.revoke_key("k1", NOW).await.unwrap());
    assert!(!store.revoke_key("k1", NOW.plus(1)).await.unwrap());
    let revoked = store.key_by_hash("hash of k1").await.unwrap().unwrap();
    assert_eq!(revoked.revoked, Some(NOW), "a revoked key is still found, and says so");
}

pub async fn the_first_candidate_for_a_secret_stays(store: &dyn Store) {
    assert_eq!(store.secret(HERE, "links", "first").await.unwrap(), "first");
    assert_eq!(store.secret(HERE, "links", "second").await.unwrap(), "first");
    assert_eq!(store.secret(THERE, "links", "there").await.unwrap(), "there");
    assert_eq!(store.secret(HERE, "tokens", "another").await.unwrap(), "another");
}
