//! Documents.

use serde_json::{Value, json};
use tidings_types::{ErrorKind, Timestamp};

use super::fixtures::{HERE, NOW, THERE, first};
use crate::documents::{TENANT_CIRCLE, TENANT_TOO_DEEP};
use crate::{Document, DocumentKind, DocumentWrite, NewDocument, PageRequest, ParentChange, Store, WriteMode};

/// A document as most tests need it.
pub fn new(kind: DocumentKind, id: &str, names: &[&str], body: Value, mode: WriteMode) -> NewDocument {
    NewDocument {
        kind,
        id: id.to_owned(),
        parent: None,
        names: names.iter().map(|&name| name.to_owned()).collect(),
        body,
        mode,
        now: NOW,
        by: "ada".to_owned(),
    }
}

/// A change as most tests need it, made by another person a moment later.
pub fn change(kind: DocumentKind, id: &str, body: Value, mode: WriteMode) -> DocumentWrite {
    DocumentWrite {
        kind,
        id: id.to_owned(),
        names: None,
        parent: ParentChange::Keep,
        body,
        mode,
        seen: None,
        now: NOW.plus(1),
        by: "grace".to_owned(),
    }
}

const KIND: DocumentKind = DocumentKind::Notification;

async fn create(store: &dyn Store, id: &str, names: &[&str], mode: WriteMode) -> Document {
    store
        .create_document(HERE, new(KIND, id, names, json!({"n": 1}), mode))
        .await
        .unwrap()
}

async fn named(store: &dyn Store, name: &str) -> Option<String> {
    store
        .document_by_name(HERE, KIND, name)
        .await
        .unwrap()
        .map(|document| document.id)
}

pub async fn a_document_is_made_and_found(store: &dyn Store) {
    let mut topic = new(
        DocumentKind::Topic,
        "t1",
        &["z", "a"],
        json!({"deep": [1, null, "ü"]}),
        WriteMode::Draft,
    );
    topic.parent = Some("section".to_owned());
    let made = store.create_document(HERE, topic).await.unwrap();
    assert_eq!(
        (made.kind, made.id.as_str(), made.parent.as_deref()),
        (DocumentKind::Topic, "t1", Some("section"))
    );
    assert_eq!(made.names, ["z", "a"], "names keep their order");
    assert_eq!(made.body, json!({"deep": [1, null, "ü"]}));
    assert_eq!(
        (&made.published, made.published_version, made.published_at),
        (&None, None, None)
    );
    assert_eq!((made.created, made.creator.as_str()), (NOW, "ada"));
    assert_eq!((made.updated, &made.updater), (None, &None));
    assert!(made.has_changes && !made.archived);

    let found = store.document(HERE, DocumentKind::Topic, "t1").await.unwrap();
    assert_eq!(found.as_ref(), Some(&made));
    assert_eq!(
        store.document_by_name(HERE, DocumentKind::Topic, "a").await.unwrap(),
        found
    );
    assert_eq!(
        store.document_by_name(HERE, DocumentKind::Topic, "t1").await.unwrap(),
        None,
        "an id is no name"
    );
    assert_eq!(store.document(THERE, DocumentKind::Topic, "t1").await.unwrap(), None);
    assert_eq!(store.document(HERE, DocumentKind::Brand, "t1").await.unwrap(), None);
}

pub async fn an_id_or_name_is_taken_once(store: &dyn Store) {
    create(store, "one", &["alias"], WriteMode::Draft).await;
    for wrong in [
        new(KIND, "one", &[], json!({}), WriteMode::Draft),
        new(KIND, "two", &["fresh", "alias"], json!({}), WriteMode::Publish),
    ] {
        let error = store.create_document(HERE, wrong).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Conflict);
    }
    let error = store
        .create_document(HERE, new(KIND, "two", &["alias"], json!({}), WriteMode::Draft))
        .await
        .unwrap_err();
    assert!(error.message().contains("alias"), "the message says which: {error}");
    assert_eq!(named(store, "fresh").await, None, "a refused document leaves nothing");
    assert_eq!(store.document(HERE, KIND, "two").await.unwrap(), None);

    store
        .create_document(THERE, new(KIND, "one", &["alias"], json!({}), WriteMode::Draft))
        .await
        .unwrap();
    let brand = new(DocumentKind::Brand, "one", &["alias"], json!({}), WriteMode::Draft);
    store.create_document(HERE, brand).await.unwrap();
}

pub async fn a_draft_leaves_what_is_published(store: &dyn Store) {
    create(store, "d", &[], WriteMode::Publish).await;
    let draft = change(KIND, "d", json!({"n": 2}), WriteMode::Draft);
    let written = store.write_document(HERE, draft).await.unwrap().unwrap();
    assert_eq!(
        (&written.body, written.published.as_ref()),
        (&json!({"n": 2}), Some(&json!({"n": 1})))
    );
    assert_eq!((written.published_version, written.has_changes), (Some(1), true));
    assert_eq!(
        (written.updated, written.updater.as_deref()),
        (Some(NOW.plus(1)), Some("grace"))
    );
    assert_eq!((written.created, written.creator.as_str()), (NOW, "ada"));
    assert_eq!(store.document(HERE, KIND, "d").await.unwrap(), Some(written));

    let back = change(KIND, "d", json!({"n": 1}), WriteMode::Draft);
    assert!(
        !store.write_document(HERE, back).await.unwrap().unwrap().has_changes,
        "as it is published"
    );
}

pub async fn a_live_document_has_no_versions(store: &dyn Store) {
    let made = create(store, "d", &[], WriteMode::Live).await;
    assert_eq!((made.published.as_ref(), made.has_changes), (Some(&made.body), false));
    let write = change(KIND, "d", json!({"n": 2}), WriteMode::Live);
    let written = store.write_document(HERE, write).await.unwrap().unwrap();
    assert_eq!(written.published, Some(json!({"n": 2})));
    assert_eq!((written.published_version, written.has_changes), (None, false));
    assert!(
        store
            .versions(HERE, KIND, "d", first(10))
            .await
            .unwrap()
            .items
            .is_empty()
    );
}

pub async fn a_write_that_has_not_seen_the_latest_is_refused(store: &dyn Store) {
    create(store, "d", &[], WriteMode::Draft).await;
    let write = |body: i64, seen: i64| DocumentWrite {
        seen: Some(json!({"n": seen})),
        ..change(KIND, "d", json!({"n": body}), WriteMode::Draft)
    };
    store.write_document(HERE, write(2, 1)).await.unwrap().unwrap();
    let error = store.write_document(HERE, write(3, 1)).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Busy);
    assert_eq!(
        store.document(HERE, KIND, "d").await.unwrap().unwrap().body,
        json!({"n": 2})
    );
}

pub async fn names_move_when_they_are_free(store: &dyn Store) {
    create(store, "one", &["a", "b"], WriteMode::Draft).await;
    create(store, "two", &["c"], WriteMode::Draft).await;
    let rename = |id: &str, names: &[&str]| DocumentWrite {
        names: Some(names.iter().map(|&name| name.to_owned()).collect()),
        ..change(KIND, id, json!({"n": 9}), WriteMode::Draft)
    };
    let error = store
        .write_document(HERE, rename("two", &["c", "b"]))
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Conflict);
    let two = store.document(HERE, KIND, "two").await.unwrap().unwrap();
    assert_eq!(
        (two.names, two.body),
        (vec!["c".to_owned()], json!({"n": 1})),
        "half a change is none"
    );

    let one = store
        .write_document(HERE, rename("one", &["b", "d"]))
        .await
        .unwrap()
        .unwrap();
    assert_eq!(one.names, ["b", "d"]);
    store
        .write_document(HERE, rename("two", &["a"]))
        .await
        .unwrap()
        .unwrap();
    assert_eq!(named(store, "a").await.as_deref(), Some("two"));
    assert_eq!(named(store, "b").await.as_deref(), Some("one"));
    assert_eq!(named(store, "c").await, None);
    let kept = store
        .write_document(HERE, change(KIND, "two", json!({}), WriteMode::Draft))
        .await
        .unwrap()
        .unwrap();
    assert_eq!(kept.names, ["a"], "without new names the old ones stay");
}

pub async fn an_archived_document_is_gone_and_its_names_are_free(store: &dyn Store) {
    let made = create(store, "d", &["alias"], WriteMode::Publish).await;
    assert_eq!(store.archived_document(HERE, KIND, "d").await.unwrap(), None);
    assert!(!store.archive_document(THERE, KIND, "d").await.unwrap());
    assert!(store.archive_document(HERE, KIND, "d").await.unwrap());
    assert_eq!(store.archived_document(THERE, KIND, "d").await.unwrap(), None);
    let was = store.archived_document(HERE, KIND, "d").await.unwrap().unwrap();
    assert!(was.archived && was.body == made.body, "what it was can still be read");
    assert!(!store.archive_document(HERE, KIND, "d").await.unwrap(), "once");
    assert_eq!(store.document(HERE, KIND, "d").await.unwrap(), None);
    assert_eq!(named(store, "alias").await, None);
    assert!(
        store
            .documents(HERE, KIND, None, first(10))
            .await
            .unwrap()
            .items
            .is_empty()
    );
    let write = change(KIND, "d", json!({}), WriteMode::Draft);
    assert_eq!(store.write_document(HERE, write).await.unwrap(), None);
    assert_eq!(
        store.publish_document(HERE, KIND, "d", None, NOW, "ada").await.unwrap(),
        None
    );

    create(store, "heir", &["alias"], WriteMode::Draft).await;
    let again = create(store, "d", &[], WriteMode::Draft).await;
    assert_eq!(store.archived_document(HERE, KIND, "d").await.unwrap(), None);
    assert!(again.names.is_empty() && !again.archived);
    assert_eq!(
        (again.published, again.published_version),
        (None, None),
        "nothing of the old one is left"
    );
}

pub async fn documents_are_listed_oldest_first_by_kind_and_parent(store: &dyn Store) {
    for (number, id) in ["c", "a", "b", "e", "d"].into_iter().enumerate() {
        let number = u64::try_from(number).unwrap();
        let mut document = new(DocumentKind::Topic, id, &[], json!({}), WriteMode::Live);
        // The last two at the same moment.
        document.now = NOW.plus(number.min(3));
        document.parent = (number % 2 == 0).then(|| "even".to_owned());
        store.create_document(HERE, document).await.unwrap();
    }
    create(store, "other-kind", &[], WriteMode::Draft).await;
    let even = store
        .documents(HERE, DocumentKind::Topic, Some("even"), first(10))
        .await
        .unwrap();
    assert_eq!(
        even.items.iter().map(|one| one.id.as_str()).collect::<Vec<_>>(),
        ["c", "b", "d"]
    );

    let mut seen = Vec::new();
    let mut request = PageRequest { after: None, limit: 2 };
    loop {
        let page = store
            .documents(HERE, DocumentKind::Topic, None, request.clone())
            .await
            .unwrap();
        seen.extend(page.items.into_iter().map(|one| one.id));
        let Some(next) = page.next else { break };
        request.after = Some(next);
    }
    assert_eq!(seen, ["c", "a", "b", "d", "e"]);
}

pub async fn the_revision_grows_with_each_change(store: &dyn Store) {
    let mut last = store.documents_revision(HERE).await.unwrap();
    let other = store.documents_revision(THERE).await.unwrap();
    create(store, "d", &[], WriteMode::Draft).await;
    let mut grown = async |what: &str| {
        let revision = store.documents_revision(HERE).await.unwrap();
        assert!(revision > last, "{what}");
        last = revision;
    };
    grown("made").await;
    store
        .write_document(HERE, change(KIND, "d", json!({"n": 2}), WriteMode::Draft))
        .await
        .unwrap();
    grown("written").await;
    store.publish_document(HERE, KIND, "d", None, NOW, "ada").await.unwrap();
    grown("published").await;
    store.archive_document(HERE, KIND, "d").await.unwrap();
    grown("archived").await;
    assert_eq!(
        store.documents_revision(THERE).await.unwrap(),
        other,
        "the other environment saw no change"
    );
}

pub async fn a_missing_document_is_none(store: &dyn Store) {
    let write = change(KIND, "none", json!({}), WriteMode::Draft);
    assert_eq!(store.write_document(HERE, write).await.unwrap(), None);
    assert_eq!(
        store
            .publish_document(HERE, KIND, "none", None, Timestamp::default(), "ada")
            .await
            .unwrap(),
        None
    );
    assert!(!store.archive_document(HERE, KIND, "none").await.unwrap());
    assert_eq!(store.version(HERE, KIND, "none", 1).await.unwrap(), None);
    assert!(
        store
            .versions(HERE, KIND, "none", first(10))
            .await
            .unwrap()
            .items
            .is_empty()
    );
}

pub async fn a_document_moves_to_another_parent(store: &dyn Store) {
    let at = |id: &str, parent: Option<&str>| NewDocument {
        parent: parent.map(str::to_owned),
        ..new(DocumentKind::Tenant, id, &[], json!({}), WriteMode::Live)
    };
    store.create_document(HERE, at("a", None)).await.unwrap();
    store.create_document(HERE, at("b", Some("a"))).await.unwrap();
    let children = async |parent: &str| {
        let page = store
            .documents(HERE, DocumentKind::Tenant, Some(parent), first(9))
            .await;
        page.unwrap().items.into_iter().map(|one| one.id).collect::<Vec<_>>()
    };
    assert_eq!(children("a").await, ["b"]);
    let to = |parent: ParentChange| DocumentWrite {
        parent,
        ..change(DocumentKind::Tenant, "b", json!({}), WriteMode::Live)
    };
    let kept = store
        .write_document(HERE, to(ParentChange::Keep))
        .await
        .unwrap()
        .unwrap();
    assert_eq!(kept.parent.as_deref(), Some("a"));
    let moved = ParentChange::Set(Some("c".to_owned()));
    store.write_document(HERE, to(moved)).await.unwrap();
    assert_eq!(
        (children("a").await.len(), children("c").await),
        (0, vec!["b".to_owned()])
    );
    let freed = store.write_document(HERE, to(ParentChange::Set(None))).await.unwrap();
    assert_eq!(freed.unwrap().parent, None);
}

pub async fn tenants_stand_in_no_circle_and_not_too_deep(store: &dyn Store) {
    let made = async |id: &str, parent: Option<&str>| {
        let new = NewDocument {
            parent: parent.map(str::to_owned),
            ..new(DocumentKind::Tenant, id, &[], json!({}), WriteMode::Live)
        };
        store.create_document(HERE, new).await
    };
    let moved = async |id: &str, parent: &str| {
        let write = DocumentWrite {
            parent: ParentChange::Set(Some(parent.to_owned())),
            ..change(DocumentKind::Tenant, id, json!({}), WriteMode::Live)
        };
        store.write_document(HERE, write).await
    };
    let parent = async |id: &str| {
        let found = store.document(HERE, DocumentKind::Tenant, id).await.unwrap();
        found.unwrap().parent
    };
    for (id, parent) in [
        ("a", None),
        ("b", Some("a")),
        ("c", Some("b")),
        ("d", Some("c")),
        ("x", None),
    ] {
        made(id, parent).await.unwrap();
    }
    assert_eq!(moved("a", "a").await.unwrap_err().message(), TENANT_CIRCLE);
    assert_eq!(moved("a", "c").await.unwrap_err().message(), TENANT_CIRCLE);
    assert_eq!(made("e", Some("d")).await.unwrap_err().message(), TENANT_TOO_DEEP);
    assert_eq!(moved("a", "x").await.unwrap_err().message(), TENANT_TOO_DEEP);
    assert_eq!(parent("a").await, None, "nothing was written");
    assert!(store.archive_document(HERE, DocumentKind::Tenant, "a").await.unwrap());
    assert_eq!(parent("b").await, None, "it stands on its own");
    made("e", Some("d")).await.unwrap();
    made("a", None).await.unwrap();
    assert_eq!(parent("b").await, None, "another of that id is not its parent");
}

pub async fn a_name_is_given_to_one_document_and_taken_from_another(store: &dyn Store) {
    create(store, "n1", &["a", "b"], WriteMode::Live).await;
    create(store, "n2", &["c"], WriteMode::Live).await;
    let before = store.documents_revision(HERE).await.unwrap();
    assert!(store.name_document(HERE, KIND, "b", "n2").await.unwrap());
    assert!(store.name_document(HERE, KIND, "d", "n2").await.unwrap());
    assert!(store.documents_revision(HERE).await.unwrap() > before);
    assert_eq!(named(store, "b").await.as_deref(), Some("n2"));
    let names = async |id: &str| store.document(HERE, KIND, id).await.unwrap().unwrap().names;
    assert_eq!(names("n1").await, ["a"]);
    assert_eq!(names("n2").await, ["c", "b", "d"], "in the order in which they came");
    let again = store.name_document(HERE, KIND, "d", "n2").await.unwrap();
    assert!(again, "once more changes nothing");
    assert!(!store.name_document(HERE, KIND, "a", "nobody").await.unwrap());
    assert!(!store.name_document(THERE, KIND, "a", "n2").await.unwrap());
    let all = store.document_names(HERE, KIND).await.unwrap();
    let all: Vec<_> = all.iter().map(|(name, id)| (name.as_str(), id.as_str())).collect();
    assert_eq!(all, [("a", "n1"), ("b", "n2"), ("c", "n2"), ("d", "n2")]);
    assert_eq!(store.document_names(HERE, DocumentKind::Brand).await.unwrap(), []);
    store.archive_document(HERE, KIND, "n2").await.unwrap();
    assert_eq!(store.document_names(HERE, KIND).await.unwrap().len(), 1);
}
