//! Versions of documents.

use serde_json::json;
use tidings_types::ErrorKind;

use super::documents::{change, new};
use super::fixtures::{HERE, NOW, first};
use crate::{Document, DocumentKind, DocumentVersion, DocumentWrite, PageRequest, SITTING_MS, Store, WriteMode};

const KIND: DocumentKind = DocumentKind::Notification;

async fn create(store: &dyn Store, body: i64, mode: WriteMode) -> Document {
    store
        .create_document(HERE, new(KIND, "d", &[], json!({"n": body}), mode))
        .await
        .unwrap()
}

async fn write(store: &dyn Store, body: i64, mode: WriteMode) -> Document {
    store
        .write_document(HERE, change(KIND, "d", json!({"n": body}), mode))
        .await
        .unwrap()
        .unwrap()
}

async fn numbers(store: &dyn Store) -> Vec<u32> {
    let page = store.versions(HERE, KIND, "d", first(100)).await.unwrap();
    page.items.into_iter().map(|version| version.number).collect()
}

pub async fn publishing_keeps_versions(store: &dyn Store) {
    let made = create(store, 1, WriteMode::Publish).await;
    assert_eq!(
        (made.published_version, made.published_at, made.has_changes),
        (Some(1), Some(NOW), false)
    );
    assert_eq!(made.updated, None, "making is not changing");

    let written = write(store, 2, WriteMode::Publish).await;
    assert_eq!(
        (written.published_version, written.published_at),
        (Some(2), Some(NOW.plus(1)))
    );

    write(store, 3, WriteMode::Draft).await;
    let published = store
        .publish_document(HERE, KIND, "d", None, NOW.plus(9), "hedy")
        .await
        .unwrap()
        .unwrap();
    assert_eq!(
        (published.published_version, published.published_at),
        (Some(3), Some(NOW.plus(9)))
    );
    assert_eq!(
        (published.published.as_ref(), published.has_changes),
        (Some(&json!({"n": 3})), false)
    );
    assert_eq!(store.document(HERE, KIND, "d").await.unwrap(), Some(published));

    assert_eq!(numbers(store).await, [3, 2, 1]);
    let expected = DocumentVersion {
        number: 3,
        body: json!({"n": 3}),
        created: NOW.plus(9),
        creator: "hedy".to_owned(),
        is_revisable: false,
    };
    assert_eq!(store.version(HERE, KIND, "d", 3).await.unwrap(), Some(expected));
    assert_eq!(
        store.version(HERE, KIND, "d", 1).await.unwrap().unwrap().body,
        json!({"n": 1})
    );
    assert_eq!(store.version(HERE, KIND, "d", 4).await.unwrap(), None);
}

pub async fn publishing_an_unchanged_draft_changes_nothing(store: &dyn Store) {
    let made = create(store, 1, WriteMode::Publish).await;
    let again = store
        .publish_document(HERE, KIND, "d", None, NOW.plus(9), "hedy")
        .await
        .unwrap()
        .unwrap();
    assert_eq!(again, made);
    assert_eq!(numbers(store).await, [1]);
}

pub async fn an_older_version_is_published_again_as_a_new_one(store: &dyn Store) {
    create(store, 1, WriteMode::Publish).await;
    write(store, 2, WriteMode::Publish).await;
    write(store, 3, WriteMode::Draft).await;
    let again = store
        .publish_document(HERE, KIND, "d", Some(1), NOW.plus(9), "hedy")
        .await
        .unwrap()
        .unwrap();
    assert_eq!(
        (&again.body, again.published.as_ref()),
        (&json!({"n": 1}), Some(&json!({"n": 1})))
    );
    assert_eq!((again.published_version, again.has_changes), (Some(3), false));
    assert_eq!(numbers(store).await, [3, 2, 1]);
    assert_eq!(
        store.version(HERE, KIND, "d", 3).await.unwrap().unwrap().body,
        json!({"n": 1})
    );

    let error = store
        .publish_document(HERE, KIND, "d", Some(7), NOW, "hedy")
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotFound);
    assert_eq!(store.document(HERE, KIND, "d").await.unwrap(), Some(again));
}

pub async fn versions_outlive_the_archive_until_the_id_is_used_again(store: &dyn Store) {
    create(store, 1, WriteMode::Publish).await;
    store.archive_document(HERE, KIND, "d").await.unwrap();
    assert_eq!(numbers(store).await, [1]);
    assert_eq!(
        store.version(HERE, KIND, "d", 1).await.unwrap().unwrap().body,
        json!({"n": 1})
    );
    let again = create(store, 5, WriteMode::Publish).await;
    assert_eq!(again.published_version, Some(1), "a new document counts from 1");
    assert_eq!(
        store.version(HERE, KIND, "d", 1).await.unwrap().unwrap().body,
        json!({"n": 5})
    );
}

pub async fn versions_are_paged_newest_first(store: &dyn Store) {
    create(store, 0, WriteMode::Publish).await;
    for body in 1..5 {
        write(store, body, WriteMode::Publish).await;
    }
    let mut seen = Vec::new();
    let mut request = PageRequest { after: None, limit: 2 };
    loop {
        let page = store.versions(HERE, KIND, "d", request.clone()).await.unwrap();
        seen.extend(page.items.into_iter().map(|version| version.number));
        let Some(next) = page.next else { break };
        request.after = Some(next);
        write(store, 9, WriteMode::Publish).await;
    }
    assert_eq!(seen, [5, 4, 3, 2, 1]);
}

pub async fn a_version_is_saved_first_and_put_in_force_later(store: &dyn Store) {
    let made = create(store, 1, WriteMode::Save).await;
    assert_eq!((&made.published, made.published_version), (&None, None));
    write(store, 2, WriteMode::Save).await;
    let third = write(store, 3, WriteMode::SaveAndPublish).await;
    assert_eq!((third.published_version, third.has_changes), (Some(3), false));
    let fourth = write(store, 4, WriteMode::Save).await;
    assert_eq!((fourth.published_version, fourth.has_changes), (Some(3), true));
    assert_eq!(numbers(store).await, [4, 3, 2, 1]);

    let back = store
        .put_in_force(HERE, KIND, "d", 2, None, NOW.plus(9))
        .await
        .unwrap()
        .unwrap();
    assert_eq!(
        (back.published.as_ref(), back.published_version),
        (Some(&json!({"n": 2})), Some(2))
    );
    assert_eq!((&back.body, back.has_changes), (&json!({"n": 4}), true));
    assert_eq!(back.published_at, Some(NOW.plus(9)));
    let again = store
        .put_in_force(HERE, KIND, "d", 2, None, NOW.plus(10))
        .await
        .unwrap();
    assert_eq!(again, Some(back), "it is in force already");
    let newest = store
        .put_in_force(HERE, KIND, "d", 4, None, NOW.plus(11))
        .await
        .unwrap()
        .unwrap();
    assert!(!newest.has_changes);
    assert_eq!(numbers(store).await, [4, 3, 2, 1], "no version is made");
    assert_eq!(store.document(HERE, KIND, "d").await.unwrap(), Some(newest));

    let missing = store.put_in_force(HERE, KIND, "d", 5, None, NOW).await.unwrap_err();
    assert_eq!(missing.kind(), ErrorKind::NotFound);
    assert_eq!(
        store.put_in_force(HERE, KIND, "nobody", 1, None, NOW).await.unwrap(),
        None
    );
}

pub async fn revisions_take_each_others_place_until_one_is_in_force(store: &dyn Store) {
    let made = create(store, 1, WriteMode::Revise).await;
    assert_eq!((&made.published, made.published_version), (&None, None));
    let revised = write(store, 2, WriteMode::Revise).await;
    assert_eq!((&revised.body, revised.published_version), (&json!({"n": 2}), None));
    assert_eq!(numbers(store).await, [1]);
    let kept = store.version(HERE, KIND, "d", 1).await.unwrap().unwrap();
    assert_eq!((kept.body, kept.created), (json!({"n": 2}), NOW.plus(1)));
    assert!(kept.is_revisable);

    let put = |seen, at| async move {
        let seen: Option<serde_json::Value> = seen;
        store
            .put_in_force(HERE, KIND, "d", 1, seen.as_ref(), NOW.plus(at))
            .await
    };
    let busy = put(Some(json!({"n": 1})), 8).await.unwrap_err();
    assert_eq!(busy.kind(), ErrorKind::Busy, "it says something else by now");
    let put = put(Some(json!({"n": 2})), 9).await.unwrap().unwrap();
    assert_eq!(put.published_version, Some(1));

    // What was in force is never changed, also when something else is.
    write(store, 3, WriteMode::Revise).await;
    write(store, 4, WriteMode::Revise).await;
    assert_eq!(numbers(store).await, [2, 1]);
    store.put_in_force(HERE, KIND, "d", 2, None, NOW).await.unwrap();
    store.put_in_force(HERE, KIND, "d", 1, None, NOW).await.unwrap();
    write(store, 5, WriteMode::Revise).await;
    assert_eq!(numbers(store).await, [3, 2, 1]);

    // Nor is what was saved as a version of its own.
    write(store, 6, WriteMode::Save).await;
    write(store, 7, WriteMode::Revise).await;
    let last = write(store, 8, WriteMode::Revise).await;
    assert_eq!(numbers(store).await, [5, 4, 3, 2, 1]);
    assert_eq!(last.published_version, Some(1));
    for (number, body) in [(1, 2), (2, 4), (3, 5), (4, 6), (5, 8)] {
        let kept = store.version(HERE, KIND, "d", number).await.unwrap().unwrap();
        assert_eq!(
            (kept.body, kept.is_revisable),
            (json!({"n": body}), number == 3 || number == 5),
            "version {number}"
        );
    }

    // Another sitting begins with a version of its own. The last revision was made at `NOW.plus(1)`.
    for (at, newest) in [(SITTING_MS, 5), (2 * SITTING_MS, 6), (3 * SITTING_MS - 1, 6)] {
        let now = NOW.plus(at);
        let body = json!({ "at": at });
        let write = DocumentWrite {
            now,
            ..change(KIND, "d", body, WriteMode::Revise)
        };
        store.write_document(HERE, write).await.unwrap();
        assert_eq!(numbers(store).await.first(), Some(&newest), "{at}");
    }
}
