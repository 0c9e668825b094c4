//! What a person chose to hear of.

use http::StatusCode;
use serde_json::json;

use crate::app::App;

async fn app() -> App {
    let app = App::start().await;
    app.topic("news", "OPTED_IN").await;
    app.topic("offers", "OPTED_OUT").await;
    app.topic("codes", "REQUIRED").await;
    app
}

#[tokio::test]
async fn a_choice_is_stored_shown_and_taken_back() {
    let app = app().await;
    let path = "/users/ann/preferences/news";
    insta::assert_json_snapshot!("default", app.get(path).await.shown());
    let choice = json!({"topic": {"status": "OPTED_IN", "has_custom_routing": true, "custom_routing": ["sms", "direct_message"]}});
    assert_eq!(
        app.put(path, choice).await.shown(),
        json!({"status": 200, "body": {"message": "success"}})
    );
    insta::assert_json_snapshot!("chosen", app.get(path).await.shown());
    insta::assert_json_snapshot!("chosen_list", app.get("/users/ann/preferences").await.shown());
    assert_eq!(
        app.put(path, json!({"topic": {"status": "OPTED_OUT"}})).await.status,
        StatusCode::OK
    );
    let replaced = app.get(path).await.json();
    assert_eq!(replaced["topic"]["status"], "OPTED_OUT");
    assert_eq!(replaced["topic"]["custom_routing"], json!([]));
    assert_eq!(app.delete(path).await.status, StatusCode::NO_CONTENT);
    assert_eq!(app.get("/users/ann/preferences").await.json()["items"], json!([]));
}

#[tokio::test]
async fn what_cannot_be_chosen_is_refused() {
    let app = app().await;
    let put = async |topic: &str, choice| {
        app.put(&format!("/users/ann/preferences/{topic}"), json!({ "topic": choice }))
            .await
    };
    put("codes", json!({"status": "OPTED_OUT"}))
        .await
        .is_error(400, "topic.status: A required topic cannot be opted out of");
    put("news", json!({"status": "REQUIRED"}))
        .await
        .is_error(400, "topic.status: Invalid value. Expected 'OPTED_IN' or 'OPTED_OUT'");
    put("nothing", json!({"status": "OPTED_OUT"}))
        .await
        .is_error(404, "Topic nothing not found");
    put("news", json!({})).await.is_error(400, "topic.status: Required");
    put("news", json!({"status": "OPTED_IN", "digest_schedule_id": "sch_1"}))
        .await
        .is_error(400, "topic.digest_schedule_id: The topic has no such digest schedule");
    let pigeon = put(
        "news",
        json!({"status": "OPTED_IN", "has_custom_routing": true, "custom_routing": ["pigeon"]}),
    )
    .await;
    assert_eq!(pigeon.status, StatusCode::BAD_REQUEST);
    app.get("/users/ann/preferences/nothing")
        .await
        .is_error(404, "Topic nothing not found");
    assert_eq!(app.get("/users/ann/preferences").await.json()["items"], json!([]));
}

#[tokio::test]
async fn several_choices_are_stored_as_far_as_they_can_be() {
    let app = app().await;
    let topics = json!([
        {"topic_id": "offers", "status": "OPTED_IN"},
        {"topic_id": "codes", "status": "OPTED_OUT"},
        {"topic_id": "nothing", "status": "OPTED_IN"},
    ]);
    let reply = app.post("/users/ann/preferences", json!({ "topics": topics })).await;
    insta::assert_json_snapshot!("some", reply.shown());
    app.post("/users/ann/preferences", json!({"topics": []}))
        .await
        .is_error(400, "topics: Expected 1 to 50 entries");
}

#[tokio::test]
async fn replacing_all_is_all_or_nothing() {
    let app = app().await;
    app.put("/users/ann/preferences/news", json!({"topic": {"status": "OPTED_OUT"}}))
        .await;
    let wrong = json!([{"topic_id": "offers", "status": "OPTED_IN"}, {"topic_id": "codes", "status": "OPTED_OUT"}]);
    app.put("/users/ann/preferences", json!({ "topics": wrong }))
        .await
        .is_error(400, "topics.1.status: A required topic cannot be opted out of");
    assert_eq!(
        app.get("/users/ann/preferences").await.json()["items"][0]["topic_id"],
        "news"
    );
    let right =
        json!([{"topic_id": "offers", "status": "OPTED_IN", "has_custom_routing": true, "custom_routing": ["sms"]}]);
    insta::assert_json_snapshot!(
        "replaced",
        app.put("/users/ann/preferences", json!({ "topics": right }))
            .await
            .shown()
    );
    let none = app.put("/users/ann/preferences", json!({"topics": []})).await;
    assert_eq!(none.json(), json!({"items": [], "deleted": ["offers"]}));
}

#[tokio::test]
async fn a_choice_for_a_tenant_lies_over_the_general_one() {
    let app = app().await;
    app.put("/users/ann/preferences/news", json!({"topic": {"status": "OPTED_OUT"}}))
        .await;
    app.put(
        "/users/ann/preferences/news?tenant_id=acme",
        json!({"topic": {"status": "OPTED_IN"}}),
    )
    .await;
    let status = async |query: &str| {
        app.get(&format!("/users/ann/preferences/news{query}")).await.json()["topic"]["status"].clone()
    };
    assert_eq!(status("").await, "OPTED_OUT");
    assert_eq!(status("?tenant_id=acme").await, "OPTED_IN");
    assert_eq!(status("?tenant_id=other").await, "OPTED_OUT");
    assert_eq!(
        app.get("/users/ann/preferences?tenant_id=acme").await.json()["items"]
            .as_array()
            .unwrap()
            .len(),
        1
    );
}

#[tokio::test]
async fn what_is_read_of_one_topic_is_what_sending_goes_by() {
    let app = App::start().await;
    app.topic("news", "OPTED_IN").await;
    let tenant = json!({"name": "Acme", "default_preferences": {"items": [
        {"id": "news", "status": "OPTED_IN", "has_custom_routing": true, "custom_routing": ["sms"]},
    ]}});
    assert!(app.put("/tenants/acme", tenant).await.status.is_success());
    let read =
        async |query: &str| app.get(&format!("/users/ann/preferences/news{query}")).await.json()["topic"].clone();
    let of_tenant = read("?tenant_id=acme").await;
    assert_eq!(
        (&of_tenant["has_custom_routing"], &of_tenant["custom_routing"]),
        (&json!(true), &json!(["sms"]))
    );
    assert_eq!(read("").await["has_custom_routing"], false);

    // Where the section lets nobody choose channels, a choice of channels does not hold.
    let mail = json!({"topic": {"status": "OPTED_IN", "has_custom_routing": true, "custom_routing": ["email"]}});
    assert!(app.put("/users/ann/preferences/news", mail).await.status.is_success());
    assert_eq!(read("").await["custom_routing"], json!(["email"]));
    let section = json!({"name": "Account", "has_custom_routing": false});
    assert!(
        app.put("/preferences/sections/section", section)
            .await
            .status
            .is_success()
    );
    assert_eq!(read("").await["has_custom_routing"], false);
    assert_eq!(
        read("?tenant_id=acme").await["custom_routing"],
        json!(["sms"]),
        "what the owner says does"
    );
}

#[tokio::test]
async fn nobody_has_to_take_advertising_whatever_a_tenant_says() {
    let app = App::start().await;
    app.topic("offers", "OPTED_IN").await;
    let path = "/preferences/sections/section/topics/offers";
    let marketing = json!({"name": "Offers", "default_status": "OPTED_IN", "classification": "marketing"});
    assert!(app.put(path, marketing).await.status.is_success());
    let tenant = json!({"name": "Acme", "default_preferences": {"items": [{"id": "offers", "status": "REQUIRED"}]}});
    assert!(app.put("/tenants/acme", tenant).await.status.is_success());
    let person = "/users/ann/preferences/offers?tenant_id=acme";
    let read = app.get(person).await.json()["topic"].clone();
    assert_eq!(
        (&read["default_status"], &read["status"]),
        (&json!("OPTED_IN"), &json!("OPTED_OUT")),
        "without consent nothing is sent"
    );
    let leaves = json!({"topic": {"status": "OPTED_OUT"}});
    assert_eq!(app.put(person, leaves).await.status, http::StatusCode::OK);
}

#[tokio::test]
async fn preferences_in_a_send_that_are_none_are_refused() {
    let app = App::start().await;
    for (said, field) in [
        (json!({"status": "FOO"}), "status: Invalid value"),
        (json!({"rules": [{"until": "xx"}]}), "rules.0.until: Expected"),
    ] {
        let message = json!({"message": {
            "to": {"email": "a@example.com", "preferences": {"categories": {"news": said}}},
            "content": {"title": "Hi", "body": "Hello"},
        }});
        let reply = app.post("/send", message).await;
        assert_eq!(reply.status, http::StatusCode::BAD_REQUEST);
        let told = reply.json()["message"].as_str().unwrap().to_owned();
        assert!(
            told.starts_with(&format!("message.to.preferences.categories.news.{field}")),
            "{told}"
        );
    }
    assert_eq!(app.get("/messages").await.json()["results"], json!([]));
}

#[tokio::test]
async fn waves_are_of_somebody_at_least() {
    let app = App::start().await;
    app.get("/preferences/opt-out-waves?people=0")
        .await
        .is_error(400, "people: Expected a number above 0");
    assert_eq!(
        app.get("/preferences/opt-out-waves?people=1").await.json(),
        json!({"results": []})
    );
}

#[tokio::test]
async fn on_and_through_no_channel_is_refused_and_so_is_a_topic_named_twice() {
    let app = app().await;
    let nothing = json!({"status": "OPTED_IN", "has_custom_routing": true, "custom_routing": []});
    app.put("/users/ann/preferences/news", json!({"topic": nothing}))
        .await
        .is_error(400, "topic.custom_routing: Choose at least one channel, or opt out");
    let mut of_topic = nothing.clone();
    of_topic["topic_id"] = json!("news");
    app.put("/users/ann/preferences", json!({"topics": [of_topic]}))
        .await
        .is_error(400, "topics.0.custom_routing: Choose at least one channel, or opt out");
    let told = app
        .post("/users/ann/preferences", json!({"topics": [of_topic]}))
        .await
        .json();
    assert_eq!(told["errors"][0]["reason"], "Choose at least one channel, or opt out");

    let say = |status: &str| json!({"topic_id": "news", "status": status});
    app.post(
        "/users/ann/preferences",
        json!({"topics": [say("OPTED_OUT"), say("OPTED_IN")]}),
    )
    .await
    .is_error(400, "topics.1.topic_id: Named twice");
    assert_eq!(app.get("/users/ann/preferences").await.json()["items"], json!([]));
}
