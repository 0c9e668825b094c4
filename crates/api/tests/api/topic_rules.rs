//! What a topic can be, and what people agreed to.

use http::StatusCode;
use serde_json::{Value, json};

use crate::app::App;

async fn section(app: &App) -> String {
    let made = app.post("/preferences/sections", json!({"name": "Product"})).await;
    format!("/preferences/sections/{}/topics", made.json()["id"].as_str().unwrap())
}

fn topic(more: &Value) -> Value {
    let mut topic = json!({"name": "News", "default_status": "OPTED_IN"});
    topic.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    topic
}

#[tokio::test]
async fn what_a_topic_cannot_be_is_named() {
    let app = App::start().await;
    let topics = section(&app).await;
    let digest = |digest: Value| json!({ "digest": digest });
    let daily = json!({"frequency": "daily", "time": "09:00"});
    for (more, told) in [
        (
            json!({"default_status": "REQUIRED", "classification": "marketing"}),
            "default_status: ",
        ),
        (
            json!({"include_unsubscribe_header": true, "classification": "transactional"}),
            "include_unsubscribe_header: ",
        ),
        (
            json!({"default_status": "OPTED_OUT", "classification": "transactional"}),
            "default_status: ",
        ),
        (json!({"double_opt_in": true}), "double_opt_in: "),
        (
            json!({"classification": "marketing", "consent_wording": " "}),
            "consent_wording: ",
        ),
        (json!({"limits": [{"max": 0, "per": "day"}]}), "limits.0.max: "),
        (
            json!({"quiet_hours": {"start": "25:00", "end": "07:00"}}),
            "quiet_hours.start: ",
        ),
        (digest(json!({"template_id": "t"})), "digest.schedules: Required"),
        (digest(json!({"schedules": [daily]})), "digest.template_id: Required"),
        (
            digest(json!({"template_id": "t", "schedules": []})),
            "digest.schedules: Expected at least one",
        ),
        (
            digest(json!({"template_id": "t", "schedules": [{"frequency": "daily"}]})),
            "digest.schedules.0.time: Required",
        ),
        (
            digest(json!({"template_id": "t", "schedules": [{"frequency": "weekly", "time": "09:00"}]})),
            "digest.schedules.0.day_of_week: ",
        ),
        (
            digest(
                json!({"template_id": "t", "schedules": [{"frequency": "monthly", "time": "09:00", "day_of_month": 32}]}),
            ),
            "digest.schedules.0.day_of_month: ",
        ),
        (
            digest(
                json!({"template_id": "t", "schedules": [{"frequency": "daily", "time": "09:00", "timezone": "Mars"}]}),
            ),
            "digest.schedules.0.timezone: ",
        ),
        (
            digest(
                json!({"template_id": "t", "schedules": [daily], "categories": [{"category_key": "c", "retain": "highest"}]}),
            ),
            "digest.categories.0.sort_key: ",
        ),
    ] {
        let reply = app.post(&topics, topic(&more)).await;
        assert_eq!(reply.status, StatusCode::BAD_REQUEST, "{more}");
        let message = reply.json()["message"].as_str().unwrap().to_owned();
        assert!(message.starts_with(told), "{more}: {message}");
    }
    assert_eq!(
        app.get(&topics).await.json()["results"],
        json!([]),
        "and nothing was made"
    );
}

#[tokio::test]
async fn a_digest_is_completed_kept_replaced_and_taken_away() {
    let app = App::start().await;
    let topics = section(&app).await;
    let template = json!({"notification": {"name": "T", "content": {"elements": []}}, "state": "published"});
    let template = app.post("/notifications", template).await.json()["id"].clone();
    let schedules =
        json!([{"frequency": "weekly", "day_of_week": "Monday", "time": "9:00", "timezone": "Europe/Berlin"}]);
    let made = app
        .post(
            &topics,
            topic(&json!({"digest": {"template_id": template, "schedules": schedules}})),
        )
        .await
        .json();
    let digest = &made["digest"];
    assert_eq!(digest["schedules"][0]["day_of_week"], "monday");
    assert_eq!(digest["schedules"][0]["time"], "09:00");
    assert_eq!(
        digest["categories"],
        json!([{"category_key": "digest", "retain": "FIRST", "limit": 10}])
    );
    let id = digest["schedules"][0]["schedule_id"].as_str().unwrap().to_owned();
    let path = format!("{topics}/{}", made["id"].as_str().unwrap());
    let kept = app.put(&path, topic(&json!({}))).await.json();
    assert_eq!(
        kept["digest"]["schedules"][0]["schedule_id"],
        id.as_str(),
        "left out, it stays"
    );

    let choice = json!({"topic": {"status": "OPTED_IN", "digest_schedule_id": id}});
    let person = format!("/users/ann/preferences/{}", made["id"].as_str().unwrap());
    assert_eq!(app.put(&person, choice).await.status, StatusCode::OK);
    assert_eq!(
        app.get(&person).await.json()["topic"]["digest_schedule_id"],
        id.as_str()
    );

    assert_eq!(
        app.delete(&format!("{path}/digest")).await.status,
        StatusCode::NO_CONTENT
    );
    assert_eq!(app.get(&path).await.json().get("digest"), None);
    let empty = app.get(&format!("/digests/schedules/{id}/instances")).await.json();
    assert_eq!((&empty["items"], &empty["has_more"]), (&json!([]), &json!(false)));
    assert_eq!(
        app.post(&format!("/digests/schedules/{id}/trigger"), json!({}))
            .await
            .status,
        StatusCode::NO_CONTENT
    );
}

#[tokio::test]
async fn consent_is_recorded_with_the_choice_and_erasure_leaves_proof() {
    let app = App::start().await;
    let topics = section(&app).await;
    let made = app
        .post(&topics, topic(&json!({"classification": "marketing"})))
        .await
        .json();
    let path = format!("/users/ann/preferences/{}", made["id"].as_str().unwrap());
    for status in ["OPTED_IN", "OPTED_IN", "OPTED_OUT"] {
        assert_eq!(
            app.put(&path, json!({"topic": {"status": status}})).await.status,
            StatusCode::OK
        );
    }
    let ledger = app.get("/users/ann/consents").await.json();
    let actions: Vec<_> = ledger["results"]
        .as_array()
        .unwrap()
        .iter()
        .map(|line| line["action"].clone())
        .collect();
    assert_eq!(actions, ["granted", "withdrawn"], "what changes nothing leaves no line");
    assert_eq!(ledger["results"][0]["source"], "api");
    let erased = app.delete("/users/ann/consents").await.json();
    assert_eq!(erased["proof"], 3);
    assert_eq!(app.get("/users/ann/consents").await.json()["results"], json!([]));
    let log = app.get("/preferences/logs").await.json();
    assert!(!log.to_string().contains("\"ann\""));
    let proof = format!("/users/{}/consents", erased["pseudonym"].as_str().unwrap());
    assert_eq!(app.get(&proof).await.json()["results"].as_array().unwrap().len(), 3);
}

#[tokio::test]
async fn what_apps_choose_holds_is_logged_and_can_be_undone() {
    let app = App::start().await;
    let topics = section(&app).await;
    let made = app.post(&topics, topic(&json!({}))).await.json();
    let page = "/users/ann/preference-page";
    assert_eq!(
        app.get(page).await.json()["sections"][0]["topics"][0]["status"],
        "OPTED_IN"
    );
    let left = app.post(&format!("{page}/unsubscribe-all"), json!({})).await.json();
    assert_eq!(left["topics"], json!([made["id"]]));
    assert_eq!(
        app.get(page).await.json()["sections"][0]["topics"][0]["status"],
        "OPTED_OUT"
    );
    app.post(&format!("{page}/undo"), json!({"at": left["at"]})).await;
    assert_eq!(
        app.get(page).await.json()["sections"][0]["topics"][0]["status"],
        "OPTED_IN"
    );
    let log = app.get("/preferences/logs?user_id=ann").await.json();
    assert_eq!(
        (&log["items"][0]["source"], log["items"].as_array().unwrap().len()),
        (&json!("api"), 2)
    );
    app.patch(page, json!({"pause_until": "2020-01-01"}))
        .await
        .is_error(400, "pause_until: Expected an ISO 8601 moment that is to come");
    let hours = json!({"quiet_hours": {"start": "22:00", "end": "07:00"}});
    assert_eq!(app.patch(page, hours.clone()).await.status, StatusCode::OK);
    assert_eq!(app.get(page).await.json()["quiet_hours"], hours["quiet_hours"]);
}

#[tokio::test]
async fn the_older_form_is_read_and_written_and_shown_on_the_profile() {
    let app = App::start().await;
    app.topic("news", "OPTED_IN").await;
    app.topic("codes", "REQUIRED").await;
    let said = json!({
        "categories": {"news": {"status": "OPTED_OUT", "rules": [{"until": "2030-01-01T00:00:00.000Z"}]}},
        "notifications": {"welcome": {"status": "OPTED_IN", "channel_preferences": [{"channel": "sms"}]}},
    });
    assert_eq!(
        app.put("/preferences/ann", said.clone()).await.json(),
        json!({"status": "SUCCESS"})
    );
    assert_eq!(app.get("/preferences/ann").await.json(), said);
    assert_eq!(app.get("/profiles/ann").await.json()["preferences"], said);
    let patch = json!({"preferences": {"categories": {"news": {"status": "OPTED_IN"}}}});
    app.patch("/preferences/ann", patch).await;
    let merged = app.get("/preferences/ann").await.json();
    assert_eq!(merged["categories"]["news"]["status"], "OPTED_IN");
    assert_eq!(merged["notifications"], said["notifications"]);
    app.put(
        "/preferences/ann",
        json!({"categories": {"codes": {"status": "OPTED_OUT"}}}),
    )
    .await
    .is_error(400, "categories.codes.status: A required topic cannot be opted out of");
}
