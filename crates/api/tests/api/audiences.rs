//! Audiences and who belongs to them.

use http::StatusCode;
use serde_json::json;

use crate::app::App;

#[tokio::test]
async fn an_audience_is_made_and_its_members_are_told_with_reasons() {
    let app = App::start().await;
    app.put("/profiles/ada", json!({"profile": {"title": "Software Engineer"}}))
        .await;
    app.put("/profiles/bob", json!({"profile": {"title": "Boss"}})).await;
    let filter = json!({"operator": "EQ", "path": "title", "value": "Software Engineer"});
    let body = json!({"name": "Engineers", "description": null, "filter": filter, "operator": null});
    let made = app.put("/audiences/engineers", body).await;
    assert_eq!(made.status, StatusCode::OK, "{}", made.body);
    assert_eq!(made.json()["audience"]["filter"], filter);
    app.drain().await;
    app.put("/profiles/cy", json!({"profile": {"title": "Software Engineer"}}))
        .await;
    let page = app.get("/audiences/engineers/members").await.json();
    let ids: Vec<_> = page["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["member_id"].clone())
        .collect();
    assert_eq!(ids, ["ada", "cy"]);
    assert_eq!(page["items"][0]["reason"], "EQ('title', 'Software Engineer') => true");
    assert_eq!(page["items"][0]["audience_version"], 1);

    let both = json!({"filter": {"filters": [filter, {"operator": "EXISTS", "path": "title"}]}, "operator": "AND"});
    app.put("/audiences/engineers", both).await;
    app.drain().await;
    let page = app.get("/audiences/engineers/members").await.json();
    assert_eq!(page["items"][0]["audience_version"], 2);
    assert_eq!(app.get("/audiences/engineers").await.json()["name"], "Engineers");
    assert_eq!(app.get("/audiences").await.json()["items"].as_array().unwrap().len(), 1);
    assert_eq!(app.delete("/audiences/engineers").await.status, StatusCode::NO_CONTENT);
    app.get("/audiences/engineers")
        .await
        .is_error(404, "Audience engineers not found");
    app.get("/audiences/engineers/members")
        .await
        .is_error(404, "Audience engineers not found");
    app.delete("/audiences/engineers")
        .await
        .is_error(404, "Audience engineers not found");
}

#[tokio::test]
async fn what_is_no_filter_is_refused_by_its_field() {
    let app = App::start().await;
    let refused = async |filter: serde_json::Value, start: &str| {
        let reply = app.put("/audiences/x", json!({ "filter": filter })).await;
        assert_eq!(reply.status, StatusCode::BAD_REQUEST, "{}", reply.body);
        let told = reply.json()["message"].as_str().unwrap().to_owned();
        assert!(told.starts_with(start), "{told}");
    };
    refused(
        json!({"operator": "LIKE", "path": "a", "value": "b"}),
        "filter.operator: ",
    )
    .await;
    refused(json!({"operator": "EQ", "value": "b"}), "filter.path: ").await;
    let mut deep = json!({"operator": "EQ", "path": "a", "value": "b"});
    for _ in 0..40 {
        deep = json!({"operator": "AND", "filters": [deep]});
    }
    refused(deep, "filter.filters.0").await;
    let thousand = format!(
        "{{\"filter\": {}{{\"operator\":\"EQ\",\"path\":\"a\",\"value\":\"b\"}}{}}}",
        "{\"operator\":\"AND\",\"filters\":[".repeat(1000),
        "]}".repeat(1000)
    );
    let reply = app.call(http::Method::PUT, "/audiences/x").raw(thousand).send().await;
    assert_eq!(reply.status, StatusCode::BAD_REQUEST);
    assert!(
        reply.json()["message"].as_str().unwrap().contains("recursion limit"),
        "{}",
        reply.body
    );
    assert_eq!(app.get("/audiences/x").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn an_operator_alone_joins_the_filter_that_is_there() {
    let app = App::start().await;
    let leaves = json!([{"operator": "EQ", "path": "a", "value": "1"}, {"operator": "EQ", "path": "b", "value": "1"}]);
    for filter in [
        json!({"filters": leaves}),
        json!({"operator": "AND", "filters": leaves}),
    ] {
        app.put("/audiences/x", json!({ "filter": filter })).await;
        app.put("/profiles/ada", json!({"profile": {"a": 1}})).await;
        app.drain().await;
        let members = async || {
            app.get("/audiences/x/members").await.json()["items"]
                .as_array()
                .unwrap()
                .len()
        };
        assert_eq!(members().await, 0);
        let reply = app.put("/audiences/x", json!({"operator": "OR"})).await;
        assert_eq!(reply.status, 200);
        app.drain().await;
        assert_eq!(members().await, 1, "{}", reply.body);
        app.put("/audiences/x", json!({"filter": filter, "operator": "AND"}))
            .await;
    }
    app.put(
        "/audiences/x",
        json!({"filter": {"operator": "AND", "filters": leaves}, "operator": "OR"}),
    )
    .await
    .is_error(400, "operator: The filter says otherwise itself");
    app.put("/audiences/x", json!({"filter": {"filters": leaves, "rules": leaves}}))
        .await
        .is_error(
            400,
            "filter.rules: Another spelling of filters, which are there already",
        );
}
