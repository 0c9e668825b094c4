//! What people may choose by a token of theirs: what is offered, of tenants that are there.

use http::{Method, StatusCode};
use serde_json::{Value, json};

use crate::app::App;

const TOPIC: &str = "/users/ann/preferences/";
const MANY: &str = "/users/ann/preferences";
const PAGE: &str = "/users/ann/preference-page";

async fn token(app: &App) -> String {
    let scope = json!({"scope": "user_id:ann read:preferences write:preferences", "expires_in": "1h"});
    let issued = app.post("/auth/issue-token", scope).await.json();
    issued["token"].as_str().unwrap().to_owned()
}

/// A topic in a section that may let people choose channels, with more than a name.
async fn topic(app: &App, section: Value, more: &Value) -> String {
    let made = app.post("/preferences/sections", section).await.json();
    let mut topic = json!({"name": "News", "default_status": "OPTED_IN"});
    topic.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    let path = format!("/preferences/sections/{}/topics", made["id"].as_str().unwrap());
    let made = app.post(&path, topic).await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.body);
    made.json()["id"].as_str().unwrap().to_owned()
}

async fn log(app: &App) -> usize {
    let log = app.get("/preferences/logs?user_id=ann").await.json();
    log["items"].as_array().unwrap().len()
}

#[tokio::test]
async fn a_person_chooses_from_what_is_offered_and_a_backend_says_what_it_knows() {
    let app = App::start().await;
    let token = token(&app).await;
    let closed = topic(&app, json!({"name": "Closed"}), &json!({})).await;
    let section = json!({"name": "Open", "has_custom_routing": true, "routing_options": ["email"]});
    let open = topic(&app, section, &json!({})).await;
    let sms =
        |id: &str| json!({"topic_id": id, "status": "OPTED_IN", "has_custom_routing": true, "custom_routing": ["sms"]});
    for (id, told) in [
        (&closed, "The topic lets nobody choose channels"),
        (&open, "The topic does not offer this channel"),
    ] {
        let one = json!({"topic": {"status": "OPTED_IN", "has_custom_routing": true, "custom_routing": ["sms"]}});
        let path = format!("{TOPIC}{id}");
        let write = |method, path: &str, body: &Value| app.call(method, path).bearer(&token).json(body).send();
        write(Method::PUT, &path, &one)
            .await
            .is_error(400, &format!("topic.custom_routing: {told}"));
        let all = json!({"topics": [{"topic_id": open, "status": "OPTED_OUT"}, sms(id)]});
        let both = json!({"topics": [sms(id)]});
        write(Method::PUT, MANY, &both)
            .await
            .is_error(400, &format!("topics.0.custom_routing: {told}"));
        assert_eq!(log(&app).await, 0, "{told}");
        if *id == closed {
            let some = write(Method::POST, MANY, &all).await.json();
            assert_eq!(some["errors"], json!([{"topic_id": closed, "reason": told}]));
            assert_eq!(log(&app).await, 1, "the other one is stored");
            app.delete(&format!("{TOPIC}{open}")).await;
            app.delete("/users/ann/consents").await;
        }
    }
    let pause = json!({"topic": {"status": "OPTED_IN", "pause_until": "2031-01-01T00:00:00Z"}});
    let reply = app
        .call(Method::PUT, &format!("{TOPIC}{open}"))
        .bearer(&token)
        .json(&pause)
        .send()
        .await;
    reply.is_error(400, "topic.pause_until: The topic allows no pause");
    assert_eq!(log(&app).await, 0);

    let stored = app.put(MANY, json!({"topics": [sms(&closed)]})).await;
    assert_eq!(stored.status, StatusCode::OK, "a backend may say it: {}", stored.body);
    assert_eq!(log(&app).await, 1);
}

#[tokio::test]
async fn what_the_page_showed_when_it_was_published_may_be_chosen() {
    let app = App::start().await;
    let token = token(&app).await;
    let section = json!({"name": "Open", "has_custom_routing": true, "routing_options": ["email", "sms"]});
    let id = topic(&app, section.clone(), &json!({"allowed_preferences": ["snooze"]})).await;
    app.post("/preferences/publish", json!({})).await;
    let sections = app.get("/preferences/sections").await.json();
    let path = format!(
        "/preferences/sections/{}",
        sections["results"][0]["id"].as_str().unwrap()
    );
    let mut narrower = section;
    narrower["routing_options"] = json!(["email"]);
    assert_eq!(app.put(&path, narrower).await.status, StatusCode::OK);
    let choice = json!({"topic": {"status": "OPTED_IN", "has_custom_routing": true, "custom_routing": ["sms"],
                        "pause_until": "2031-01-01T00:00:00Z"}});
    let reply = app
        .call(Method::PUT, &format!("{TOPIC}{id}"))
        .bearer(&token)
        .json(&choice)
        .send()
        .await;
    assert_eq!(reply.status, StatusCode::OK, "{}", reply.body);
}

#[tokio::test]
async fn a_token_speaks_of_tenants_that_are_there() {
    let app = App::start().await;
    let token = token(&app).await;
    let id = topic(&app, json!({"name": "Open"}), &json!({})).await;
    let one = format!("{TOPIC}{id}");
    let out = json!({"topic": {"status": "OPTED_OUT"}});
    let many = json!({"topics": [{"topic_id": id, "status": "OPTED_OUT"}]});
    let writes = [
        (Method::PUT, one.clone(), out.clone()),
        (Method::DELETE, one.clone(), json!({})),
        (Method::POST, MANY.to_owned(), many.clone()),
        (Method::PUT, MANY.to_owned(), many.clone()),
        (Method::PATCH, PAGE.to_owned(), many),
        (Method::POST, format!("{PAGE}/unsubscribe-all"), json!({})),
        (Method::POST, format!("{PAGE}/undo"), json!({"at": 0})),
        (Method::POST, format!("{PAGE}/links"), json!({})),
    ];
    for (method, path, body) in writes {
        let path = format!("{path}?tenant_id=nope");
        let reply = app.call(method, &path).bearer(&token).json(&body).send().await;
        reply.is_error(400, "tenant_id: There is no such tenant");
    }
    assert_eq!(log(&app).await, 0);
    let long = format!("{one}?tenant_id={}", "x".repeat(4000));
    app.put(&long, out.clone())
        .await
        .is_error(400, "tenant_id: Expected at most 512 bytes");
    app.get(&long)
        .await
        .is_error(400, "tenant_id: Expected at most 512 bytes");

    app.put("/tenants/acme", json!({"name": "Acme"})).await;
    let within = format!("{one}?tenant_id=acme");
    let reply = app.call(Method::PUT, &within).bearer(&token).json(&out).send().await;
    assert_eq!(reply.status, StatusCode::OK, "{}", reply.body);
    let unknown = format!("{one}?tenant_id=to-come");
    assert_eq!(
        app.put(&unknown, out).await.status,
        StatusCode::OK,
        "a backend may be ahead of its tenants"
    );
}

#[tokio::test]
async fn nobody_opts_out_of_what_is_transactional() {
    let app = App::start().await;
    let token = token(&app).await;
    let id = topic(
        &app,
        json!({"name": "Account"}),
        &json!({"classification": "transactional"}),
    )
    .await;
    let one = format!("{TOPIC}{id}");
    let out = json!({"topic": {"status": "OPTED_OUT"}});
    let told = "topic.status: A required topic cannot be opted out of";
    app.put(&one, out.clone()).await.is_error(400, told);
    let by_token = app.call(Method::PUT, &one).bearer(&token).json(&out).send().await;
    by_token.is_error(400, told);
    let all = json!({"topics": [{"topic_id": id, "status": "OPTED_OUT"}]});
    let patched = app.call(Method::PATCH, PAGE).bearer(&token).json(&all).send().await;
    patched.is_error(400, "topics.0.status: A required topic cannot be opted out of");
    let older = json!({"categories": {&id: {"status": "OPTED_OUT"}}});
    let told = format!("categories.{id}.status: A required topic cannot be opted out of");
    app.put("/preferences/ann", older).await.is_error(400, &told);
    let left = app
        .call(Method::POST, &format!("{PAGE}/unsubscribe-all"))
        .bearer(&token)
        .send()
        .await;
    assert_eq!(left.status, StatusCode::OK);
    assert_eq!(log(&app).await, 0);
    let holds = app.get(&one).await.json()["topic"].clone();
    assert_eq!(
        (&holds["status"], &holds["default_status"]),
        (&json!("REQUIRED"), &json!("REQUIRED"))
    );
}
