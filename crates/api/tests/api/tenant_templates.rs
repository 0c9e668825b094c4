//! Templates as single tenants have them.

use http::StatusCode;
use serde_json::{Value, json};

use crate::app::App;

fn channel(text: &str) -> Value {
    json!({"elements": [{"type": "channel", "channel": "sms", "elements": [{"type": "text", "content": text}]}]})
}

/// The workspace's template with this alias.
async fn workspace(app: &App) -> String {
    let body = json!({"notification": {"name": "N", "alias": "welcome", "content": channel("Workspace")}, "state": "PUBLISHED"});
    app.post("/notifications", body).await.json()["id"]
        .as_str()
        .unwrap()
        .to_owned()
}

async fn tenant(app: &App, id: &str, parent: Option<&str>) {
    let reply = app
        .put(
            &format!("/tenants/{id}"),
            json!({"name": id, "parent_tenant_id": parent}),
        )
        .await;
    assert_eq!(reply.status, StatusCode::OK, "{}", reply.body);
}

/// What a text message to someone of a tenant says.
async fn said(app: &App, template: &str, tenant: Option<&str>) -> String {
    let to = json!({"phone_number": "+15558675310"});
    let message = json!({"to": to, "template": template, "context": {"tenant_id": tenant}});
    let sent = app.post("/send", json!({"message": message})).await.json();
    let id = sent["requestId"].as_str().unwrap().to_owned();
    app.drain().await;
    let output = app.get(&format!("/messages/{id}/output")).await.json();
    output["results"][0]["content"]["text"]
        .as_str()
        .unwrap_or_default()
        .to_owned()
}

#[tokio::test]
async fn every_save_is_a_version_and_publishing_picks_one() {
    let app = App::start().await;
    tenant(&app, "acme", None).await;
    let path = "/tenants/acme/templates/nt_1";
    let write = |text: &str| json!({"template": {"content": channel(text)}});
    let first = app.put(path, write("One")).await;
    assert_eq!(
        (first.status, first.json()),
        (StatusCode::CREATED, json!({"id": "nt_1", "version": "v1"}))
    );
    let second = app.put(path, write("Two")).await;
    assert_eq!(
        (second.status, &second.json()["version"]),
        (StatusCode::OK, &json!("v2"))
    );
    let mut third = write("Three");
    third["published"] = json!(true);
    let third = app.put(path, third).await.json();
    assert_eq!(
        (&third["version"], third["published_at"].is_string()),
        (&json!("v3"), true)
    );
    app.put(path, write("Four")).await;

    let latest = app.get(path).await.json();
    assert_eq!((&latest["id"], &latest["version"]), (&json!("nt_1"), &json!("v4")));
    assert!(latest["data"]["content"]["elements"][0]["id"].is_string());
    let text = async |version: &str| {
        let reply = app.get(&format!("{path}/versions/{version}")).await.json();
        let text = reply["data"]["content"]["elements"][0]["elements"][0]["content"].clone();
        (
            reply["version"].as_str().unwrap().to_owned(),
            text.as_str().unwrap().to_owned(),
        )
    };
    assert_eq!(text("latest").await, ("v4".to_owned(), "Four".to_owned()));
    assert_eq!(text("published").await, ("v3".to_owned(), "Three".to_owned()));
    assert_eq!(text("v1").await, ("v1".to_owned(), "One".to_owned()));
    let back = app.post(&format!("{path}/publish"), json!({"version": "v1"})).await;
    assert_eq!((back.status, &back.json()["version"]), (StatusCode::OK, &json!("v1")));
    assert_eq!(text("published").await.0, "v1");
    assert_eq!(
        app.post(&format!("{path}/publish"), json!({})).await.json()["version"],
        "v4"
    );
    let listed = app.get("/tenants/acme/templates").await.json();
    assert_eq!((&listed["type"], &listed["has_more"]), (&json!("list"), &json!(false)));
    assert_eq!(
        listed["items"][0]["data"],
        json!({"routing": {"method": "single", "channels": []}})
    );

    app.get(&format!("{path}/versions/v9"))
        .await
        .is_error(404, "Version v9 of template nt_1 of tenant acme not found");
    app.get(&format!("{path}/versions/1"))
        .await
        .is_error(400, "version: Expected format: latest, published, v1, v2, etc.");
    assert_eq!(app.delete(path).await.status, StatusCode::NO_CONTENT);
    app.get(path)
        .await
        .is_error(404, "Template nt_1 of tenant acme not found");
}

#[tokio::test]
async fn the_nearest_tenants_published_template_wins() {
    let app = App::start().await;
    let id = workspace(&app).await;
    tenant(&app, "group", None).await;
    tenant(&app, "acme", Some("group")).await;
    tenant(&app, "other", None).await;
    assert_eq!(said(&app, "welcome", Some("acme")).await, "Workspace");
    let write = |text: &str, published: bool| json!({"template": {"content": {"body": text}}, "published": published});
    app.put(&format!("/tenants/group/templates/{id}"), write("Group", true))
        .await;
    app.put(&format!("/tenants/acme/templates/{id}"), write("Acme", false))
        .await;
    assert_eq!(
        said(&app, "welcome", Some("acme")).await,
        "Group",
        "a draft is not in force"
    );
    app.post(&format!("/tenants/acme/templates/{id}/publish"), json!({}))
        .await;
    assert_eq!(said(&app, "welcome", Some("acme")).await, "Acme");
    assert_eq!(said(&app, &id, Some("group")).await, "Group");
    assert_eq!(said(&app, &id, Some("other")).await, "Workspace");
    assert_eq!(said(&app, &id, None).await, "Workspace");
    app.delete(&format!("/tenants/acme/templates/{id}")).await;
    assert_eq!(said(&app, &id, Some("acme")).await, "Group");
}

#[tokio::test]
async fn what_is_wrong_is_refused_by_name() {
    let app = App::start().await;
    tenant(&app, "acme", None).await;
    let path = "/tenants/acme/templates/nt_1";
    let nobody = app
        .put(
            "/tenants/nobody/templates/nt_1",
            json!({"template": {"content": {"body": "a"}}}),
        )
        .await;
    nobody.is_error(404, "Tenant nobody not found");
    for (template, told) in [
        (json!({}), "template.content: Required"),
        (
            json!({"content": {}}),
            "template.content.body: Required, unless `elements` is given",
        ),
        (
            json!({"content": {"body": "a", "colour": 1}}),
            "template.content: Unrecognized key: \"colour\"",
        ),
        (
            json!({"content": {"elements": [{"type": "text", "content": "a"}]}}),
            "template.content.elements.0: must be inside a channel element",
        ),
        (
            json!({"content": {"body": "a"}, "colour": 1}),
            "Unrecognized key: \"colour\"",
        ),
    ] {
        app.put(path, json!({"template": template})).await.is_error(400, told);
    }
    let large = json!({"template": {"content": {"body": "a".repeat(300 * 1024)}}});
    let reply = app.put(path, large).await;
    assert_eq!(reply.status, StatusCode::PAYLOAD_TOO_LARGE, "{}", reply.body);
    assert_eq!(app.get(path).await.status, StatusCode::NOT_FOUND);
    assert_eq!(
        app.put(path, json!({"template": {"content": {"body": "a"}}}))
            .await
            .status,
        StatusCode::CREATED
    );
    let bare = json!({"template": {"content": {"elements": [{"type": "text", "content": "a"}]}}});
    assert_eq!(
        app.put(path, bare).await.status,
        StatusCode::OK,
        "later, channels are not asked for"
    );
}
