//! What people do with their messages.

use serde_json::json;
use tidings_testkit::When;
use tidings_types::EventType;

use crate::app::App;

#[tokio::test]
async fn marks_hold_and_can_be_taken_back() {
    let app = App::start().await;
    let id = app.send("ada", "one").await;
    let ada = app.client("ada").await;
    let state = || async {
        let query = format!("{{ message(messageId: \"{id}\") {{ read opened archived }} }}");
        let message = ada.ask(&query).await["message"].take();
        ["read", "opened", "archived"].map(|name| message[name].as_str().map(str::to_owned))
    };
    assert_eq!(state().await, [None, None, None]);
    let now = || Some("2026-09-21T14:13:20.000Z".to_owned());
    for (mark, expected) in [
        ("read", [now(), None, None]),
        ("opened", [now(), now(), None]),
        ("archive", [now(), now(), now()]),
        ("unread", [None, now(), now()]),
        ("unarchive", [None, now(), None]),
    ] {
        for _twice in 0..2 {
            let answer = ada
                .ask(&format!("mutation TrackEvent {{ {mark}(messageId: \"{id}\") }}"))
                .await;
            assert_eq!(answer[mark], true);
            assert_eq!(state().await, expected, "{mark}");
        }
    }
    let clicked = format!("mutation TrackEvent {{ clicked(messageId: \"{id}\", trackingId: \"x\") }}");
    assert_eq!(ada.ask(&clicked).await["clicked"], true);
    assert_eq!(
        ada.ask("mutation { read(messageId: \"unknown\") }").await["read"],
        false
    );
}

#[tokio::test]
async fn a_message_knows_what_was_done_with_it() {
    let app = App::start().await;
    let id = app.send("ada", "one").await;
    let ada = app.client("ada").await;
    ada.ask(&format!(
        "mutation {{ opened(messageId: \"{id}\") read(messageId: \"{id}\") }}"
    ))
    .await;
    assert_eq!(app.world.status(&id).await, "OPENED");
    ada.ask(&format!(
        "mutation {{ clicked(messageId: \"{id}\", trackingId: null) }}"
    ))
    .await;
    assert_eq!(app.world.status(&id).await, "CLICKED");
    let history = app.world.history(&id).await;
    for kind in [EventType::Opened, EventType::Read, EventType::Clicked] {
        assert_eq!(history.iter().filter(|one| **one == kind).count(), 1, "{kind}");
    }
}

#[tokio::test]
async fn tags_come_and_go() {
    let app = App::start().await;
    let id = app.send("ada", "one").await;
    let ada = app.client("ada").await;
    let tag = |verb: &str, tag: &str| format!("mutation {{ {verb}(messageId: \"{id}\", tag: \"{tag}\") }}");
    assert_eq!(ada.ask(&tag("addTag", "later")).await["addTag"], true);
    assert_eq!(ada.titles("tags: [\"later\"]").await, ["one"]);
    assert_eq!(ada.ask(&tag("removeTag", "later")).await["removeTag"], true);
    assert!(ada.titles("tags: [\"later\"]").await.is_empty());
    for wrong in ["", "a\\\"b", &"x".repeat(31)] {
        assert_eq!(ada.ask(&tag("addTag", wrong)).await["addTag"], false, "{wrong}");
    }
}

#[tokio::test]
async fn many_are_marked_at_once() {
    let app = App::start().await;
    let first = app.send("ada", "one").await;
    app.send("ada", "two").await;
    app.send("eve", "hers").await;
    let ada = app.client("ada").await;
    ada.ask(&format!("mutation {{ read(messageId: \"{first}\") }}")).await;
    assert_eq!(
        ada.ask("mutation TrackEvent { archiveRead }").await["archiveRead"],
        true
    );
    assert_eq!(ada.titles("").await, ["two"]);
    assert_eq!(ada.titles("archived: true").await, ["one"]);
    assert_eq!(
        ada.ask("mutation TrackEvent { markAllRead }").await["markAllRead"],
        true
    );
    assert_eq!(ada.count("status: \"unread\"").await, 0);
    assert_eq!(ada.ask("mutation TrackEvent { archiveAll }").await["archiveAll"], true);
    assert_eq!((ada.count("").await, ada.count("archived: true").await), (0, 2));
    assert_eq!(app.client("eve").await.count("status: \"unread\"").await, 1);
    assert_eq!(app.world.status(&first).await, "OPENED");
}

#[tokio::test]
async fn many_are_marked_for_the_tenant_that_the_client_shows() {
    let app = App::start().await;
    app.send("ada", "plain").await;
    let acme = || json!({ "user_id": "ada", "context": { "tenant_id": "acme" } });
    app.send_with(acme(), "acme", json!({})).await;
    let _shown = app.web("ada", "at-acme", Some("acme")).await;
    let ada = app.client("ada").await.from("at-acme");
    ada.ask("mutation { markAllRead }").await;
    assert_eq!(ada.count("status: \"unread\"").await, 1);
    assert_eq!(ada.count("status: \"unread\", accountId: \"acme\"").await, 0);
    app.client("ada")
        .await
        .from("elsewhere")
        .ask("mutation { markAllRead }")
        .await;
    assert_eq!(
        ada.count("status: \"unread\"").await,
        0,
        "a client that shows no tenant means all"
    );
}

#[tokio::test]
async fn the_older_packages_report_by_tracking_id() {
    let app = App::start().await;
    let id = app.send("ada", "one").await;
    let ada = app.client("ada").await;
    let query = format!("{{ message(messageId: \"{id}\") {{ trackingIds {{ readTrackingId deliverTrackingId }} }} }}");
    let ids = ada.ask(&query).await["message"]["trackingIds"].take();
    let track = |id: &str| format!("mutation {{ trackEvent(trackingId: \"{id}\") {{ id }} }}");
    let delivered = ids["deliverTrackingId"].as_str().unwrap();
    assert_eq!(ada.ask(&track(delivered)).await["trackEvent"]["id"], delivered);
    assert_eq!(app.world.status(&id).await, "DELIVERED");
    let read = ids["readTrackingId"].as_str().unwrap();
    let other = app.client("eve").await;
    assert!(
        other.ask(&track(read)).await["trackEvent"].is_null(),
        "someone else's message"
    );
    assert!(other.ask(&track(delivered)).await["trackEvent"].is_null());
    assert_eq!(ada.ask(&track(read)).await["trackEvent"]["id"], read);
    assert_eq!(ada.count("status: \"unread\"").await, 0);
    assert!(ada.ask(&track("nonsense")).await["trackEvent"].is_null());
    app.send("ada", "two").await;
    let all = "mutation { batchTrackEvent(eventType: \"read\") { ids } }";
    assert_eq!(
        ada.ask(all).await["batchTrackEvent"]["ids"].as_array().unwrap().len(),
        1
    );
    assert_eq!(ada.count("status: \"unread\"").await, 0);
}

#[tokio::test]
async fn what_came_into_view_is_written_at_once_and_told_one_by_one() {
    let app = App::start().await;
    let mut ids = Vec::new();
    for title in ["one", "two", "three"] {
        ids.push(app.send("ada", title).await.into_string());
    }
    let mut other = app.web("ada", "other", None).await;
    // A second write would fail.
    app.world.faults.fail("mark_each", 2, When::Before);
    let open = |(index, id): (usize, &String)| format!("open_{index}: opened(messageId: \"{id}\")");
    let unknown = "unknown".to_owned();
    let fields: Vec<_> = ids.iter().chain([&unknown, &ids[0]]).enumerate().map(open).collect();
    let ada = app.client("ada").await.from("here");
    let answer = ada
        .ask(&format!("mutation BatchTrackEvents {{ {} }}", fields.join(" ")))
        .await;
    let answers: Vec<_> = (0..5)
        .map(|index| answer[format!("open_{index}")].as_bool().unwrap())
        .collect();
    assert_eq!(answers, [true, true, true, false, true]);
    assert!(app.world.faults.any_left(), "there was one write");
    let mut told = Vec::new();
    for _ in &ids {
        let frame = other.hear().await;
        assert_eq!(frame["event"], "opened");
        told.push(frame["messageId"].as_str().unwrap().to_owned());
    }
    assert_eq!(told, ids);
    for id in &ids {
        assert_eq!(app.world.status(&id.as_str().into()).await, "OPENED");
    }
}

#[tokio::test]
async fn write_track_is_enough_to_report_by_tracking_id_and_for_nothing_else() {
    let app = App::start().await;
    let id = app.send("ada", "hers").await;
    let token = app.token("ada", "write:track").await;
    let tracker = app.bearer(&token);
    let ids = app
        .client("ada")
        .await
        .ask(&format!(
            "{{ message(messageId: \"{id}\") {{ trackingIds {{ readTrackingId }} }} }}"
        ))
        .await;
    let reading = ids["message"]["trackingIds"]["readTrackingId"].as_str().unwrap();
    let track = format!("mutation {{ trackEvent(trackingId: \"{reading}\") {{ id }} }}");
    assert_eq!(tracker.ask(&track).await["trackEvent"]["id"], reading);
    let all = "mutation { batchTrackEvent(eventType: \"read\") { ids } }";
    assert_eq!(tracker.status(all).await, 200);

    for refused in [
        "{ count }".to_owned(),
        "{ messages { nodes { title } } }".to_owned(),
        format!("{{ message(messageId: \"{id}\") {{ title }} }}"),
        format!("mutation {{ unread(messageId: \"{id}\") }}"),
        format!("mutation {{ archive(messageId: \"{id}\") }}"),
        "mutation { markAllRead }".to_owned(),
        "{ preferencePage { sections { nodes { name } } } }".to_owned(),
        "{ recipientPreferences { nodes { templateId } } }".to_owned(),
        "mutation { updatePreferenceV2(templateId: \"news\", preferences: { status: OPTED_OUT }) { status } }"
            .to_owned(),
        "{ brand { links } }".to_owned(),
    ] {
        assert_eq!(tracker.status(&refused).await, 403, "{refused}");
    }
    let socket = app.connect(&format!("/?auth={token}&cid=c&iwpv=v1&userId=ada")).await;
    assert_eq!(socket.err(), Some(403), "nor does it follow the feed");
    let ada = app.client("ada").await;
    assert_eq!(ada.count("status: \"unread\"").await, 0, "what it reported holds");
    assert_eq!(ada.titles("").await, ["hers"], "what was refused had no effect");
}
