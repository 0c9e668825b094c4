//! Digests as their owners set them up, and what becomes of what is gathered.

use http::StatusCode;
use serde_json::{Value, json};
use tidings_types::{Clock as _, Environment};

use crate::app::App;

/// A template, in a state.
pub(crate) async fn template(app: &App, state: &str) -> String {
    let elements = json!([{"type": "channel", "channel": "email", "elements": [
        {"type": "meta", "title": "Gathered"}, {"type": "text", "content": "{{digest.count}} in all"},
    ]}]);
    let template = json!({"name": "Digest", "content": {"elements": elements}});
    let made = app
        .post("/notifications", json!({"notification": template, "state": state}))
        .await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.body);
    made.json()["id"].as_str().unwrap().to_owned()
}

async fn section(app: &App) -> String {
    let made = app.post("/preferences/sections", json!({"name": "Product"})).await;
    format!("/preferences/sections/{}/topics", made.json()["id"].as_str().unwrap())
}

fn topic(digest: &Value) -> Value {
    json!({"name": "News", "default_status": "OPTED_IN", "digest": digest})
}

/// The path and the body of a topic that gathers daily.
async fn gathering(app: &App) -> (String, Value) {
    let (topics, template) = (section(app).await, template(app, "published").await);
    let daily = json!({"frequency": "daily", "time": "09:00"});
    let made = app
        .post(&topics, topic(&json!({"template_id": template, "schedules": [daily]})))
        .await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.body);
    let made = made.json();
    (format!("{topics}/{}", made["id"].as_str().unwrap()), made)
}

/// Sends a message of a topic to somebody, and carries out what is due.
async fn send(app: &App, topic: &Value, user: &str) -> String {
    let message = json!({"message": {
        "to": {"user_id": user, "email": format!("{user}@example.com")},
        "content": {"title": "Hi", "body": "Hello"},
        "preferences": {"subscription_topic_id": topic["id"]},
    }});
    let reply = app.post("/send", message).await;
    assert_eq!(reply.status, StatusCode::ACCEPTED, "{}", reply.body);
    app.drain().await;
    reply.json()["requestId"].as_str().unwrap().to_owned()
}

async fn status(app: &App, message: &str) -> String {
    let message = app.get(&format!("/messages/{message}")).await.json();
    message["status"].as_str().unwrap().to_owned()
}

/// What is and was gathered in the topic's first rhythm.
async fn instances(app: &App, topic: &Value) -> Vec<Value> {
    let id = topic["digest"]["schedules"][0]["schedule_id"].as_str().unwrap();
    let found = app.get(&format!("/digests/schedules/{id}/instances")).await.json();
    found["items"].as_array().unwrap().clone()
}

/// How many messages there are, and the last one.
async fn messages(app: &App) -> (usize, Value) {
    let all = app.get("/messages").await.json()["results"].as_array().unwrap().clone();
    (all.len(), all.first().cloned().unwrap_or_default())
}

#[tokio::test]
async fn what_a_digest_cannot_be_is_named() {
    let app = App::start().await;
    let (topics, id) = (section(&app).await, template(&app, "published").await);
    let draft = template(&app, "draft").await;
    let gone = template(&app, "published").await;
    assert!(app.delete(&format!("/notifications/{gone}")).await.status.is_success());
    let daily = || json!({"frequency": "daily", "time": "09:00"});
    let with = |mut schedule: Value, key: &str, value: Value| {
        schedule[key] = value;
        schedule
    };
    let category = json!({"category_key": "c"});
    for (digest, told) in [
        (
            json!({"template_id": "nope", "schedules": [daily()]}),
            "digest.template_id: Notification template nope not found",
        ),
        (
            json!({"template_id": draft, "schedules": [daily()]}),
            "digest.template_id: ",
        ),
        (
            json!({"template_id": gone, "schedules": [daily()]}),
            "digest.template_id: ",
        ),
        (
            json!({"template_id": id, "schedules": [daily()], "audience_id": "nobody"}),
            "digest.audience_id: ",
        ),
        (
            json!({"template_id": id, "schedules": [daily()], "categories": [category, category]}),
            "digest.categories.1.category_key: Named twice",
        ),
        (
            json!({"template_id": id, "schedules": [
                with(daily(), "is_default", json!(true)), with(daily(), "is_default", json!(true)),
            ]}),
            "digest.schedules.1.is_default: ",
        ),
        (
            json!({"template_id": id, "schedules": [with(daily(), "disabled", json!(true))]}),
            "digest.schedules: Expected at least one that is not disabled",
        ),
        (
            json!({"template_id": id, "schedules": [
                {"frequency": "custom_days", "time": "09:00", "days_of_week": ["monday", "Monday"]},
            ]}),
            "digest.schedules.0.days_of_week: Named twice",
        ),
    ] {
        let reply = app.post(&topics, topic(&digest)).await;
        assert_eq!(reply.status, StatusCode::BAD_REQUEST, "{digest}: {}", reply.body);
        let message = reply.json()["message"].as_str().unwrap().to_owned();
        assert!(message.starts_with(told), "{digest}: {message}");
    }
    assert_eq!(
        app.get(&topics).await.json()["results"],
        json!([]),
        "and nothing was made"
    );

    let (path, made) = gathering(&app).await;
    let schedule = &made["digest"]["schedules"][0];
    let twice = json!({"template_id": id, "schedules": [schedule, schedule]});
    app.put(&path, topic(&twice))
        .await
        .is_error(400, "digest.schedules.1.schedule_id: Named twice");
    app.post(&format!("{path}/digest/release"), json!({"user_id": ""}))
        .await
        .is_error(400, "user_id: Required");
}

#[tokio::test]
async fn categories_that_are_left_out_stay() {
    let app = App::start().await;
    let (path, made) = gathering(&app).await;
    let template = &made["digest"]["template_id"];
    let likes = json!([{"category_key": "like", "retain": "LAST", "limit": 3}]);
    let changed = app
        .put(&path, topic(&json!({"template_id": template, "categories": likes})))
        .await
        .json();
    assert_eq!(changed["digest"]["categories"], likes);
    let kept = app.put(&path, topic(&json!({"template_id": template}))).await.json();
    assert_eq!(kept["digest"]["categories"], likes);
    let reset = app
        .put(&path, topic(&json!({"template_id": template, "categories": []})))
        .await
        .json();
    assert_eq!(reset["digest"]["categories"][0]["category_key"], "digest");
}

#[tokio::test]
async fn everyone_is_sent_what_is_gathered_when_asked_for() {
    let app = App::start().await;
    let (path, made) = gathering(&app).await;
    for user in ["ann", "ann", "bob"] {
        let id = send(&app, &made, user).await;
        assert_eq!(status(&app, &id).await, "DIGESTED");
    }
    let gathered = instances(&app, &made).await;
    assert_eq!(gathered.len(), 2);
    let ann = gathered.iter().find(|one| one["user_id"] == "ann").unwrap();
    assert_eq!(
        (&ann["event_count"], &ann["status"], &ann["disabled"]),
        (&json!(2), &json!("IN_PROGRESS"), &json!(false))
    );
    assert_eq!(
        ann["categories"][0],
        json!({"category_key": "digest", "retain": "first"})
    );

    app.clock.advance(1);
    let release = json!({"user_id": "ann"});
    let released = app.post(&format!("{path}/digest/release"), release.clone()).await;
    assert_eq!(released.status, StatusCode::NO_CONTENT);
    app.drain().await;
    assert_eq!(messages(&app).await.0, 4);
    assert_eq!(messages(&app).await.1["recipient"], "ann");
    app.post(&format!("{path}/digest/release"), release).await;
    app.drain().await;
    assert_eq!(messages(&app).await.0, 4, "nothing is gathered any more");

    app.clock.advance(1);
    let schedule = made["digest"]["schedules"][0]["schedule_id"].as_str().unwrap();
    for _ in 0..2 {
        let trigger = format!("/digests/schedules/{schedule}/trigger");
        assert_eq!(app.post(&trigger, json!({})).await.status, StatusCode::NO_CONTENT);
    }
    app.drain().await;
    let (count, last) = messages(&app).await;
    assert_eq!((count, &last["recipient"]), (5, &json!("bob")));
    assert!(
        instances(&app, &made)
            .await
            .iter()
            .all(|one| one["status"] == "COMPLETED")
    );
}

#[tokio::test]
async fn one_that_cannot_be_sent_stops_no_other() {
    let app = App::start().await;
    let (_path, made) = gathering(&app).await;
    let schedule = made["digest"]["schedules"][0]["schedule_id"].as_str().unwrap();
    let users = ["ann", "bob", "cleo"];
    for user in users {
        send(&app, &made, user).await;
    }
    // The job that is to look at Ann's cannot be read.
    let store = &app.services.store;
    let job = |due: &str| {
        tidings_store::JobKey::new(
            Environment::Test,
            "release-digest",
            json!([schedule, made["id"], "", "ann", due]).to_string(),
        )
    };
    let broken = tidings_store::NewJob {
        name: job("asked"),
        lane: tidings_store::Lane::Normal,
        due: app.clock.now(),
        body: json!("nothing that such a job knows"),
    };
    store.enqueue_jobs(vec![broken]).await.unwrap();
    app.post(&format!("/digests/schedules/{schedule}/trigger"), json!({}))
        .await;
    app.drain().await;
    let waiting: Vec<_> = instances(&app, &made)
        .await
        .into_iter()
        .filter(|one| one["status"] == "IN_PROGRESS")
        .map(|one| one["user_id"].clone())
        .collect();
    assert_eq!(waiting, [json!("ann")], "the others were sent theirs");
}

#[tokio::test]
async fn a_digest_that_is_turned_off_or_a_topic_that_goes_sends_what_is_gathered() {
    let app = App::start().await;
    for gone in ["digest", "null", "topic"] {
        let (path, made) = gathering(&app).await;
        send(&app, &made, "ann").await;
        send(&app, &made, "ann").await;
        let before = messages(&app).await.0;
        let reply = match gone {
            "digest" => app.delete(&format!("{path}/digest")).await,
            "null" => app.put(&path, topic(&Value::Null)).await,
            _ => app.delete(&path).await,
        };
        assert!(reply.status.is_success(), "{gone}: {}", reply.body);
        app.drain().await;
        assert_eq!(messages(&app).await.0, before + 1, "{gone}: one last digest");
        assert_eq!(instances(&app, &made).await[0]["status"], "COMPLETED", "{gone}");
    }
}
