//! Tenants, their hierarchy and their people.

use http::StatusCode;
use serde_json::{Value, json};

use crate::app::App;

async fn put(app: &App, id: &str, body: Value) -> Value {
    let reply = app.put(&format!("/tenants/{id}"), body).await;
    assert_eq!(reply.status, StatusCode::OK, "{}", reply.body);
    reply.json()
}

#[tokio::test]
async fn a_tenant_is_made_replaced_read_and_taken_away() {
    let app = App::start().await;
    let nulls = json!({"name": "Acme", "parent_tenant_id": null, "brand_id": null, "default_preferences": null,
                       "properties": null, "user_profile": null});
    assert_eq!(put(&app, "acme", nulls).await, json!({"id": "acme", "name": "Acme"}));
    let body = json!({"name": "Acme Inc.", "properties": {"color": "red"}, "user_profile": {"locale": "de"},
                      "default_preferences": {"items": [{"id": "news", "status": "OPTED_OUT"}]}});
    put(&app, "acme", body.clone()).await;
    let read = app.get("/tenants/acme").await.json();
    assert_eq!(read["properties"]["color"], "red");

    let item = "/tenants/acme/default_preferences/items/alerts";
    let reply = app
        .put(
            item,
            json!({"status": "REQUIRED", "has_custom_routing": true, "custom_routing": ["sms"]}),
        )
        .await;
    assert_eq!(reply.status, StatusCode::NO_CONTENT, "{}", reply.body);
    let read = app.get("/tenants/acme").await.json();
    assert_eq!(
        read["default_preferences"]["items"][1]["custom_routing"],
        json!(["sms"])
    );
    assert_eq!(app.delete(item).await.status, StatusCode::NO_CONTENT);
    assert_eq!(app.delete(item).await.status, StatusCode::NOT_FOUND);

    app.get("/tenants/other").await.is_error(404, "Tenant other not found");
    assert_eq!(app.delete("/tenants/acme").await.status, StatusCode::NO_CONTENT);
    app.delete("/tenants/acme").await.is_error(404, "Tenant acme not found");
    assert_eq!(
        put(&app, "acme", json!({"name": "Again"})).await,
        json!({"id": "acme", "name": "Again"})
    );
}

#[tokio::test]
async fn hierarchies_have_neither_circles_nor_a_fifth_level() {
    let app = App::start().await;
    put(&app, "t1", json!({"name": "1"})).await;
    for level in 2..=4 {
        let parent = format!("t{}", level - 1);
        put(
            &app,
            &format!("t{level}"),
            json!({"name": "x", "parent_tenant_id": parent}),
        )
        .await;
    }
    let refused = async |id: &str, parent: &str, message: &str| {
        let body = json!({"name": "x", "parent_tenant_id": parent});
        app.put(&format!("/tenants/{id}"), body).await.is_error(400, message);
    };
    let deep = "parent_tenant_id: Tenants stand at most 4 levels deep";
    refused("t5", "t4", deep).await;
    let circle = "parent_tenant_id: A tenant cannot stand beneath itself";
    refused("t1", "t4", circle).await;
    refused("t1", "t1", circle).await;
    refused("t9", "nobody", "parent_tenant_id: Tenant nobody not found").await;
    // What stands beneath moves along.
    put(&app, "top", json!({"name": "top"})).await;
    refused("t1", "top", deep).await;
    put(&app, "t2", json!({"name": "2"})).await;
    put(&app, "t2", json!({"name": "2", "parent_tenant_id": "top"})).await;
    let children = app.get("/tenants?parent_tenant_id=top").await.json();
    assert_eq!(children["items"][0]["id"], "t2");
    assert_eq!(children["has_more"], false);
}

#[tokio::test]
async fn tenants_are_listed_page_by_page() {
    let app = App::start().await;
    for number in 0..5 {
        put(&app, &format!("t{number}"), json!({"name": "x"})).await;
    }
    let mut path = "/tenants?limit=2".to_owned();
    let mut seen = Vec::new();
    loop {
        let page = app.get(&path).await.json();
        assert_eq!(page["type"], "list");
        seen.extend(
            page["items"]
                .as_array()
                .unwrap()
                .iter()
                .map(|one| one["id"].as_str().unwrap().to_owned()),
        );
        match page["next_url"].as_str() {
            Some(next) => path = next.to_owned(),
            None => break,
        }
    }
    seen.sort();
    assert_eq!(seen, ["t0", "t1", "t2", "t3", "t4"]);
}

#[tokio::test]
async fn people_join_and_leave() {
    let app = App::start().await;
    for id in ["a", "b"] {
        put(&app, id, json!({"name": id})).await;
    }
    let both = json!({"tenants": [{"tenant_id": "a", "profile": {"role": "admin"}}, {"tenant_id": "b"}]});
    assert_eq!(app.put("/users/ada/tenants", both).await.status, StatusCode::NO_CONTENT);
    let unknown = json!({"tenants": [{"tenant_id": "a"}, {"tenant_id": "nobody"}]});
    app.put("/users/bob/tenants", unknown)
        .await
        .is_error(400, "tenants.1.tenant_id: Tenant nobody not found");
    assert_eq!(
        app.get("/users/bob/tenants").await.json()["items"],
        json!([]),
        "all or none"
    );
    assert_eq!(
        app.put("/users/bob/tenants/a", Value::Null).await.status,
        StatusCode::BAD_REQUEST
    );
    assert_eq!(
        app.call(http::Method::PUT, "/users/bob/tenants/a").send().await.status,
        StatusCode::NO_CONTENT
    );
    app.put("/users/bob/tenants/nobody", json!({}))
        .await
        .is_error(404, "Tenant nobody not found");
    let one = app.get("/users/ada/tenants/a").await.json();
    assert_eq!(
        one,
        json!({"user_id": "ada", "tenant_id": "a", "type": "user", "profile": {"role": "admin"}})
    );
    let members = app.get("/tenants/a/users").await.json();
    assert_eq!(members["items"].as_array().unwrap().len(), 2);
    assert_eq!(
        app.get("/profiles/bob").await.json(),
        json!({"profile": {}}),
        "known by the tenant"
    );

    assert_eq!(app.delete("/users/ada/tenants/a").await.status, StatusCode::NO_CONTENT);
    assert_eq!(app.delete("/users/ada/tenants/a").await.status, StatusCode::NOT_FOUND);
    assert_eq!(app.get("/users/ada/tenants/a").await.status, StatusCode::NOT_FOUND);
    assert_eq!(app.delete("/users/ada/tenants").await.status, StatusCode::NO_CONTENT);
    assert_eq!(app.get("/users/ada/tenants").await.json()["items"], json!([]));
}

#[tokio::test]
async fn tenants_beneath_one_that_goes_stand_on_their_own() {
    let app = App::start().await;
    for (id, parent) in [
        ("a", Value::Null),
        ("b", json!("a")),
        ("c", json!("b")),
        ("d", json!("c")),
    ] {
        let reply = app
            .put(
                &format!("/tenants/{id}"),
                json!({"name": id, "parent_tenant_id": parent}),
            )
            .await;
        assert_eq!(reply.status, 200, "{}", reply.body);
    }
    app.delete("/tenants/a").await;
    assert_eq!(app.get("/tenants/b").await.json()["parent_tenant_id"], Value::Null);
    app.put("/tenants/e", json!({"name": "e", "parent_tenant_id": "d"}))
        .await;
    app.put("/tenants/a", json!({"name": "A2"})).await;
    assert_eq!(app.get("/tenants/b").await.json()["parent_tenant_id"], Value::Null);
    app.put("/tenants/b", json!({"name": "b", "parent_tenant_id": "a"}))
        .await
        .is_error(400, "parent_tenant_id: Tenants stand at most 4 levels deep");
    app.put("/tenants/b", json!({"name": "b", "parent_tenant_id": "d"}))
        .await
        .is_error(400, "parent_tenant_id: A tenant cannot stand beneath itself");
}

#[tokio::test]
async fn what_a_tenant_shows_can_be_written_though_its_brand_has_gone() {
    let app = App::start().await;
    let brand = app.post("/brands", json!({"name": "B"})).await.json()["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let body = json!({"name": "t", "brand_id": brand});
    assert_eq!(app.put("/tenants/t", body.clone()).await.status, 200);
    app.delete(&format!("/brands/{brand}")).await;
    assert_eq!(
        app.put("/tenants/t", app.get("/tenants/t").await.json()).await.status,
        200
    );
    assert_eq!(app.put("/tenants/u", body).await.status, 400);
}
