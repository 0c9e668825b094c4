//! Templates changed piece by piece, named by events, approved, counted.

use http::StatusCode;
use serde_json::{Value, json};

use crate::app::App;

/// A template with a mail in two languages and a text message, as it is written.
fn payload() -> Value {
    json!({"name": "Greeting", "content": {"elements": [
        {"type": "channel", "id": "mail", "channel": "email", "elements": [
            {"type": "meta", "id": "subject", "title": "Hello", "locales": {"fr": {"title": "Bonjour"}}},
            {"type": "group", "id": "group", "elements": [
                {"type": "text", "id": "words", "content": "Hello {{name}}", "locales": {"fr": {"content": "Salut"}}},
            ]},
            {"type": "action", "id": "button", "content": "Go", "href": "https://a.example"},
        ]},
        {"type": "channel", "id": "text", "channel": "sms", "elements": [{"type": "text", "content": "Hi"}]},
    ]}})
}

async fn made(app: &App, state: &str) -> String {
    let reply = app
        .post("/notifications", json!({"notification": payload(), "state": state}))
        .await;
    assert_eq!(reply.status, StatusCode::CREATED, "{}", reply.body);
    reply.json()["id"].as_str().unwrap().to_owned()
}

/// An element of the draft by its id, with its checksum.
async fn element(app: &App, template: &str, id: &str) -> Value {
    fn find(elements: &Value, id: &str) -> Option<Value> {
        elements.as_array()?.iter().find_map(|one| {
            if one["id"] == id {
                return Some(one.clone());
            }
            find(&one["elements"], id)
        })
    }
    let draft = app
        .get(&format!("/notifications/{template}/draft/content"))
        .await
        .json();
    find(&draft["elements"], id).unwrap()
}

#[tokio::test]
async fn every_element_has_an_id_and_a_checksum() {
    fn check(elements: &Value) -> usize {
        let Some(elements) = elements.as_array() else { return 0 };
        let each = elements.iter().map(|one| {
            assert!(one["id"].is_string(), "{one}");
            assert_eq!(one["checksum"].as_str().map(str::len), Some(32), "{one}");
            1 + check(&one["elements"])
        });
        each.sum()
    }
    let app = App::start().await;
    let mut written = payload();
    written["content"]["elements"][0]["elements"][1]["elements"] = json!([
        {"type": "text", "content": "a"},
        {"type": "group", "elements": [{"type": "group", "elements": [{"type": "text", "content": "b"}]}]},
    ]);
    let reply = app
        .post("/notifications", json!({"notification": written}))
        .await
        .json();
    let path = format!("/notifications/{}/draft/content", reply["id"].as_str().unwrap());
    assert_eq!(check(&app.get(&path).await.json()["elements"]), 10);
}

#[tokio::test]
async fn a_checksum_is_the_md5_of_the_json_in_order() {
    let app = App::start().await;
    let id = made(&app, "DRAFT").await;
    // md5 of {"content":"Go","href":"https://a.example","type":"action"}
    let button = element(&app, &id, "button").await;
    assert_eq!(button["checksum"], "8be900f994c9e2eb8a13639a0dfa8b3d");
    let words = element(&app, &id, "words").await;
    // md5 of {"content":"Salut"}
    assert_eq!(words["locales"]["fr"]["checksum"], "87be38ce9c6ea48fe676e881c1a71e8f");
}

#[tokio::test]
async fn an_element_is_replaced_with_all_it_had() {
    let app = App::start().await;
    let id = made(&app, "PUBLISHED").await;
    let before = element(&app, &id, "mail").await["checksum"].clone();
    let path = format!("/notifications/{id}/elements/words");
    let written =
        json!({"type": "text", "data": {"content": "Bye", "align": "center"}, "if": "data.leaving", "ref": "bye"});
    let reply = app.put(&path, written).await;
    assert_eq!(reply.status, StatusCode::OK, "{}", reply.body);
    let mutation = reply.json();
    assert_eq!(
        (&mutation["id"], &mutation["state"], &mutation["version"]),
        (&json!(id), &json!("DRAFT"), &json!("2022-01-01"))
    );
    let after = element(&app, &id, "words").await;
    assert_eq!(
        (
            &after["content"],
            &after["align"],
            &after["if"],
            &after["ref"],
            after.get("locales")
        ),
        (
            &json!("Bye"),
            &json!("center"),
            &json!("data.leaving"),
            &json!("bye"),
            None
        )
    );
    assert_ne!(
        element(&app, &id, "mail").await["checksum"],
        before,
        "it covers what is inside"
    );
    let published = app.get(&format!("/notifications/{id}/content")).await.json();
    assert_eq!(published["elements"][0]["checksum"], before);

    let state = json!({"type": "text", "data": {"content": "Now"}, "state": "published"});
    assert_eq!(app.put(&path, state).await.json()["state"], "PUBLISHED");
    let published = app.get(&format!("/notifications/{id}/content")).await.json();
    assert_eq!(published["elements"][0]["elements"][1]["elements"][0]["content"], "Now");

    app.put(
        &format!("/notifications/{id}/elements/nobody"),
        json!({"type": "text", "data": {"content": "a"}}),
    )
    .await
    .is_error(404, &format!("Element nobody not found in template {id}"));
    for (written, told) in [
        (json!({"data": {"content": "a"}}), "type: Required".to_owned()),
        (
            json!({"type": "text", "data": {"content": "a", "colour": "red"}}),
            "content.elements.0.elements.1.elements.0: Unrecognized key: \"colour\"".to_owned(),
        ),
        (
            json!({"type": "action", "data": {"content": "Go"}}),
            "content.elements.0.elements.1.elements.0.href: is required (element words)".to_owned(),
        ),
        (
            json!({"type": "text", "content": "a"}),
            "Unrecognized key: \"content\"".to_owned(),
        ),
    ] {
        app.put(&path, written).await.is_error(400, &told);
    }
    assert_eq!(element(&app, &id, "words").await["content"], "Now");
}

#[tokio::test]
async fn a_language_is_merged_and_all_or_nothing_is_written() {
    let app = App::start().await;
    let id = made(&app, "PUBLISHED").await;
    let path = format!("/notifications/{id}/locales/fr");
    let before = element(&app, &id, "words").await;
    let written = json!({"elements": [{"id": "button", "content": "Allez", "_sourceHash": "x"}]});
    let reply = app.put(&path, written).await;
    assert_eq!(
        (reply.status, &reply.json()["state"]),
        (StatusCode::OK, &json!("DRAFT")),
        "{}",
        reply.body
    );
    let more = json!({"elements": [{"id": "button", "href": "https://a.example/fr"}]});
    app.put(&path, more).await;
    let button = element(&app, &id, "button").await;
    assert_eq!(
        (
            &button["locales"]["fr"]["content"],
            &button["locales"]["fr"]["href"],
            button["locales"]["fr"].get("_sourceHash")
        ),
        (&json!("Allez"), &json!("https://a.example/fr"), None)
    );
    assert_eq!(element(&app, &id, "words").await, before, "what is not named stays");

    let draft = app.get(&format!("/notifications/{id}/draft/content")).await.json();
    for (written, told) in [
        (
            json!({"elements": [{"id": "words", "content": "Oui"}, {"id": "nobody", "content": "Non"}]}),
            format!("elements.1.id: Element nobody not found in template {id}"),
        ),
        (
            json!({"elements": [{"id": "words", "align": "left"}]}),
            "elements.0: Unrecognized key: \"align\"".to_owned(),
        ),
        (
            json!({"elements": [{"content": "Oui"}]}),
            "elements.0.id: Required".to_owned(),
        ),
        (json!({}), "elements: Required".to_owned()),
        (
            json!({"elements": [{"id": "button", "href": 7}]}),
            "content.elements.0.elements.2.href: must be a string, not number (in locale fr) (element button)"
                .to_owned(),
        ),
    ] {
        app.put(&path, written).await.is_error(400, &told);
    }
    let nonsense = app
        .put(&format!("/notifications/{id}/locales/f%20r"), json!({"elements": []}))
        .await;
    nonsense.is_error(400, "locale_id: Expected a language tag such as en or es-MX");
    assert_eq!(
        app.get(&format!("/notifications/{id}/draft/content")).await.json(),
        draft
    );
    let publish = json!({"elements": [{"id": "subject", "title": null}], "state": "PUBLISHED"});
    assert_eq!(app.put(&path, publish).await.json()["state"], "PUBLISHED");
    let published = app.get(&format!("/notifications/{id}/content")).await.json();
    assert_eq!(published["elements"][0]["elements"][0].get("locales"), None);
}

#[tokio::test]
async fn older_clients_write_languages_by_block_and_channel() {
    let app = App::start().await;
    let id = made(&app, "PUBLISHED").await;
    let path = |rest: &str| format!("/notifications/{id}/{rest}");
    let blocks = json!({"blocks": [{"id": "words", "content": "Hallo"}], "channels": [{"id": "mail", "content": {"subject": "Tag"}}]});
    assert_eq!(app.put(&path("locales/de"), blocks).await.json()["state"], "PUBLISHED");
    let published = app.get(&path("content")).await.json();
    assert_eq!(published["elements"][0]["elements"][0]["locales"]["de"]["title"], "Tag");

    let several = json!({"blocks": [{"id": "words", "locales": {"es": "Hola", "it": "Ciao"}}], "channels": null});
    assert_eq!(
        app.put(&path("draft/locales"), several.clone()).await.json()["state"],
        "DRAFT"
    );
    let refused = app.put(&path("locales"), several.clone()).await;
    assert_eq!(refused.status, StatusCode::CONFLICT, "the draft has other changes");
    app.post(&path("publish"), json!({})).await;
    assert_eq!(app.put(&path("locales"), several).await.json()["state"], "PUBLISHED");
    app.put(
        &path("draft/locales/es"),
        json!({"blocks": [{"id": "button", "content": "Vamos"}]}),
    )
    .await;
    app.post(&path("draft/blocks/words/locales"), json!({"pt": "Oi"})).await;
    app.post(
        &path("draft/channels/mail/locales"),
        json!({"pt": {"subject": "Bom dia"}}),
    )
    .await;
    app.post(&path("publish"), json!({})).await;
    app.post(&path("blocks/words/locales"), json!({"sv": "Hej"})).await;
    app.post(&path("channels/mail/locales"), json!({"sv": "God dag"})).await;

    let words = element(&app, &id, "words").await["locales"].clone();
    for (locale, text) in [
        ("de", "Hallo"),
        ("es", "Hola"),
        ("it", "Ciao"),
        ("pt", "Oi"),
        ("sv", "Hej"),
        ("fr", "Salut"),
    ] {
        assert_eq!(words[locale]["content"], text);
    }
    let subject = element(&app, &id, "subject").await["locales"].clone();
    assert_eq!(
        (&subject["pt"]["title"], &subject["sv"]["title"]),
        (&json!("Bom dia"), &json!("God dag"))
    );
    assert_eq!(element(&app, &id, "button").await["locales"]["es"]["content"], "Vamos");
    app.post(&path("blocks/nobody/locales"), json!({"sv": "Hej"}))
        .await
        .is_error(400, &format!("block_id.id: Element nobody not found in template {id}"));
    app.post(&path("channels/text/locales"), json!({"sv": "Hej"}))
        .await
        .is_error(400, "channel_id: Channel text has no subject or title");
}

#[tokio::test]
async fn an_event_stands_for_one_template() {
    let app = App::start().await;
    let first = made(&app, "PUBLISHED").await;
    let second = made(&app, "PUBLISHED").await;
    let map = json!({"id": first, "type": "notification"});
    assert_eq!(app.put("/events/WELCOME", map.clone()).await.json(), map);
    assert_eq!(app.get("/events/WELCOME").await.json(), map);
    app.put("/events/HELLO", json!({"id": first})).await;
    let alias = app.get(&format!("/notifications/{first}")).await.json()["alias"].clone();
    assert_eq!(alias, json!(["WELCOME", "HELLO"]));
    app.put("/events/WELCOME", json!({"id": second})).await;
    assert_eq!(
        app.get(&format!("/notifications/{first}")).await.json()["alias"],
        "HELLO"
    );
    let listed = app.get("/events").await.json();
    assert_eq!(
        listed["results"],
        json!([
            {"id": "HELLO", "type": "notification", "notificationId": first},
            {"id": "WELCOME", "type": "notification", "notificationId": second},
        ])
    );
    app.get("/events/NOTHING")
        .await
        .is_error(404, "Event NOTHING not found");
    app.put("/events/NEW", json!({"id": "nt_x"}))
        .await
        .is_error(400, "id: Notification template nt_x not found");
    assert_eq!(
        app.put(&format!("/events/{first}"), map).await.status,
        StatusCode::CONFLICT
    );
    let tenant = app.put("/events/tenant%2Fx", json!({"id": first})).await;
    tenant.is_error(400, "event_id: Must not begin with tenant/");
}

#[tokio::test]
async fn a_submitted_draft_waits_for_all_its_checks() {
    let app = App::start().await;
    let id = made(&app, "DRAFT").await;
    let path = format!("/notifications/{id}");
    let check = |id: &str, status: &str| json!({"id": id, "status": status, "type": "custom"});
    let pending = json!({"checks": [check("legal", "PENDING")]});
    let reply = app.post(&format!("{path}/submissions"), pending.clone()).await;
    assert_eq!(reply.status, StatusCode::CREATED, "{}", reply.body);
    let submission = reply.json()["submission_id"].as_str().unwrap().to_owned();
    let checks = format!("{path}/{submission}/checks");
    assert_eq!(app.get(&checks).await.json()["checks"][0]["status"], "PENDING");
    let told = format!("Template {id} waits for approval: cancel submission {submission} first");
    app.put(&path, json!({"notification": payload()}))
        .await
        .is_error(409, &told);
    app.post(&format!("{path}/publish"), json!({}))
        .await
        .is_error(409, &told);
    app.post(&format!("{path}/submissions"), json!({}))
        .await
        .is_error(409, &told);
    let element = json!({"type": "text", "data": {"content": "a"}});
    app.put(&format!("{path}/elements/words"), element)
        .await
        .is_error(409, &told);

    let both = json!({"checks": [check("legal", "RESOLVED"), check("brand", "PENDING")]});
    let after = app.put(&checks, both).await.json();
    assert_eq!(
        (&after["checks"][0]["status"], after["checks"][0]["updated"].is_i64()),
        (&json!("RESOLVED"), true)
    );
    assert_eq!(app.get(&path).await.status, StatusCode::NOT_FOUND, "not published yet");
    let all = json!({"checks": [check("legal", "RESOLVED"), check("brand", "RESOLVED")]});
    assert_eq!(app.put(&checks, all.clone()).await.status, StatusCode::OK);
    assert_eq!(app.get(&path).await.json()["state"], "PUBLISHED");
    assert_eq!(app.put(&checks, all).await.status, StatusCode::CONFLICT);

    app.clock.advance(1);
    let again = app.post(&format!("{path}/submissions"), pending).await.json();
    let again = format!("{path}/{}/checks", again["submission_id"].as_str().unwrap());
    assert_eq!(app.delete(&again).await.status, StatusCode::NO_CONTENT);
    assert_eq!(app.get(&again).await.json()["checks"][0]["status"], "FAILED");
    assert_eq!(
        app.put(&path, json!({"notification": payload()})).await.status,
        StatusCode::OK
    );
    app.get(&format!("{path}/7/checks"))
        .await
        .is_error(404, &format!("Submission 7 of notification template {id} not found"));
    let twice = json!({"checks": [check("a", "PENDING"), check("a", "PENDING")]});
    app.put(&again, twice)
        .await
        .is_error(400, "checks.1.id: Expected an id of its own");
    let odd = json!({"checks": [{"id": "a", "status": "MAYBE", "type": "custom"}]});
    app.put(&again, odd).await.is_error(
        400,
        "checks.0.status: Invalid value. Expected 'RESOLVED', 'FAILED', 'PENDING'",
    );
}

#[tokio::test]
async fn a_copy_is_a_draft_without_a_name_to_send_by() {
    let app = App::start().await;
    let id = made(&app, "PUBLISHED").await;
    app.put("/events/WELCOME", json!({"id": id})).await;
    let reply = app.post(&format!("/notifications/{id}/duplicate"), json!({})).await;
    let copy = reply.json();
    assert_eq!(reply.status, StatusCode::CREATED);
    assert_eq!(
        (&copy["name"], &copy["state"], copy.get("alias")),
        (&json!("Greeting (copy)"), &json!("DRAFT"), None)
    );
    let original = app.get(&format!("/notifications/{id}")).await.json();
    assert_eq!(copy["content"], original["content"]);
    assert_ne!(copy["id"], original["id"]);
    let missing = app.post("/notifications/nt_x/duplicate", json!({})).await;
    missing.is_error(404, "Notification template nt_x not found");
}

#[tokio::test]
async fn metrics_count_what_was_sent_by_day() {
    let app = App::start().await;
    let id = made(&app, "PUBLISHED").await;
    for _ in 0..2 {
        let message = json!({"message": {"to": {"email": "a@example.com"}, "template": id}});
        assert_eq!(app.post("/send", message).await.status, StatusCode::ACCEPTED);
    }
    app.drain().await;
    let path = format!("/notifications/{id}/metrics");
    let metrics = app.get(&format!("{path}?lookback=P2D")).await.json();
    assert_eq!(
        (&metrics["notificationId"], &metrics["granularity"]),
        (&json!(id), &json!("DAY"))
    );
    let series = metrics["series"].as_array().unwrap();
    assert_eq!((series.len(), &series[0]["data"]), (3, &json!([])));
    assert_eq!(
        series[2]["data"],
        json!([{"provider": "outbox", "channel": "email", "sent": 2, "delivered": 0, "opened": 0, "clicked": 0,
            "errors": 0, "undeliverable": 0}])
    );
    assert_eq!(series[2]["period"], metrics["series"][2]["period"]);
    assert_eq!(app.get("/notifications/nt_x/metrics").await.json()["series"], json!([]));
    let refused = app.get(&format!("{path}?granularity=YEAR")).await;
    assert_eq!(
        (refused.status, &refused.json()["type"]),
        (StatusCode::BAD_REQUEST, &json!("invalid_params"))
    );
}

#[tokio::test]
async fn the_topic_in_listings_is_that_of_what_is_published() {
    let app = App::start().await;
    app.topic("news", "OPTED_IN").await;
    let mut with_topic = payload();
    with_topic["subscription"] = json!({"topic_id": "news"});
    let id = made(&app, "PUBLISHED").await;
    app.put(&format!("/notifications/{id}"), json!({"notification": with_topic}))
        .await;
    let listed = async || app.get("/notifications").await.json()["results"][0].clone();
    assert_eq!(listed().await.get("topic_id"), None);
    app.post(&format!("/notifications/{id}/publish"), json!({})).await;
    let now = listed().await;
    assert_eq!(
        (&now["topic_id"], &now["subscription_topic_id"]),
        (&json!("news"), &json!("news"))
    );
}
