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

/// What an update comes to: its data, or what is told.
async fn update(app: &App, arguments: &str) -> Value {
    let token = app.token("ada", SCOPE).await;
    let query =
        format!("mutation {{ updatePreferenceV2({arguments}) {{ status hasCustomRouting routingPreferences }} }}");
    let (_status, mut answer) = app
        .bearer(&token)
        .post("/q", json!({ "query": query }).to_string())
        .await;
    match &answer["errors"][0]["message"] {
        Value::Null => answer["data"]["updatePreferenceV2"].take(),
        told => told.clone(),
    }
}

async fn said(app: &App) -> Vec<tidings_store::StoredPreference> {
    let (store, here) = (&app.world.services.store, app.world.caller.environment);
    store.preferences(here, &"ada".into(), None).await.unwrap()
}

#[tokio::test]
async fn what_is_not_offered_is_refused_and_what_was_shown_may_be_repeated() {
    let app = scene().await;
    let document = async |kind, id, parent, body| {
        app.world.document(kind, id, parent, body, WriteMode::Live).await;
    };
    document(DocumentKind::Section, "plain", None, json!({ "name": "Plain" })).await;
    document(
        DocumentKind::Topic,
        "tips",
        Some("plain"),
        json!({ "name": "Tips", "default_status": "OPTED_IN" }),
    )
    .await;
    let codes = json!({ "name": "Codes", "default_status": "OPTED_IN", "classification": "transactional" });
    document(DocumentKind::Topic, "codes", Some("plain"), codes).await;
    app.world.forget();
    let sms = "{ status: OPTED_IN, hasCustomRouting: true, routingPreferences: [sms] }";
    let told = update(&app, &format!("templateId: \"tips\", preferences: {sms}")).await;
    assert!(
        told.as_str()
            .is_some_and(|told| told.contains("lets nobody choose channels")),
        "{told}"
    );
    let push = "{ status: OPTED_IN, hasCustomRouting: true, routingPreferences: [push] }";
    let told = update(&app, &format!("templateId: \"news\", preferences: {push}")).await;
    assert!(
        told.as_str()
            .is_some_and(|told| told.contains("does not offer this channel")),
        "{told}"
    );
    let told = update(
        &app,
        &format!("templateId: \"news\", accountId: \"nope\", preferences: {sms}"),
    )
    .await;
    assert!(
        told.as_str().is_some_and(|told| told.contains("no such tenant")),
        "{told}"
    );
    let told = update(&app, "templateId: \"codes\", preferences: { status: OPTED_OUT }").await;
    assert!(
        told.as_str()
            .is_some_and(|told| told.contains("cannot be opted out of")),
        "{told}"
    );
    assert!(said(&app).await.is_empty());

    // A backend chose channels that the page does not offer: the component sends them along with a new status.
    app.world
        .prefers(
            "ada",
            "news",
            json!({ "has_custom_routing": true, "custom_routing": ["push", "sms"] }),
        )
        .await;
    let out = "{ status: OPTED_OUT, hasCustomRouting: true, routingPreferences: [push, sms] }";
    assert_eq!(
        update(&app, &format!("templateId: \"news\", preferences: {out}")).await["status"],
        "OPTED_OUT"
    );
    let more = "{ status: OPTED_IN, hasCustomRouting: true, routingPreferences: [push, sms, email] }";
    let holds = update(&app, &format!("templateId: \"news\", preferences: {more}")).await;
    assert_eq!(holds["routingPreferences"], json!(["sms", "email"]));
}
