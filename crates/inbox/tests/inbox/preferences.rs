//! What the embedded components read and write.

use serde_json::{Value, json};
use tidings_store::{DocumentKind, WriteMode};

use crate::app::App;

const SCOPE: &str = "read:preferences write:preferences";

/// A section with a topic, and a tenant that requires it.
async fn scene() -> App {
    let app = App::start().await;
    let document = async |kind, id, parent, body| {
        app.world.document(kind, id, parent, body, WriteMode::Live).await;
    };
    let section = json!({ "name": "Account", "has_custom_routing": true, "routing_options": ["email", "sms"] });
    document(DocumentKind::Section, "account", None, section).await;
    let topic = json!({ "name": "News", "default_status": "OPTED_IN" });
    document(DocumentKind::Topic, "news", Some("account"), topic).await;
    let defaults = json!({ "items": [{ "id": "news", "status": "REQUIRED" }] });
    let tenant = json!({ "name": "Acme", "default_preferences": defaults });
    document(DocumentKind::Tenant, "acme", None, tenant).await;
    app
}

/// What the components show as holding, and by default, for a tenant.
async fn shown(app: &App, arguments: &str) -> (Value, Value) {
    let token = app.token("ada", SCOPE).await;
    let query = format!(
        "{{ preferencePage{arguments} {{ sections {{ nodes {{ topics {{ nodes {{ defaultStatus }} }} }} }} }}
            recipientPreferences{arguments} {{ nodes {{ status }} }} }}"
    );
    let mut data = app.bearer(&token).ask(&query).await;
    (
        data["preferencePage"]["sections"]["nodes"][0]["topics"]["nodes"][0]["defaultStatus"].take(),
        data["recipientPreferences"]["nodes"][0]["status"].take(),
    )
}

#[tokio::test]
async fn what_a_tenant_requires_is_locked_in_the_components() {
    let app = scene().await;
    let required = (json!("REQUIRED"), json!("REQUIRED"));
    assert_eq!(shown(&app, "(accountId: \"acme\")").await, required);
    assert_eq!(shown(&app, "").await, (json!("OPTED_IN"), json!("OPTED_IN")));
}

#[tokio::test]
async fn on_and_through_no_channel_is_refused() {
    let app = scene().await;
    let token = app.token("ada", SCOPE).await;
    let update = |preferences: &str| {
        format!(
            "mutation {{ updatePreferenceV2(templateId: \"news\", preferences: {preferences}) {{ status hasCustomRouting }} }}"
        )
    };
    let nothing = "{ status: OPTED_IN, hasCustomRouting: true, routingPreferences: [] }";
    let (_status, answer) = app
        .bearer(&token)
        .post("/q", json!({ "query": update(nothing) }).to_string())
        .await;
    assert!(
        answer["errors"][0]["message"]
            .as_str()
            .is_some_and(|told| told.contains("at least one channel")),
        "{answer}"
    );
    let some = "{ status: OPTED_IN, hasCustomRouting: true, routingPreferences: [sms] }";
    let data = app.bearer(&token).ask(&update(some)).await;
    assert_eq!(
        data["updatePreferenceV2"],
        json!({ "status": "OPTED_IN", "hasCustomRouting": true })
    );
}
