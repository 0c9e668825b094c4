//! Which brand a message looks like.

use serde_json::{Value, json};
use tidings_pipeline::accept::dry_run;
use tidings_store::{DocumentKind, WriteMode};
use tidings_testkit::World;

/// A brand whose colour tells it from the others.
async fn brand(world: &World, id: &str, settings: Value, snippets: Value) {
    let body = json!({"name": id, "settings": settings, "snippets": {"items": snippets}});
    world
        .document(DocumentKind::Brand, id, None, body, WriteMode::Live)
        .await;
}

async fn world() -> World {
    let world = World::new().await;
    let smtp = json!({"host": "127.0.0.1", "port": 1, "from_address": "a@example.com"});
    world.account("smtp", "smtp", smtp).await;
    world
}

async fn colored(world: &World, id: &str, color: &str) {
    brand(world, id, json!({"colors": {"primary": color}}), json!([])).await;
}

/// What a send would look like: its mail's HTML, and everything that was told on the way.
async fn shown(world: &World, mut message: Value) -> (String, String) {
    if message.get("template").is_none() && message.get("content").is_none() {
        message["content"] = json!({"title": "t", "body": "look at {{brand.id}}"});
    }
    message["to"] = json!({"email": "ada@example.com"});
    let shown = dry_run(&world.services, &world.caller, json!({"message": message}))
        .await
        .unwrap();
    let html = shown["results"][0]["output"][0]["content"]["html"].as_str();
    (html.unwrap_or_default().to_owned(), shown.to_string())
}

#[tokio::test]
async fn the_nearest_brand_that_is_named_holds() {
    let world = world().await;
    for (id, color) in [
        ("default", "#100001"),
        ("template", "#200002"),
        ("tenant", "#300003"),
        ("message", "#400004"),
        ("channel", "#500005"),
    ] {
        colored(&world, id, color).await;
    }
    let content = json!({"version": "2022-01-01", "elements": [{"type": "text", "content": "look at {{brand.id}}"}]});
    world
        .template(
            "nt",
            json!({"name": "n", "brand": {"id": "template"}, "content": content}),
        )
        .await;
    let tenant = json!({"name": "T", "brand_id": "tenant"});
    world
        .document(DocumentKind::Tenant, "t", None, tenant, WriteMode::Live)
        .await;

    let inline = json!({"name": "Own", "settings": {"colors": {"primary": "#600006"}}});
    let mut message = json!({
        "template": "nt",
        "context": {"tenant_id": "t"},
        "brand_id": "message",
        "channels": {"email": {"brand_id": "channel", "override": {"brand": inline}}}
    });
    let expect = async |message: &Value, color: &str, said: &str| {
        let (html, told) = shown(&world, message.clone()).await;
        assert!(html.contains(color) && html.contains(said), "{color} {said} in {told}");
    };
    expect(&message, "#600006", "look at ").await;
    message["channels"]["email"].as_object_mut().unwrap().remove("override");
    expect(&message, "#500005", "look at channel").await;
    message["channels"]["email"]["brand_id"] = json!("none");
    let (html, _) = shown(&world, message.clone()).await;
    assert!(!html.contains("c--bar"), "{html}");
    message.as_object_mut().unwrap().remove("channels");
    expect(&message, "#400004", "look at message").await;
    message.as_object_mut().unwrap().remove("brand_id");
    expect(&message, "#300003", "look at tenant").await;
    message.as_object_mut().unwrap().remove("context");
    expect(&message, "#200002", "look at template").await;
    message.as_object_mut().unwrap().remove("template");
    expect(&message, "#100001", "look at default").await;
}

#[tokio::test]
async fn a_brand_that_is_not_there_is_passed_over_and_told() {
    let world = world().await;
    colored(&world, "default", "#100001").await;
    let (html, told) = shown(&world, json!({"brand_id": "nope"})).await;
    assert!(html.contains("#100001"), "{told}");
    assert!(told.contains("There is no brand \\\"nope\\\""), "{told}");
    let (html, _) = shown(&world, json!({"brand_id": "none"})).await;
    assert!(!html.contains("#100001") && !html.contains("c--bar"), "{html}");
}

#[tokio::test]
async fn the_environment_says_which_brand_is_the_default_and_others_inherit_from_it() {
    let world = world().await;
    let footer = json!({"colors": {"primary": "#100001"}, "email": {"footer": {"markdown": "From the main brand"}}});
    brand(
        &world,
        "main",
        footer,
        json!([{"name": "hi", "value": "hi from {{brand.name}}"}]),
    )
    .await;
    let heir = json!({"colors": {"primary": "#200002"}, "email": {"footer": {"inheritDefault": true}}});
    brand(&world, "heir", heir, json!([])).await;
    let settings = json!({"default_brand_id": "main"});
    world
        .document(DocumentKind::Settings, "brands", None, settings, WriteMode::Live)
        .await;
    let (html, told) = shown(&world, json!({})).await;
    assert!(html.contains("#100001"), "{told}");
    let (html, told) = shown(
        &world,
        json!({"brand_id": "heir", "content": {"title": "t", "body": "{{> hi}}"}}),
    )
    .await;
    assert!(
        html.contains("#200002") && html.contains("From the main brand") && html.contains("hi from heir"),
        "{told}"
    );
}
