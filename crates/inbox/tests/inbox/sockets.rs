//! The web client's framing, who may follow what, and what is told to whom.

use std::time::Duration;

use futures_util::SinkExt as _;
use serde_json::{Value, json};
use tokio_tungstenite::tungstenite::Message;

use crate::app::{ALL, App};

#[tokio::test]
async fn a_message_comes_once_and_whole() {
    let app = App::start().await;
    app.send("ada", "before").await;
    let mut socket = app.web("ada", "c1", None).await;
    let more = json!({ "metadata": { "tags": ["t"] }, "data": { "n": 1 } });
    let id = app.send_with(json!({ "user_id": "ada" }), "live", more).await;
    let mut frame = socket.hear().await;
    assert_eq!((&frame["event"], &frame["messageId"]), (&json!("message"), &json!(id)));
    let data = frame["data"].take();
    let query = format!(
        "{{ message(messageId: \"{id}\") {{ messageId title preview created tags trackingIds {{ clickTrackingId }} }} }}"
    );
    let stored = app.client("ada").await.ask(&query).await["message"].take();
    for name in ["messageId", "title", "preview", "created", "tags"] {
        assert_eq!(data[name], stored[name], "{name}");
    }
    let click = &stored["trackingIds"]["clickTrackingId"];
    assert_eq!(&data["trackingIds"]["clickTrackingId"], click);
    assert_eq!(&data["data"]["trackingIds"]["clickTrackingId"], click);
    assert_eq!(data["data"]["n"], 1);
    assert!(socket.is_silent().await, "once, and nothing of before");
}

#[tokio::test]
async fn questions_are_answered_and_nonsense_is_survived() {
    let app = App::start().await;
    let mut socket = app.web("ada", "c1", None).await;
    for junk in [
        json!("junk"),
        json!({ "action": "fly", "tid": "x" }),
        json!({ "tid": "p", "action": "pong" }),
    ] {
        socket.say(&junk).await;
    }
    socket.0.send(Message::text("{")).await.unwrap();
    socket.0.send(Message::binary(vec![1, 2])).await.unwrap();
    socket.say(&json!({ "tid": "p1", "action": "ping" })).await;
    assert_eq!(socket.hear().await, json!({ "tid": "p1", "response": "pong" }));
    socket
        .say(&json!({ "tid": "u", "action": "unsubscribe", "data": { "channel": "ada" } }))
        .await;
    assert_eq!(socket.hear().await, json!({ "tid": "u", "response": "ack" }));
    app.send("ada", "unheard").await;
    assert!(socket.is_silent().await);
}

#[tokio::test]
async fn marks_reach_every_other_device_and_not_their_own() {
    let app = App::start().await;
    let id = app.send("ada", "one").await;
    let mut laptop = app.web("ada", "laptop", None).await;
    let mut desk = app.web("ada", "desk", None).await;
    let mut phone = app.phone("ada", "phone", None).await;
    let mut eve = app.web("eve", "eve", None).await;
    let ada = app.client("ada").await.from("laptop");
    for (mark, event) in [
        ("read", "read"),
        ("unread", "unread"),
        ("opened", "opened"),
        ("archive", "archive"),
        ("unarchive", "unarchive"),
    ] {
        ada.ask(&format!("mutation {{ {mark}(messageId: \"{id}\") }}")).await;
        assert_eq!(desk.hear().await, json!({ "event": event, "messageId": id }));
        assert_eq!(
            phone.hear().await,
            json!({ "type": "event", "event": event, "messageId": id })
        );
    }
    ada.ask(&format!("mutation {{ clicked(messageId: \"{id}\") }}")).await;
    assert_eq!(desk.hear().await["event"], "clicked");
    ada.ask("mutation { markAllRead }").await;
    assert_eq!(desk.hear().await, json!({ "event": "mark-all-read" }));
    assert_eq!(phone.hear().await, json!({ "type": "event", "event": "mark-all-read" }));
    ada.ask("mutation { archiveAll }").await;
    assert_eq!(desk.hear().await, json!({ "event": "archive-all" }));
    assert_eq!(
        phone.hear().await,
        json!({ "type": "event", "event": "archive", "messageId": id })
    );
    app.client("ada")
        .await
        .from("phone")
        .ask(&format!("mutation {{ unarchive(messageId: \"{id}\") }}"))
        .await;
    assert_eq!(
        laptop.hear().await["event"],
        "unarchive",
        "the first it hears: the rest it did itself"
    );
    for socket in [&mut laptop, &mut phone, &mut eve] {
        assert!(socket.is_silent().await);
    }
}

#[tokio::test]
async fn tenants_are_apart() {
    let app = App::start().await;
    let mut plain = app.web("ada", "plain", None).await;
    let mut acme = app.web("ada", "acme", Some("acme")).await;
    let first = app.send("ada", "plain").await;
    let to = json!({ "user_id": "ada", "context": { "tenant_id": "acme" } });
    let second = app.send_with(to, "acme", json!({})).await;
    assert_eq!(plain.hear().await["messageId"], json!(first));
    assert_eq!(acme.hear().await["messageId"], json!(second));
    let ada = app.client("ada").await;
    ada.clone().from("acme").ask("mutation { markAllRead }").await;
    ada.ask(&format!("mutation {{ archive(messageId: \"{first}\") }}"))
        .await;
    assert_eq!(plain.hear().await, json!({ "event": "archive", "messageId": first }));
    assert!(acme.is_silent().await);
}

#[tokio::test]
async fn what_is_done_to_all_is_told_tenant_by_tenant() {
    let app = App::start().await;
    let plain = app.send("ada", "plain").await;
    let to = json!({ "user_id": "ada", "context": { "tenant_id": "acme" } });
    let acme = app.send_with(to, "acme", json!({})).await;
    let mut phone = app.phone("ada", "p1", None).await;
    let mut acme_phone = app.phone("ada", "p2", Some("acme")).await;
    let mut zeta = app.web("ada", "w1", Some("zeta")).await;
    let mut acme_web = app.web("ada", "w2", Some("acme")).await;
    app.client("ada").await.ask("mutation { archiveAll }").await;
    let archived = |id| json!({ "type": "event", "event": "archive", "messageId": id });
    assert_eq!(phone.hear().await, archived(plain));
    assert_eq!(acme_phone.hear().await, archived(acme));
    assert_eq!(acme_web.hear().await, json!({ "event": "archive-all" }));
    for socket in [&mut phone, &mut acme_phone, &mut zeta] {
        assert!(socket.is_silent().await);
    }
}

#[tokio::test]
async fn only_older_web_packages_hear_what_only_they_know() {
    let app = App::start().await;
    let pinned = json!({ "channels": { "inbox": { "override": { "pinned": { "slotId": "top" } } } } });
    let id = app.send_with(json!({ "user_id": "ada" }), "pinned", pinned).await;
    let mut web = app.web("ada", "w1", None).await;
    let mut phone = app.phone("ada", "p1", None).await;
    let mut older = app.older_web("ada", "o1", None).await;
    let mut own = app.older_web("ada", "o2", None).await;
    let ada = app.client("ada").await.from("o2");
    ada.ask(&format!("mutation {{ unpin(messageId: \"{id}\") }}")).await;
    let unpinned = json!({ "type": "event", "event": "unpin", "messageId": id });
    assert_eq!(older.hear().await, unpinned);
    for socket in [&mut web, &mut phone, &mut own] {
        assert!(socket.is_silent().await);
    }
}

#[tokio::test]
async fn a_frame_that_is_too_long_is_answered() {
    let app = App::start().await;
    for framing in ["", "&iwpv=v1"] {
        let token = app.token("ada", ALL).await;
        let mut socket = app.connect(&format!("/?auth={token}{framing}")).await.unwrap();
        socket
            .say(&json!({ "action": "fly", "text": "x".repeat(20_000) }))
            .await;
        assert_eq!(socket.close_code().await, Some(1009), "{framing}");
        let mut socket = app.connect(&format!("/?auth={token}{framing}")).await.unwrap();
        // What is longer still is not even read.
        let _cut = socket.0.send(Message::text("x".repeat(2_000_000))).await;
        socket.close_code().await;
    }
}

#[tokio::test]
async fn who_may_not_follow_is_refused() {
    let app = App::start().await;
    let eve = app.token("eve", ALL).await;
    for (address, status) in [
        ("/".to_owned(), 401),
        ("/?auth=undefined&iwpv=v1&userId=ada".to_owned(), 401),
        ("/?auth=a.b.c".to_owned(), 401),
        (format!("/?auth={eve}&iwpv=v1&userId=ada"), 403),
        (
            format!("/?auth={}&iwpv=v1", app.token("ada", "read:preferences").await),
            403,
        ),
    ] {
        assert_eq!(app.connect(&address).await.err(), Some(status), "{address}");
    }
    let mut socket = app
        .connect(&format!("/?auth={eve}&cid=c&iwpv=v1&userId=eve"))
        .await
        .unwrap();
    socket
        .say(&json!({ "tid": "s", "action": "subscribe", "data": { "channel": "ada", "event": "*" } }))
        .await;
    assert_eq!(socket.hear().await["response"], "error");
    let mut phone = app.connect(&format!("/?auth={eve}")).await.unwrap();
    phone
        .say(&json!({ "action": "subscribe", "data": { "channel": "ada", "event": "*" } }))
        .await;
    assert!(phone.hear().await["error"].is_string());
    app.send("ada", "hers").await;
    assert!(socket.is_silent().await && phone.is_silent().await);
}

#[tokio::test]
async fn an_api_key_is_in_no_address_unless_that_is_meant() {
    let app = App::start().await;
    let key = app.api_key().await;
    let address = format!("/?auth={key}&iwpv=v1&userId=ada");
    assert_eq!(app.connect(&address).await.err(), Some(403));
    let mut phone = app.phone("ada", "c1", None).await;
    phone
        .say(&json!({ "action": "renewSession", "data": { "auth": key, "version": 5 } }))
        .await;
    assert!(phone.hear().await["error"].is_string());
    let limits = tidings_inbox::Limits {
        keys: true,
        ..tidings_inbox::Limits::of(9)
    };
    let app = App::bearing(limits, false).await;
    let key = app.api_key().await;
    assert!(app.connect(&format!("/?auth={key}&iwpv=v1&userId=ada")).await.is_ok());
}

#[tokio::test]
async fn any_path_will_do() {
    let app = App::start().await;
    let token = app.token("ada", ALL).await;
    for path in ["/", "/realtime", "/realtime/"] {
        let mut socket = app
            .connect(&format!("{path}?auth={token}&iwpv=v1&userId=ada"))
            .await
            .unwrap();
        socket.say(&json!({ "tid": "p", "action": "ping" })).await;
        assert_eq!(socket.hear().await["response"], "pong", "{path}");
    }
}

#[tokio::test]
async fn there_is_a_limit_and_places_are_free_again() {
    let app = App::with(2).await;
    let first = app.web("ada", "c1", None).await;
    let _second = app.web("ada", "c2", None).await;
    let token = app.token("ada", ALL).await;
    let address = format!("/?auth={token}");
    assert_eq!(app.connect(&address).await.err(), Some(503));
    drop(first);
    let again = async {
        while app.connect(&address).await.is_err() {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(10), again).await.unwrap();
}

#[tokio::test]
async fn a_lost_hint_costs_time_and_nothing_else() {
    let app = App::start().await;
    let mut socket = app.web("ada", "c1", None).await;
    // Written beside the services, as another node would whose hint was lost.
    let store = &app.world.services.store;
    let id = app.send("ada", "one").await;
    assert_eq!(socket.hear().await["messageId"], json!(id));
    let marking = tidings_store::Marking {
        environment: app.world.caller.environment,
        user_id: "ada".to_owned(),
        message_id: id.clone(),
        mark: tidings_store::Mark::Read,
        at: tidings_types::Clock::now(app.world.clock.as_ref()),
        source: None,
        via: None,
    };
    store.mark(marking).await.unwrap();
    let told = socket.hear_within(Duration::from_secs(20)).await;
    assert_eq!(told, Some(json!({ "event": "read", "messageId": id })));
}

#[tokio::test]
async fn a_phone_may_go_on_with_another_token() {
    let app = App::start().await;
    let mut socket = app.phone("ada", "c1", None).await;
    let renew = |token: String| json!({ "action": "renewSession", "data": { "auth": token, "version": 5 } });
    socket.say(&renew(app.token("ada", ALL).await)).await;
    socket.settle().await;
    let id = app.send("ada", "still").await;
    assert_eq!(socket.hear().await["messageId"], json!(id));
    socket.say(&renew(app.token("eve", ALL).await)).await;
    socket.settle().await;
    app.send("ada", "no longer").await;
    assert!(socket.is_silent().await);
    socket.say(&renew("a.b.c".to_owned())).await;
    assert_ne!(socket.hear().await["error"], Value::Null);
}

#[tokio::test]
async fn what_the_application_hides_is_put_away_on_every_device() {
    let app = App::start().await;
    let id = app.send("ada", "one").await;
    let mut socket = app.web("ada", "c1", None).await;
    let services = &app.world.services;
    let (environment, request) = (app.world.caller.environment, id.as_str().into());
    let found = tidings_pipeline::requests::archive(services, environment, &request).await;
    assert!(found.unwrap());
    assert_eq!(socket.hear().await, json!({ "event": "archive", "messageId": id }));
    assert_eq!(app.client("ada").await.titles("archived: true").await, ["one"]);
}
