use serde_json::json;
use tidings_types::{ErrorKind, Object, Timestamp, UserId};

use super::fixtures::{HERE, NOW, THERE, first};
use crate::audit::under;
use crate::{AuditEvent, AuditLine, PageRequest, Store, TrackEffect, TrackEvent, TrackKind};

fn event(id: &str, at: Timestamp) -> AuditEvent {
    AuditEvent {
        id: id.to_owned(),
        at,
        actor: "key_1".to_owned(),
        target: "/lists/x".to_owned(),
        source: "api".to_owned(),
        kind: "lists:update".to_owned(),
    }
}

fn line(id: &str, at: Timestamp) -> AuditLine {
    let event = event(id, at);
    AuditLine::new(HERE, move || event.clone())
}

pub async fn audit_events_are_listed_newest_first(store: &dyn Store) {
    for (id, at) in [("a", NOW), ("b", NOW), ("c", NOW.plus(1))] {
        under(line(id, at), store.put_list(HERE, "x", "X", None, at))
            .await
            .unwrap();
    }
    let page = store.audit_events(HERE, first(2)).await.unwrap();
    assert_eq!(
        page.items.iter().map(|one| one.id.as_str()).collect::<Vec<_>>(),
        ["c", "b"]
    );
    let rest = PageRequest {
        after: page.next,
        limit: 9,
    };
    assert_eq!(store.audit_events(HERE, rest).await.unwrap().items, [event("a", NOW)]);
    assert_eq!(store.audit_event(HERE, "b").await.unwrap(), Some(event("b", NOW)));
    assert_eq!(store.audit_event(THERE, "b").await.unwrap(), None);
}

pub async fn a_change_and_its_line_are_one(store: &dyn Store) {
    let made = line("a", NOW);
    under(made.clone(), async {
        assert!(!store.delete_list(HERE, "none", NOW).await.unwrap());
        assert!(!made.is_written(), "nothing was changed");
        store.put_list(HERE, "x", "X", None, NOW).await.unwrap();
        assert!(made.is_written());
        store.put_list(HERE, "y", "Y", None, NOW).await.unwrap();
    })
    .await;
    assert_eq!(
        store.audit_events(HERE, first(9)).await.unwrap().items,
        [event("a", NOW)]
    );

    // A line that cannot be written takes its change with it, and leaves what others write.
    let twice = line("a", NOW);
    let (refused, other) = tokio::join!(
        under(twice.clone(), store.put_list(HERE, "z", "Z", None, NOW)),
        store.put_list(HERE, "other", "Other", None, NOW),
    );
    assert!(refused.is_err());
    assert!(other.is_ok());
    assert!(!twice.is_written());
    assert!(store.list(HERE, "z").await.unwrap().is_none());

    // A change that is refused has no line.
    under(line("c", NOW), async {
        let twice = super::fixtures::several("r", &["m", "m"]);
        let refused = store.accept(twice).await.unwrap_err();
        assert_eq!(refused.kind(), ErrorKind::Conflict);
    })
    .await;
    assert_eq!(store.audit_event(HERE, "c").await.unwrap(), None);
}

pub async fn an_event_that_comes_in_is_taken_once(store: &dyn Store) {
    let event = TrackEvent {
        message_id: "m".to_owned(),
        kind: TrackKind::Track,
        event: "signed up".to_owned(),
        user_id: Some("ada".to_owned()),
        properties: json!({"plan": "pro"}).as_object().cloned().unwrap(),
        at: NOW,
    };
    assert!(store.take_track_event(HERE, event.clone(), None).await.unwrap());
    let again = TrackEvent {
        event: "another".to_owned(),
        ..event.clone()
    };
    assert!(!store.take_track_event(HERE, again, None).await.unwrap());
    assert_eq!(store.track_event(HERE, "m").await.unwrap(), Some(event.clone()));
    for (id, at) in [("a", NOW), ("z", NOW.plus(1))] {
        let one = TrackEvent {
            message_id: id.to_owned(),
            at,
            ..event.clone()
        };
        assert!(store.take_track_event(HERE, one, None).await.unwrap());
    }
    let page = store.track_events(HERE, first(2)).await.unwrap();
    let ids: Vec<_> = page.items.iter().map(|one| one.message_id.as_str()).collect();
    assert_eq!(ids, ["z", "m"], "newest first");
    let rest = PageRequest {
        after: page.next,
        limit: 2,
    };
    let page = store.track_events(HERE, rest).await.unwrap();
    assert_eq!((page.items[0].message_id.as_str(), page.next), ("a", None));
    assert_eq!(store.track_events(THERE, first(2)).await.unwrap().items, []);
    assert_eq!(store.track_event(THERE, "m").await.unwrap(), None);
}

pub async fn an_event_changes_its_person_once(store: &dyn Store) {
    let object = |value: serde_json::Value| value.as_object().cloned().unwrap();
    let ada = UserId::from("ada");
    let event = |id: &str, kind| TrackEvent {
        message_id: id.to_owned(),
        kind,
        event: "told".to_owned(),
        user_id: Some("ada".to_owned()),
        properties: Object::new(),
        at: NOW,
    };
    let told = |traits| Some(TrackEffect::Profile(object(traits)));
    let take = async |event, effect| store.take_track_event(HERE, event, effect).await;
    let who = event("who", TrackKind::Identify);
    assert!(
        take(who.clone(), told(json!({"name": "Ada", "at": {"city": "Bonn"}})))
            .await
            .unwrap()
    );
    assert!(!take(who.clone(), told(json!({"name": "Eve"}))).await.unwrap());
    let again = event("again", TrackKind::Identify);
    assert!(take(again, told(json!({"at": {"zip": "1"}}))).await.unwrap());
    let profile = store.profile(HERE, &ada).await.unwrap().unwrap();
    assert_eq!(
        profile,
        object(json!({"name": "Ada", "at": {"city": "Bonn", "zip": "1"}}))
    );
    assert_eq!(store.track_event(HERE, "who").await.unwrap(), Some(who));

    let group = event("group", TrackKind::Group);
    let join = |tenant: &str| Some(TrackEffect::Tenant(tenant.to_owned()));
    assert!(take(group.clone(), join("acme")).await.unwrap());
    assert!(!take(group, join("other")).await.unwrap());
    let nobody = TrackEvent {
        user_id: None,
        ..event("nobody", TrackKind::Group)
    };
    assert!(take(nobody, join("other")).await.unwrap());
    let members = async |tenant: &str| store.members(HERE, tenant, first(9)).await.unwrap().items;
    let acme = members("acme").await;
    assert_eq!((acme.len(), &acme[0].user_id, acme[0].created), (1, &ada, NOW));
    assert_eq!(members("other").await, []);
}
