//! The preference log: what held before each change, what since, and where it came from.

use http::StatusCode;
use serde_json::{Value, json};

use crate::app::App;

async fn log(app: &App, user: &str) -> Vec<Value> {
    let log = app
        .get(&format!("/preferences/logs?user_id={user}&limit=100"))
        .await
        .json();
    log["items"].as_array().unwrap().clone()
}

#[tokio::test]
async fn pauses_quiet_hours_and_rhythms_are_told_with_what_held_before() {
    let app = App::start().await;
    let template = crate::digests::template(&app, "published").await;
    let section = app
        .post("/preferences/sections", json!({"name": "Product"}))
        .await
        .json();
    let daily = json!({"frequency": "daily", "time": "09:00"});
    let weekly = json!({"frequency": "weekly", "time": "09:00", "day_of_week": "monday"});
    let topic = json!({"name": "News", "default_status": "OPTED_IN", "allowed_preferences": ["snooze"],
                       "digest": {"template_id": template, "schedules": [daily, weekly]}});
    let path = format!("/preferences/sections/{}/topics", section["id"].as_str().unwrap());
    let topic = app.post(&path, topic).await.json();
    let rhythms: Vec<_> = topic["digest"]["schedules"].as_array().unwrap().clone();
    let path = format!("/users/ann/preferences/{}", topic["id"].as_str().unwrap());
    let hours = json!({"start": "21:00", "end": "06:00"});
    for change in [
        json!({"digest_schedule_id": rhythms[0]["schedule_id"]}),
        json!({"digest_schedule_id": rhythms[1]["schedule_id"]}),
        json!({"pause_until": "2031-01-01T00:00:00Z"}),
        json!({"pause_until": "2032-01-01T00:00:00Z"}),
        json!({"pause_until": null, "quiet_hours": hours}),
        json!({"quiet_hours": null}),
    ] {
        let mut choice = json!({"status": "OPTED_IN"});
        choice
            .as_object_mut()
            .unwrap()
            .extend(change.as_object().unwrap().clone());
        assert_eq!(app.put(&path, json!({ "topic": choice })).await.status, StatusCode::OK);
    }
    let mut log = log(&app, "ann").await;
    log.reverse();
    let pause = |until: &str| json!([{ "until": until }]);
    let told = |name: &str| -> Vec<(Value, Value)> {
        log.iter()
            .map(|line| (line["previous"][name].clone(), line[name].clone()))
            .collect()
    };
    let (first, second) = (rhythms[0]["schedule_id"].clone(), rhythms[1]["schedule_id"].clone());
    let of_rhythm = told("digest_schedule_id");
    assert_eq!(of_rhythm[..2], [(Value::Null, first.clone()), (first, second)]);
    let (one, two) = (pause("2031-01-01T00:00:00.000Z"), pause("2032-01-01T00:00:00.000Z"));
    assert_eq!(
        told("pauses")[2..5],
        [(Value::Null, one.clone()), (one, two.clone()), (two, Value::Null)]
    );
    assert_eq!(
        told("quiet_hours")[4..],
        [(Value::Null, hours.clone()), (hours, Value::Null)]
    );
}

#[tokio::test]
async fn what_is_said_of_lists_is_in_it_with_its_source() {
    let app = App::start().await;
    app.topic("news", "OPTED_IN").await;
    let out = json!({"categories": {"news": {"status": "OPTED_OUT"}}});
    let pause = json!({"notifications": {"n": {"status": "OPTED_IN", "rules": [{"until": "2031-01-01"}],
                                               "channel_preferences": [{"channel": "sms"}]}}});
    app.put("/lists/l/subscriptions/ann", json!({ "preferences": out }))
        .await;
    let many = json!({"recipients": [{"recipientId": "ann", "preferences": pause}, {"recipientId": "bob"}]});
    app.post("/lists/l/subscriptions", many).await;
    let lists = json!({"lists": [{"listId": "m", "preferences": out}]});
    app.post("/profiles/ann/lists", lists).await;
    let token = json!({"scope": "user_id:ann write:preferences", "expires_in": "1h"});
    let token = app.post("/auth/issue-token", token).await.json()["token"]
        .as_str()
        .unwrap()
        .to_owned();
    let gone = app
        .call(http::Method::DELETE, "/client/lists/m/unsubscribe/ann")
        .bearer(&token)
        .send()
        .await;
    assert_eq!(gone.status, StatusCode::NO_CONTENT);
    app.put("/lists/l/subscriptions", json!({"recipients": []})).await;

    let mut log = log(&app, "ann").await;
    log.reverse();
    let told: Vec<Value> = log
        .iter()
        .map(|line| {
            json!([
                line["list_id"],
                line["topic_id"],
                line["source"],
                line["previous"]["status"],
                line["status"]
            ])
        })
        .collect();
    let expected = json!([
        ["l", "news", "api", null, "OPTED_OUT"],
        ["l", "notifications/n", "api", null, "OPTED_IN"],
        ["l", "news", "api", "OPTED_OUT", "OPTED_IN"],
        ["m", "news", "api", null, "OPTED_OUT"],
        ["m", "news", "app", "OPTED_OUT", "OPTED_IN"],
        ["l", "notifications/n", "api", "OPTED_IN", "OPTED_IN"],
    ]);
    assert_eq!(json!(told), expected);
    assert_eq!(log[0]["topic_name"], "Topic news");
    assert_eq!(log[1]["pauses"], json!([{"until": "2031-01-01T00:00:00.000Z"}]));
    assert_eq!(log[1]["channel_preferences"], json!(["sms"]));
    assert!(self::log(&app, "bob").await.is_empty(), "who says nothing has no line");
    let undone = app.post("/users/ann/preference-page/undo", json!({"at": 0})).await;
    assert_eq!(undone.status, StatusCode::OK);
}
