//! Lists, their people, and the lists of people.

use http::{Method, StatusCode};
use serde_json::{Value, json};

use crate::app::App;

fn people(ids: &[&str]) -> Value {
    json!({"recipients": ids.iter().map(|id| json!({"recipientId": id})).collect::<Vec<_>>()})
}

async fn on(app: &App, list: &str) -> Vec<String> {
    let page = app.get(&format!("/lists/{list}/subscriptions")).await.json();
    let items = page["items"].as_array().unwrap().clone();
    items
        .iter()
        .map(|one| one["recipientId"].as_str().unwrap().to_owned())
        .collect()
}

#[tokio::test]
async fn a_list_is_made_read_deleted_and_restored() {
    let app = App::start().await;
    let body = json!({"name": "News", "preferences": {"categories": {"t": {"status": "OPTED_OUT"}}}});
    assert_eq!(app.put("/lists/news", body).await.status, StatusCode::NO_CONTENT);
    let list = app.get("/lists/news").await.json();
    assert_eq!(
        (list["id"].as_str(), list["name"].as_str()),
        (Some("news"), Some("News"))
    );
    assert!(list["created"].as_str().unwrap().contains('T'));
    assert_eq!(
        app.put("/lists/news/subscriptions/ada", json!({})).await.status,
        StatusCode::NO_CONTENT
    );
    assert_eq!(app.delete("/lists/news").await.status, StatusCode::NO_CONTENT);
    app.get("/lists/news").await.is_error(404, "List news not found");
    app.get("/lists/news/subscriptions")
        .await
        .is_error(404, "List news not found");
    app.delete("/lists/news").await.is_error(404, "List news not found");
    // Some clients send no body at all.
    let restored = app.call(Method::PUT, "/lists/news/restore").send().await;
    assert_eq!(restored.status, StatusCode::NO_CONTENT);
    assert_eq!(on(&app, "news").await, ["ada"]);
    app.call(Method::PUT, "/lists/never/restore")
        .send()
        .await
        .is_error(404, "List never not found");
}

#[tokio::test]
async fn people_are_added_replaced_and_taken_off() {
    let app = App::start().await;
    let path = "/lists/a.b/subscriptions";
    assert_eq!(app.post(path, people(&["b", "a"])).await.status, StatusCode::NO_CONTENT);
    assert_eq!(app.get("/lists/a.b").await.json()["name"], "a.b");
    assert_eq!(app.post(path, people(&["c"])).await.status, StatusCode::NO_CONTENT);
    assert_eq!(on(&app, "a.b").await, ["a", "b", "c"]);
    assert_eq!(app.put(path, people(&["c", "d"])).await.status, StatusCode::NO_CONTENT);
    assert_eq!(on(&app, "a.b").await, ["c", "d"]);
    assert_eq!(
        app.delete("/lists/a.b/subscriptions/c").await.status,
        StatusCode::NO_CONTENT
    );
    assert_eq!(
        app.delete("/lists/a.b/subscriptions/c").await.status,
        StatusCode::NOT_FOUND
    );
    app.put(path, json!({"recipients": [{"recipientId": "x"}, {"recipientId": ""}]}))
        .await
        .is_error(400, "recipients.1.recipientId: Must not be empty");
    let long = "u".repeat(513);
    app.put(&format!("{path}/{long}"), json!({}))
        .await
        .is_error(400, "user_id: Expected at most 512 bytes");
    app.put(path, people(&[&long]))
        .await
        .is_error(400, "recipients.0.recipientId: Expected at most 512 bytes");
    assert_eq!(on(&app, "a.b").await, ["d"], "nothing was written");
    assert_eq!(
        app.put("/lists/a..b", json!({"name": "x"})).await.status,
        StatusCode::BAD_REQUEST
    );
}

#[tokio::test]
async fn many_people_are_written_in_the_background() {
    let app = App::start().await;
    let ids: Vec<String> = (0..1500).map(|number| format!("u{number:04}")).collect();
    let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
    app.post("/lists/big/subscriptions", people(&["old"])).await;
    assert_eq!(
        app.put("/lists/big/subscriptions", people(&ids)).await.status,
        StatusCode::ACCEPTED
    );
    app.drain().await;
    assert_eq!(on(&app, "big").await.len(), 100, "the first page");
    let mut seen = 0;
    let mut path = "/lists/big/subscriptions".to_owned();
    loop {
        let page = app.get(&path).await.json();
        seen += page["items"].as_array().unwrap().len();
        let Some(cursor) = page["paging"]["cursor"].as_str() else {
            break;
        };
        path = format!("/lists/big/subscriptions?cursor={cursor}");
    }
    assert_eq!(seen, 1500, "and the old one left");
    let names: Vec<Value> = (0..310_000)
        .map(|number| json!({"recipientId": format!("user-with-a-rather-long-number-{number}")}))
        .collect();
    let reply = app
        .put("/lists/huge/subscriptions", json!({ "recipients": names }))
        .await;
    assert_eq!(reply.status, StatusCode::PAYLOAD_TOO_LARGE, "{}", reply.body);
    assert_eq!(app.get("/lists/huge").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn lists_are_found_by_pattern() {
    let app = App::start().await;
    for id in ["orders.eu", "orders.us", "orders.us.late", "news"] {
        app.put(&format!("/lists/{id}"), json!({"name": id})).await;
    }
    let found = async |pattern: &str| {
        let page = app.get(&format!("/lists?pattern={pattern}")).await.json();
        let items = page["items"].as_array().unwrap().clone();
        items
            .iter()
            .map(|one| one["id"].as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(found("orders.*").await, ["orders.eu", "orders.us"]);
    assert_eq!(found("orders.**").await.len(), 3);
    assert_eq!(app.get("/lists").await.json()["items"].as_array().unwrap().len(), 4);
    assert_eq!(app.get("/lists?pattern=**").await.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn a_person_has_lists() {
    let app = App::start().await;
    let lists = json!({"lists": [{"listId": "b"}, {"listId": "a", "preferences": {"categories": {}}}]});
    assert_eq!(
        app.post("/profiles/ada/lists", lists).await.json(),
        json!({"status": "SUCCESS"})
    );
    let page = app.get("/profiles/ada/lists").await.json();
    assert_eq!(page["results"][0]["id"], "a");
    assert_eq!(page["paging"]["more"], false);
    assert_eq!(app.get("/profiles/ada").await.json(), json!({"profile": {}}));
    let wrong = json!({"lists": [{"listId": "fine"}, {"listId": "a b"}]});
    assert_eq!(
        app.post("/profiles/bob/lists", wrong).await.status,
        StatusCode::BAD_REQUEST
    );
    assert_eq!(app.get("/lists/fine").await.status, StatusCode::NOT_FOUND);
    assert_eq!(
        app.delete("/profiles/ada/lists").await.json(),
        json!({"status": "SUCCESS"})
    );
    assert!(
        app.get("/profiles/ada/lists").await.json()["results"]
            .as_array()
            .unwrap()
            .is_empty()
    );
}

#[tokio::test]
async fn a_person_subscribes_alone() {
    let app = App::start().await;
    let subscribe = app.call(Method::PUT, "/client/lists/news/subscribe/ada").send().await;
    assert_eq!(subscribe.status, StatusCode::NO_CONTENT);
    assert_eq!(on(&app, "news").await, ["ada"]);
    assert_eq!(
        app.delete("/client/lists/news/unsubscribe/ada").await.status,
        StatusCode::NO_CONTENT
    );
    assert!(on(&app, "news").await.is_empty());
    let grant = json!({"scope": "user_id:bob write:preferences", "expires_in": "1h"});
    let token = app.post("/auth/issue-token", grant).await.json()["token"]
        .as_str()
        .unwrap()
        .to_owned();
    let call = async |user: &str| {
        let path = format!("/client/lists/news/subscribe/{user}");
        app.call(Method::PUT, &path).bearer(&token).send().await.status
    };
    assert_eq!(call("bob").await, StatusCode::NO_CONTENT);
    assert_eq!(call("eve").await, StatusCode::FORBIDDEN);
    // Web clients of 2.x ask at the address that API keys use.
    let call = async |method: Method, user: &str, token: &str| {
        let path = format!("/lists/offers/subscriptions/{user}");
        app.call(method, &path).bearer(token).send().await.status
    };
    assert_eq!(call(Method::PUT, "bob", &token).await, StatusCode::NO_CONTENT);
    assert_eq!(call(Method::PUT, "eve", &token).await, StatusCode::FORBIDDEN);
    assert_eq!(on(&app, "offers").await, ["bob"]);
    assert_eq!(call(Method::DELETE, "eve", &token).await, StatusCode::FORBIDDEN);
    assert_eq!(call(Method::DELETE, "bob", &token).await, StatusCode::NO_CONTENT);
    let grant = json!({"scope": "user_id:bob read:preferences", "expires_in": "1h"});
    let reader = app.post("/auth/issue-token", grant).await.json()["token"].take();
    let reader = reader.as_str().unwrap();
    assert_eq!(call(Method::PUT, "bob", reader).await, StatusCode::FORBIDDEN);
    assert!(on(&app, "offers").await.is_empty());
}

#[tokio::test]
async fn a_send_to_a_list_tells_how_far_it_is() {
    let app = App::start().await;
    app.post("/lists/news/subscriptions", people(&["a", "b"])).await;
    let send = async |to: Value| {
        let message = json!({"message": {"to": to, "content": {"title": "t", "body": "b"}}});
        let reply = app.post("/send", message).await;
        assert_eq!(reply.status, StatusCode::ACCEPTED, "{}", reply.body);
        reply.json()["requestId"].as_str().unwrap().to_owned()
    };
    let id = send(json!({"list_id": "news"})).await;
    assert_eq!(app.get(&format!("/requests/{id}")).await.json()["status"], "EXPANDING");
    app.drain().await;
    let request = app.get(&format!("/requests/{id}")).await.json();
    assert_eq!(
        (request["status"].as_str(), request["messages"].as_u64()),
        (Some("EXPANDED"), Some(2))
    );
    assert_eq!(request["recipients"][0], json!({"kind": "list", "id": "news"}));
    let found = app.get(&format!("/messages?traceId={id}")).await.json();
    assert_eq!(found["results"].as_array().unwrap().len(), 2);
    assert_eq!(app.get(&format!("/messages/{id}")).await.status, StatusCode::NOT_FOUND);

    let older = app
        .post("/send/list", json!({"event": "weekly", "pattern": "news"}))
        .await;
    assert_eq!(older.status, StatusCode::ACCEPTED, "{}", older.body);
    let older = older.json()["messageId"].as_str().unwrap().to_owned();
    app.drain().await;
    assert_eq!(app.get(&format!("/requests/{older}")).await.json()["messages"], 2);
    let neither = app.post("/send/list", json!({"event": "weekly"})).await;
    neither.is_error(400, "Either 'list' or 'pattern' is required, and not both.");

    let unknown = send(json!({"list_id": "nobody"})).await;
    app.drain().await;
    let request = app.get(&format!("/requests/{unknown}")).await.json();
    assert_eq!(
        (request["messages"].as_u64(), &request["counts"]),
        (Some(0), &json!({}))
    );
    assert_eq!(
        request["recipients"][0]["notes"],
        json!(["There is no list \"nobody\""])
    );

    let canceled = send(json!({"list_id": "news"})).await;
    let reply = app.post(&format!("/messages/{canceled}/cancel"), json!({})).await;
    assert_eq!(
        (reply.status, reply.json()["status"].as_str()),
        (StatusCode::OK, Some("CANCELED"))
    );
    let request = app
        .post(&format!("/requests/{canceled}/cancel"), json!({}))
        .await
        .json();
    assert_eq!(request["status"], "CANCELED");
    app.drain().await;
    assert_eq!(app.get(&format!("/requests/{canceled}")).await.json()["messages"], 0);
    app.get("/requests/1-none").await.is_error(404, "Request not found");
    let bad = json!({"message": {"to": {"list_pattern": "a.**.b"}, "content": {"title": "t", "body": "b"}}});
    assert_eq!(app.post("/send", bad).await.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn a_request_is_hidden_before_it_has_messages_and_called_off_in_time_only() {
    let app = App::start().await;
    app.put("/lists/few/subscriptions/ada", json!({})).await;
    let sent = |to: &str| json!({"message": {"to": {"list_id": to}, "content": {"title": "t", "body": "b"}}});
    let nobody = app.post("/send", sent("nobody")).await.json()["requestId"]
        .as_str()
        .unwrap()
        .to_owned();
    assert_eq!(
        app.put(&format!("/requests/{nobody}/archive"), json!({})).await.status,
        StatusCode::NO_CONTENT
    );
    let id = app.post("/send", sent("few")).await.json()["requestId"]
        .as_str()
        .unwrap()
        .to_owned();
    assert_eq!(
        app.put(&format!("/requests/{id}/archive"), json!({})).await.status,
        StatusCode::NO_CONTENT
    );
    app.drain().await;
    app.clock.advance(2_000);
    app.drain().await;
    assert_eq!(
        app.get(&format!("/messages?traceId={id}")).await.json()["results"],
        json!([])
    );
    let hidden = app.get(&format!("/messages?traceId={id}&archived=true")).await.json();
    assert_eq!(hidden["results"].as_array().unwrap().len(), 1);

    for path in [format!("/requests/{id}/cancel"), format!("/messages/{id}/cancel")] {
        let late = app.post(&path, json!({})).await;
        assert_eq!(late.status, StatusCode::CONFLICT, "{path}");
        assert_eq!(late.header("x-should-retry"), Some("false"));
        assert_eq!(late.json()["id"], json!(id));
    }
    let after = app.get(&format!("/requests/{id}")).await.json();
    assert_eq!(
        (&after["status"], &after["canceledAt"]),
        (&json!("EXPANDED"), &serde_json::Value::Null)
    );
}

#[tokio::test]
async fn an_opt_out_outlives_whoever_subscribes_again() {
    let app = App::start().await;
    let one = "/lists/l/subscriptions/q";
    let out = json!({"preferences": {"categories": {"t": {"status": "OPTED_OUT"}}}});
    assert_eq!(app.put(one, out.clone()).await.status, StatusCode::NO_CONTENT);
    let said = async || app.get("/lists/l/subscriptions").await.json()["items"][0]["preferences"].clone();
    // Some clients send no body at all.
    app.call(Method::PUT, one).send().await;
    assert_eq!(said().await, out["preferences"]);
    app.put(one, json!({})).await;
    app.post("/lists/l/subscriptions", people(&["q"])).await;
    app.put("/lists/l/subscriptions", people(&["q"])).await;
    app.post("/profiles/q/lists", json!({"lists": [{"listId": "l"}]})).await;
    assert_eq!(said().await, out["preferences"]);
    assert_eq!(
        app.put(one, json!({"preferences": null})).await.status,
        StatusCode::NO_CONTENT
    );
    assert_eq!(said().await, Value::Null);
}

#[tokio::test]
async fn preferences_that_say_nothing_are_refused() {
    let app = App::start().await;
    let wrong = json!({"categories": {"t": {"status": "NOPE"}}});
    let told = |field: &str| format!("{field}.categories.t.status: Expected OPTED_IN or OPTED_OUT");
    app.put("/lists/l", json!({"name": "x", "preferences": wrong}))
        .await
        .is_error(400, &told("preferences"));
    app.put("/lists/l/subscriptions/q", json!({"preferences": wrong}))
        .await
        .is_error(400, &told("preferences"));
    app.post(
        "/lists/l/subscriptions",
        json!({"recipients": [{"recipientId": "q", "preferences": wrong}]}),
    )
    .await
    .is_error(400, &told("recipients.0.preferences"));
    app.post(
        "/profiles/q/lists",
        json!({"lists": [{"listId": "l", "preferences": wrong}]}),
    )
    .await
    .is_error(400, &told("lists.0.preferences"));
    assert_eq!(app.get("/lists/l").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn what_an_expansion_writes_is_neither_shown_nor_taken() {
    let app = App::start().await;
    let said = json!({"preferences": {"categories": {"t": {"status": "OPTED_IN"}}}});
    app.put("/lists/l/subscriptions/q", said).await;
    let to = json!([{"list_id": "l", "data": {"secret": "S"}}, {"user_id": "p", "$entry": 0}]);
    let body = json!({"message": {"to": to, "content": {"body": "x"}}});
    let id = app.post("/send", body).await.json()["requestId"]
        .as_str()
        .unwrap()
        .to_owned();
    app.drain().await;
    let first = async |message: String| {
        let history = app.get(&format!("/messages/{message}/history")).await.json();
        history["results"][0].clone()
    };
    let of_list = first(format!("{id}:0:q")).await;
    assert_eq!(of_list["profile"], json!({"user_id": "q"}), "{of_list}");
    assert_eq!(of_list["data"], json!({"secret": "S"}));
    let messages = app.get(&format!("/messages?traceId={id}")).await.json();
    let own = messages["results"]
        .as_array()
        .unwrap()
        .iter()
        .find(|one| one["recipient"] == "p");
    let own = first(own.unwrap()["id"].as_str().unwrap().to_owned()).await;
    assert_eq!((&own["profile"], &own["data"]), (&json!({"user_id": "p"}), &json!({})));
}

#[tokio::test]
async fn an_older_page_brings_its_client_key() {
    let app = App::start().await;
    let client = tidings_auth::Auth::new(std::sync::Arc::clone(&app.services));
    let client = client.client_key(tidings_types::Environment::Test).await.unwrap();
    let call = |method, path: &str| {
        let call = app.call(method, path).without_key();
        call.header("x-courier-client-key", &client.key)
    };
    let signature = client.sign(&"ada".into());
    let subscribe = async |user: &str, signature: &str| {
        let call = call(Method::PUT, &format!("/client/lists/news/subscribe/{user}"));
        call.header("x-courier-user-signature", signature).send().await.status
    };
    assert_eq!(subscribe("ada", &signature).await, StatusCode::NO_CONTENT);
    assert_eq!(subscribe("eve", &signature).await, StatusCode::UNAUTHORIZED);
    assert_eq!(subscribe("ada", "").await, StatusCode::UNAUTHORIZED);
    assert_eq!(on(&app, "news").await, ["ada"]);
    let event = json!({"event": "seen", "type": "track", "messageId": "m-1"});
    let taken = call(Method::POST, "/inbound/courier").json(&event).send().await;
    assert_eq!(taken.status, StatusCode::ACCEPTED, "{}", taken.body);
    let unknown = app.call(Method::POST, "/inbound/courier").without_key();
    let unknown = unknown.header("x-courier-client-key", "bm9uc2Vuc2U=").json(&event);
    assert_eq!(unknown.send().await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(
        call(Method::GET, "/messages").send().await.status,
        StatusCode::UNAUTHORIZED
    );
}
