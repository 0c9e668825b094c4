//! What people choose through apps: all that the page offers, logged as theirs, and never another's.

use http::{Method, StatusCode};
use serde_json::{Value, json};

use crate::app::{App, Reply};

const PAGE: &str = "/users/ann/preference-page";

struct Scene {
    app: App,
    token: String,
    topics: String,
}

impl Scene {
    async fn start() -> Self {
        let app = App::start().await;
        let section = json!({"name": "Product", "has_custom_routing": true, "routing_options": ["email", "sms"]});
        let made = app.post("/preferences/sections", section).await;
        let topics = format!("/preferences/sections/{}/topics", made.json()["id"].as_str().unwrap());
        let scope = json!({"scope": "user_id:ann read:preferences write:preferences", "expires_in": "1h"});
        let token = app.post("/auth/issue-token", scope).await.json()["token"]
            .as_str()
            .unwrap()
            .to_owned();
        Self { app, token, topics }
    }

    async fn topic(&self, more: &Value) -> String {
        let mut topic = json!({"name": "News", "default_status": "OPTED_IN"});
        topic.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        let made = self.app.post(&self.topics, topic).await;
        assert_eq!(made.status, StatusCode::CREATED, "{}", made.body);
        made.json()["id"].as_str().unwrap().to_owned()
    }

    /// A tenant that is there.
    async fn tenant(&self, id: &str) {
        let made = self.app.put(&format!("/tenants/{id}"), json!({"name": id})).await;
        assert!(made.status.is_success(), "{}", made.body);
    }

    async fn call(&self, method: Method, path: &str, body: &Value) -> Reply {
        self.app.call(method, path).bearer(&self.token).json(body).send().await
    }

    async fn first_topic(&self) -> Value {
        let page = self.app.get(PAGE).await.json();
        page["sections"][0]["topics"][0].clone()
    }

    async fn sources(&self) -> Vec<String> {
        let log = self.app.get("/preferences/logs?user_id=ann").await.json();
        let items = log["items"].as_array().unwrap().iter();
        items.map(|line| line["source"].as_str().unwrap().to_owned()).collect()
    }

    async fn ledger(&self) -> Vec<(String, Value)> {
        let ledger = self.app.get("/users/ann/consents").await.json();
        let lines = ledger["results"].as_array().unwrap().iter();
        lines
            .map(|line| (line["action"].as_str().unwrap().to_owned(), line["wording"].clone()))
            .collect()
    }
}

#[tokio::test]
async fn one_change_of_the_page_says_all_and_is_undone_as_one() {
    let scene = Scene::start().await;
    let daily = json!({"frequency": "daily", "time": "09:00", "is_default": true});
    let weekly = json!({"frequency": "weekly", "time": "09:00", "day_of_week": "monday"});
    let template = crate::digests::template(&scene.app, "published").await;
    let more = json!({
        "allowed_preferences": ["snooze"],
        "digest": {"template_id": template, "schedules": [daily, weekly]},
    });
    let id = scene.topic(&more).await;
    let before = scene.first_topic().await;
    let rhythm = before["digest_schedules"][1]["schedule_id"].clone();
    let hours = json!({"start": "21:00", "end": "06:00"});
    let change = json!({
        "quiet_hours": {"start": "22:00", "end": "07:00"}, "pause_until": "2031-01-01T00:00:00Z",
        "topics": [{"topic_id": id, "channels": ["sms"], "digest_schedule_id": rhythm,
                    "pause_until": "2030-01-01T00:00:00Z", "quiet_hours": hours}],
    });
    let done = scene.call(Method::PATCH, PAGE, &change).await;
    assert_eq!(done.status, StatusCode::OK, "{}", done.body);
    let after = scene.first_topic().await;
    assert_eq!(after["chosen_channels"], json!(["sms"]));
    assert_eq!(after["digest_schedule_id"], rhythm);
    assert_eq!(after["pause_until"], "2030-01-01T00:00:00.000Z");
    assert_eq!(after["quiet_hours"], hours);
    assert_eq!(
        scene.app.get(PAGE).await.json()["pause_until"],
        "2031-01-01T00:00:00.000Z"
    );
    assert!(scene.sources().await.iter().all(|source| source == "app"));
    let at = json!({"at": done.json()["at"]});
    scene.call(Method::POST, &format!("{PAGE}/undo"), &at).await;
    assert_eq!(scene.first_topic().await, before);
    assert_eq!(scene.app.get(PAGE).await.json()["pause_until"], Value::Null);
}

#[tokio::test]
async fn what_the_page_does_not_offer_is_refused_by_name() {
    let scene = Scene::start().await;
    let id = scene.topic(&json!({})).await;
    for (change, told) in [
        (json!({"topic_id": "x"}), "topics.0.topic_id: The page has no topic x"),
        (
            json!({"topic_id": id, "status": "REQUIRED"}),
            "topics.0.status: Invalid value. Expected 'OPTED_IN' or 'OPTED_OUT'",
        ),
        (
            json!({"topic_id": id, "channels": []}),
            "topics.0.channels: Choose at least one channel, or opt out",
        ),
        (
            json!({"topic_id": id, "channels": ["push"]}),
            "topics.0.channels: The topic does not offer this channel",
        ),
        (
            json!({"topic_id": id, "pause_until": "2030-01-01T00:00:00Z"}),
            "topics.0.pause_until: The topic allows no pause",
        ),
        (
            json!({"topic_id": id, "digest_schedule_id": "s"}),
            "topics.0.digest_schedule_id: The topic has no such digest schedule",
        ),
    ] {
        let change = json!({"topics": [change], "pause_until": "2031-01-01T00:00:00Z"});
        scene.call(Method::PATCH, PAGE, &change).await.is_error(400, told);
    }
    assert!(scene.sources().await.is_empty(), "and nothing was written");
}

#[tokio::test]
async fn every_way_of_writing_is_logged_as_the_persons_own() {
    let scene = Scene::start().await;
    let id = scene.topic(&json!({"allowed_preferences": ["snooze"]})).await;
    let one = format!("/users/ann/preferences/{id}");
    let out = json!({"topic": {"status": "OPTED_OUT", "pause_until": "2030-01-01T00:00:00Z",
                               "quiet_hours": {"start": "22:00", "end": "07:00"}}});
    assert_eq!(scene.call(Method::PUT, &one, &out).await.status, StatusCode::OK);
    let shown = scene.app.get(&one).await.json();
    assert_eq!(shown["topic"]["pause_until"], "2030-01-01T00:00:00.000Z");
    assert_eq!(shown["topic"]["quiet_hours"]["end"], "07:00");
    let topics = |status: &str| json!({"topics": [{"topic_id": id, "status": status}]});
    scene
        .call(Method::POST, "/users/ann/preferences", &topics("OPTED_IN"))
        .await;
    scene
        .call(Method::PUT, "/users/ann/preferences", &topics("OPTED_OUT"))
        .await;
    let kept = scene.app.get(&one).await.json();
    assert_eq!(
        kept["topic"]["pause_until"], "2030-01-01T00:00:00.000Z",
        "what is not spoken of stays"
    );
    scene.call(Method::DELETE, &one, &json!({})).await;
    assert_eq!(scene.sources().await, ["app", "app", "app", "app"]);
    scene.app.put(&one, json!({"topic": {"status": "OPTED_OUT"}})).await;
    assert_eq!(scene.sources().await[0], "api");
}

#[tokio::test]
async fn nobody_reads_or_writes_anothers() {
    let scene = Scene::start().await;
    let id = scene.topic(&json!({})).await;
    for (method, path) in [
        (Method::GET, "/users/bob/preference-page".to_owned()),
        (Method::PATCH, "/users/bob/preference-page".to_owned()),
        (Method::POST, "/users/bob/preference-page/unsubscribe-all".to_owned()),
        (Method::POST, "/users/bob/preference-page/undo".to_owned()),
        (Method::GET, "/users/bob/consents".to_owned()),
        (Method::PUT, format!("/users/bob/preferences/{id}")),
        (Method::DELETE, format!("/users/bob/preferences/{id}")),
    ] {
        let body = json!({"topic": {"status": "OPTED_OUT"}, "at": 1, "pause_until": null});
        let reply = scene.call(method, &path, &body).await;
        reply.is_error(403, "The token is not bound to this user");
    }
    assert_eq!(scene.app.get("/users/bob/preferences").await.json()["items"], json!([]));
}

#[tokio::test]
async fn the_ledger_names_the_words_in_force() {
    let scene = Scene::start().await;
    let id = scene.topic(&json!({"classification": "marketing"})).await;
    let one = format!("/users/ann/preferences/{id}");
    scene
        .call(Method::PUT, &one, &json!({"topic": {"status": "OPTED_IN"}}))
        .await;
    scene
        .call(Method::PUT, &one, &json!({"topic": {"status": "OPTED_OUT"}}))
        .await;
    let named = json!({"topic": {"status": "OPTED_IN", "wording": "app-3"}});
    scene.call(Method::PUT, &one, &named).await;
    let ledger = scene.ledger().await;
    assert_eq!(ledger[2], ("granted".to_owned(), json!("app-3")));
    let words = ledger[0].1.as_str().unwrap();
    assert!(words.starts_with("topic-"), "{words}");
    assert_eq!(ledger[1].1, ledger[0].1);
    let owner = json!({"name": "News", "default_status": "OPTED_IN", "classification": "marketing", "consent_wording": "2026-09"});
    let path = format!("{}/{id}", scene.topics);
    assert_eq!(scene.app.put(&path, owner).await.json()["consent_wording"], "2026-09");
    scene
        .call(Method::PUT, &one, &json!({"topic": {"status": "OPTED_OUT"}}))
        .await;
    assert_eq!(scene.ledger().await[3].1, "2026-09");
}

#[tokio::test]
async fn for_a_tenant_only_a_word_is_consent_or_its_end() {
    let scene = Scene::start().await;
    scene.tenant("acme").await;
    let id = scene.topic(&json!({"classification": "marketing"})).await;
    let one = format!("/users/ann/preferences/{id}");
    scene
        .call(Method::PUT, &one, &json!({"topic": {"status": "OPTED_IN"}}))
        .await;
    let within = format!("{PAGE}?tenant_id=acme");
    let channels = json!({"topics": [{"topic_id": id, "channels": ["sms"]}]});
    assert_eq!(
        scene.call(Method::PATCH, &within, &channels).await.status,
        StatusCode::OK
    );
    let granted = |count: usize, ledger: &[(String, Value)]| assert_eq!(ledger.len(), count, "{ledger:?}");
    granted(1, &scene.ledger().await);
    let out = json!({"topics": [{"topic_id": id, "status": "OPTED_OUT"}]});
    scene.call(Method::PATCH, &within, &out).await;
    assert_eq!(scene.ledger().await[1].0, "withdrawn");
    scene
        .call(Method::DELETE, &format!("{one}?tenant_id=acme"), &json!({}))
        .await;
    assert_eq!(scene.ledger().await[2].0, "reset");
    let page = scene.app.get(&within).await.json();
    assert_eq!(
        page["sections"][0]["topics"][0]["status"], "OPTED_IN",
        "the general consent holds again"
    );
}

#[tokio::test]
async fn leaving_everything_reaches_what_is_not_published_and_every_tenant() {
    let scene = Scene::start().await;
    scene.tenant("acme").await;
    let first = scene.topic(&json!({})).await;
    scene.app.post("/preferences/publish", json!({})).await;
    let second = scene.topic(&json!({})).await;
    let path = format!("/users/ann/preferences/{first}");
    let status = async |path: &str| scene.app.get(path).await.json()["topic"]["status"].clone();
    let within = format!("{path}?tenant_id=acme");
    scene
        .call(Method::PUT, &within, &json!({"topic": {"status": "OPTED_IN"}}))
        .await;
    let left = scene
        .call(Method::POST, &format!("{PAGE}/unsubscribe-all"), &json!({}))
        .await;
    assert_eq!(left.status, StatusCode::OK, "{}", left.body);
    assert_eq!(status(&within).await, "OPTED_OUT");
    assert_eq!(status(&format!("/users/ann/preferences/{second}")).await, "OPTED_OUT");
    scene
        .call(Method::POST, &format!("{PAGE}/undo"), &json!({"at": left.json()["at"]}))
        .await;
    assert_eq!(status(&within).await, "OPTED_IN");
    assert_eq!(status(&path).await, "OPTED_IN");
}

#[tokio::test]
async fn of_two_who_write_at_once_neither_is_lost() {
    let scene = Scene::start().await;
    let id = scene.topic(&json!({})).await;
    for round in 0..12 {
        let user = format!("u{round}");
        let one = format!("/users/{user}/preferences/{id}");
        let page = format!("/users/{user}/preference-page");
        let channels = json!({"topics": [{"topic_id": id, "channels": ["sms"]}]});
        let hours = json!({"quiet_hours": {"start": "22:00", "end": "07:00"}});
        let pause = json!({"pause_until": "2031-01-01T00:00:00Z"});
        let out = json!({"topics": [{"topic_id": id, "status": "OPTED_OUT"}]});
        let (a, b, c, d) = tokio::join!(
            scene.app.patch(&page, channels),
            scene.app.patch(&page, hours),
            scene.app.patch(&page, pause),
            scene.app.patch(&page, out),
        );
        for reply in [a, b, c, d] {
            assert_eq!(reply.status, StatusCode::OK, "{}", reply.body);
        }
        let topic = scene.app.get(&one).await.json()["topic"].clone();
        assert_eq!(
            (&topic["status"], &topic["custom_routing"]),
            (&json!("OPTED_OUT"), &json!(["sms"]))
        );
        let all = scene.app.get(&page).await.json();
        assert_eq!(all["pause_until"], "2031-01-01T00:00:00.000Z");
        assert_eq!(all["quiet_hours"]["start"], "22:00");
    }
}

#[tokio::test]
async fn the_older_form_refuses_what_it_does_not_know() {
    let scene = Scene::start().await;
    let id = scene.topic(&json!({})).await;
    let said = json!({"categories": {id.clone(): {"status": "OPTED_OUT"}}});
    scene.app.put("/preferences/ann", said).await;
    for wrong in [
        json!({"topics": []}),
        json!({"foo": 1}),
        json!({"categories": {"*": {"status": "OPTED_OUT"}}}),
    ] {
        let reply = scene.app.put("/preferences/ann", wrong.clone()).await;
        assert_eq!(reply.status, StatusCode::BAD_REQUEST, "{wrong}: {}", reply.body);
    }
    let kept = scene.app.get("/preferences/ann").await.json();
    assert_eq!(kept["categories"][&id]["status"], "OPTED_OUT");
}
