//! Templates: drafts, versions, aliases, content.

use http::StatusCode;
use serde_json::{Value, json};
use tidings_types::Environment;

use crate::app::App;

fn payload(title: &str) -> Value {
    let elements = json!([{"type": "channel", "channel": "email", "elements": [
        {"type": "meta", "title": title}, {"type": "text", "content": "Hello {{name}}"},
    ]}]);
    json!({"name": "Greeting", "tags": ["Hello"], "content": {"version": "2022-01-01", "elements": elements}})
}

/// A payload with one more field.
fn with(field: &str, value: Value) -> Value {
    let mut payload = payload("One");
    payload[field] = value;
    json!({ "notification": payload })
}

async fn made(app: &App, body: Value) -> String {
    let reply = app.post("/notifications", body).await;
    assert_eq!(reply.status, StatusCode::CREATED, "{}", reply.body);
    reply.json()["id"].as_str().unwrap().to_owned()
}

async fn published(app: &App) -> String {
    made(app, json!({"notification": payload("One"), "state": "published"})).await
}

async fn versions(app: &App, id: &str) -> Vec<String> {
    let reply = app.get(&format!("/notifications/{id}/versions")).await.json();
    let versions = reply["versions"].as_array().unwrap();
    versions
        .iter()
        .map(|one| one["version"].as_str().unwrap().to_owned())
        .collect()
}

#[tokio::test]
async fn a_draft_is_shown_only_to_those_who_ask_for_it() {
    let app = App::start().await;
    let reply = app
        .post("/notifications", json!({"notification": payload("One")}))
        .await;
    insta::assert_json_snapshot!("created", reply.shown());
    let id = reply.json()["id"].as_str().unwrap().to_owned();
    let path = format!("/notifications/{id}");
    app.get(&path)
        .await
        .is_error(404, &format!("Notification template {id} not found"));
    assert_eq!(app.get(&format!("{path}?version=draft")).await.json()["state"], "DRAFT");
    let publish = app.call(http::Method::POST, &format!("{path}/publish")).send().await;
    assert_eq!(
        (publish.status, publish.body.as_str()),
        (StatusCode::NO_CONTENT, ""),
        "no body is needed"
    );
    assert_eq!(app.get(&path).await.json()["state"], "PUBLISHED");
    insta::assert_json_snapshot!("listed", app.get("/notifications").await.shown());
}

#[tokio::test]
async fn history_only_grows() {
    let app = App::start().await;
    let id = published(&app).await;
    let path = format!("/notifications/{id}");
    let publish = format!("{path}/publish");
    assert_eq!(versions(&app, &id).await, ["draft", "published:v001"]);
    app.put(&path, json!({"notification": payload("Two")})).await;
    insta::assert_json_snapshot!("versions", app.get(&format!("{path}/versions")).await.shown());
    app.post(&publish, json!({})).await;
    app.post(&publish, json!({})).await;
    assert_eq!(
        versions(&app, &id).await,
        ["draft", "published:v002", "v001"],
        "nothing changed the second time"
    );
    app.post(&publish, json!({"version": "v001"})).await;
    assert_eq!(versions(&app, &id).await, ["draft", "published:v003", "v002", "v001"]);
    app.post(&publish, json!({"version": "1"}))
        .await
        .is_error(400, "version: Expected format: v001, v002, etc.");
    assert_eq!(
        app.post(&publish, json!({"version": "v009"})).await.status,
        StatusCode::NOT_FOUND
    );
    let second = app.get(&format!("{path}?version=v002")).await.json();
    assert_eq!(second["content"]["elements"][0]["elements"][0]["title"], "Two");
    assert_eq!(
        app.get(&format!("{path}?version=v009")).await.status,
        StatusCode::NOT_FOUND
    );
}

#[tokio::test]
async fn ten_versions_make_a_page() {
    let app = App::start().await;
    let id = published(&app).await;
    for _ in 0..10 {
        app.post(&format!("/notifications/{id}/publish"), json!({"version": "v001"}))
            .await;
    }
    let first = app.get(&format!("/notifications/{id}/versions?limit=50")).await.json();
    assert_eq!(
        first["versions"].as_array().unwrap().len(),
        11,
        "the draft and ten versions"
    );
    let cursor = first["paging"]["cursor"].as_str().unwrap();
    let second = app
        .get(&format!("/notifications/{id}/versions?cursor={cursor}"))
        .await
        .json();
    assert_eq!(second["versions"][0]["version"], "v001");
    assert_eq!(second["paging"], json!({"more": false, "cursor": null}));
}

#[tokio::test]
async fn content_is_read_with_checksums_and_written_without_them() {
    let app = App::start().await;
    let id = published(&app).await;
    let path = format!("/notifications/{id}/content");
    let before = app.get(&path).await;
    insta::assert_json_snapshot!("content", before.shown());
    let mut elements = before.json()["elements"].clone();
    elements[0]["elements"][1]["content"] = json!("Bye");
    let reply = app.put(&path, json!({"content": {"elements": elements}})).await;
    insta::assert_json_snapshot!("mutation", reply.shown());
    assert_eq!(app.get(&path).await.json(), before.json(), "what is in force stays");
    let draft = app.get(&format!("/notifications/{id}/draft/content")).await.json();
    assert_eq!(draft, app.get(&format!("{path}?version=draft")).await.json());
    assert_eq!(
        draft["elements"][0]["elements"][0],
        before.json()["elements"][0]["elements"][0]
    );
    assert_eq!(draft["elements"][0]["elements"][1]["content"], "Bye");
    let again = json!({"content": {"elements": draft["elements"]}, "state": "PUBLISHED"});
    assert_eq!(app.put(&path, again).await.json()["state"], "PUBLISHED");
    assert_eq!(app.get(&path).await.json(), draft);
    assert_eq!(
        app.get(&format!("/notifications/{id}")).await.json()["tags"],
        json!(["Hello"])
    );
}

#[tokio::test]
async fn an_alias_is_one_templates_and_moves_only_when_told() {
    let app = App::start().await;
    let id = made(&app, with("alias", json!("hello"))).await;
    let path = format!("/notifications/{id}");
    let taken = app.post("/notifications", with("alias", json!("hello"))).await;
    assert_eq!(
        (taken.status, taken.header("x-should-retry")),
        (StatusCode::CONFLICT, Some("false"))
    );
    let own_id = app.post("/notifications", with("alias", json!(id))).await;
    assert_eq!(own_id.status, StatusCode::CONFLICT);
    assert_eq!(
        app.put(&path, json!({"notification": payload("Two")})).await.json()["alias"],
        "hello"
    );
    assert_eq!(
        app.get("/notifications?event_id=hello").await.json()["results"][0]["id"],
        json!(id)
    );
    assert_eq!(app.put(&path, with("alias", json!("bye"))).await.json()["alias"], "bye");
    made(&app, with("alias", json!("hello"))).await;
    assert_eq!(
        app.put(&path, with("alias", Value::Null)).await.json().get("alias"),
        None
    );
}

#[tokio::test]
async fn what_is_left_out_is_gone_but_for_the_headers() {
    let app = App::start().await;
    app.topic("news", "OPTED_IN").await;
    let mut body = with("email", json!({"from": "{{data.from}}", "cc": ["a@example.com"]}));
    body["notification"]["subscription"] = json!({"topic_id": "news"});
    let id = made(&app, body).await;
    let path = format!("/notifications/{id}");
    let mut bare = payload("Two");
    bare.as_object_mut().unwrap().remove("tags");
    let replaced = app.put(&path, json!({"notification": bare})).await.json();
    assert_eq!(
        (&replaced["subscription"], &replaced["tags"]),
        (&Value::Null, &json!([]))
    );
    assert_eq!(
        replaced["email"],
        json!({"from": "{{data.from}}", "cc": ["a@example.com"]})
    );
    let cleared = app.put(&path, with("email", Value::Null)).await.json();
    assert_eq!(cleared.get("email"), None);
    let mut sms = with("email", json!({"from": "a@example.com"}));
    sms["notification"]["content"]["elements"][0]["channel"] = json!("sms");
    assert_eq!(app.put(&path, sms).await.json().get("email"), None, "never mailed");
}

#[tokio::test]
async fn tags_filter_before_paging() {
    let app = App::start().await;
    for index in 0..5 {
        let tags = if index % 2 == 0 {
            json!(["Even", "all"])
        } else {
            json!(["all"])
        };
        made(&app, with("tags", tags)).await;
        app.clock.advance(1);
    }
    let first = app.get("/notifications?tags=EVEN,all&limit=2").await.json();
    assert_eq!(
        (first["results"].as_array().unwrap().len(), &first["paging"]["more"]),
        (2, &json!(true))
    );
    let cursor = first["paging"]["cursor"].as_str().unwrap();
    let second = app
        .get(&format!("/notifications?tags=even&limit=2&cursor={cursor}"))
        .await
        .json();
    assert_eq!(
        (second["results"].as_array().unwrap().len(), &second["paging"]["more"]),
        (1, &json!(false))
    );
}

#[tokio::test]
async fn an_archived_template_is_gone_but_for_its_versions() {
    let app = App::start().await;
    let id = published(&app).await;
    let path = format!("/notifications/{id}");
    assert_eq!(app.delete(&path).await.status, StatusCode::NO_CONTENT);
    assert_eq!(app.get(&path).await.status, StatusCode::NOT_FOUND);
    assert_eq!(app.delete(&path).await.status, StatusCode::NOT_FOUND);
    assert_eq!(
        app.put(&path, json!({"notification": payload("Two")})).await.status,
        StatusCode::NOT_FOUND
    );
    assert_eq!(app.get("/notifications").await.json()["results"], json!([]));
    assert_eq!(versions(&app, &id).await, ["v001"]);
    assert_eq!(
        app.get(&format!("{path}?version=v001")).await.json()["name"],
        "Greeting"
    );
}

#[tokio::test]
async fn what_is_wrong_is_refused_by_name_and_nothing_is_stored() {
    let app = App::start().await;
    let loose = json!({"elements": [{"type": "meta", "title": "Loose"}]});
    let misspelt = json!({"elements": [{"type": "channel", "channel": "sms", "elements": [
        {"type": "text", "content": "a", "colour": "red"}]}]});
    let sculpture = json!({"elements": [{"type": "channel", "channel": "sms", "elements": [{"type": "sculpture"}]}]});
    for (body, named) in [
        (json!({}), "notification: Required"),
        (
            json!({"notification": {"content": {"elements": []}}}),
            "notification.name: Required",
        ),
        (json!({"notification": {"name": "A"}}), "notification.content: Required"),
        (
            with("routing", json!({"strategy_id": "rs_x"})),
            "Routing strategy rs_x not found",
        ),
        (with("brand", json!({"id": "nowhere"})), "Brand nowhere not found"),
        (
            with("subscription", json!({"topic_id": "none"})),
            "Topic none not found",
        ),
        (with("colour", json!("green")), "Unrecognized key: \"colour\""),
        (
            with("alias", json!("tenant/x")),
            "notification.alias: Must not begin with tenant/",
        ),
        (with("name", json!("a\nb")), "notification.name: "),
        (
            with("email", json!({"from": "a\r\nBcc: b"})),
            "notification.email.from: ",
        ),
        (with("email", json!({"subject": "x"})), "Unrecognized key: \"subject\""),
        (
            with("content", json!({"elements": [], "title": "x"})),
            "Unrecognized key: \"title\"",
        ),
        (
            with("content", json!({"elements": [], "version": "1999"})),
            "notification.content.version: ",
        ),
        (with("content", loose), "notification.content.elements.0: "),
        (
            with("content", misspelt),
            "notification.content.elements.0.elements.0: Unrecognized key: \"colour\"",
        ),
        (
            with("content", sculpture),
            "notification.content.elements.0.elements.0.type: ",
        ),
        (json!({"notification": payload("One"), "state": "SENT"}), "state: "),
    ] {
        let reply = app.post("/notifications", body.clone()).await;
        assert_eq!(reply.status, StatusCode::BAD_REQUEST, "{body}: {}", reply.body);
        assert!(
            reply.json()["message"].as_str().unwrap().contains(named),
            "{} should name {named}",
            reply.body
        );
    }
    assert_eq!(app.get("/notifications").await.json()["results"], json!([]));
}

#[tokio::test]
async fn sending_sees_every_change_at_once() {
    let app = App::start().await;
    let id = made(&app, with("alias", json!("hello"))).await;
    let template = async |name: &str| {
        let scope = tidings_types::KeyScope::Published;
        app.services
            .library
            .template(Environment::Test, name, scope, &[])
            .await
            .unwrap()
    };
    assert!(matches!(
        template("hello").await,
        tidings_pipeline::library::Found::Unpublished
    ));
    app.post(&format!("/notifications/{id}/publish"), json!({})).await;
    assert!(matches!(
        template("hello").await,
        tidings_pipeline::library::Found::Template(_)
    ));
    app.delete(&format!("/notifications/{id}")).await;
    assert!(matches!(
        template("hello").await,
        tidings_pipeline::library::Found::Unknown
    ));
}
