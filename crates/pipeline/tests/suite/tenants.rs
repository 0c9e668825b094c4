//! What tenants give to messages.

use std::sync::Arc;

use serde_json::json;
use tidings_pipeline::PipelineSettings;
use tidings_store::{DocumentKind, JobKey, Lane, NewJob, NewMembership, PageRequest, ProfileChange, WriteMode};
use tidings_testkit::World;
use tidings_types::{Environment, MessageId, Object, UserId};

const HERE: Environment = Environment::Production;

async fn tenant(world: &World, id: &str, parent: Option<&str>, body: serde_json::Value) {
    world
        .document(DocumentKind::Tenant, id, parent, body, WriteMode::Live)
        .await;
}

async fn join(world: &World, user: &str, tenant: &str, profile: Option<Object>) {
    let new = NewMembership {
        user_id: UserId::from(user),
        tenant_id: tenant.to_owned(),
        profile,
    };
    let now = world.services.clock.now();
    world
        .services
        .store
        .put_memberships(HERE, vec![new], now)
        .await
        .unwrap();
}

fn object(value: serde_json::Value) -> Object {
    match value {
        serde_json::Value::Object(object) => object,
        other => panic!("{other} is no object"),
    }
}

/// What a message to somebody would say: the body of its first output.
async fn said(world: &World, to: serde_json::Value, body: &str) -> String {
    let message = json!({"message": {"to": to, "content": {"title": "t", "body": body}}});
    let shown = tidings_pipeline::accept::dry_run(&world.services, &world.caller, message)
        .await
        .unwrap();
    shown["results"][0]["output"][0]["content"]["text"]
        .as_str()
        .unwrap_or_default()
        .trim()
        .to_owned()
}

async fn acme(world: &World) {
    tenant(
        world,
        "group",
        None,
        json!({"name": "Group", "brand_id": null, "properties": {"site": "group.example", "plan": "free"},
        "user_profile": {"city": "Bonn", "nick": "group"}}),
    )
    .await;
    tenant(
        world,
        "acme",
        Some("group"),
        json!({"name": "Acme", "properties": {"plan": "pro"}, "user_profile": {"nick": "acme"}}),
    )
    .await;
    let profile = ProfileChange::Replace(object(
        json!({"email": "ada@example.com", "nick": "own", "role": "own"}),
    ));
    let (ada, now) = (UserId::from("ada"), world.services.clock.now());
    world
        .services
        .store
        .change_profile(HERE, &ada, profile, now)
        .await
        .unwrap();
    join(world, "ada", "acme", Some(object(json!({"role": "admin"})))).await;
    world
        .account(
            "smtp",
            "smtp",
            json!({"host": "127.0.0.1", "port": 1, "from_address": "a@example.com"}),
        )
        .await;
}

#[tokio::test]
async fn properties_and_profiles_come_from_above_and_the_person_wins() {
    let world = World::new().await;
    acme(&world).await;
    let to = json!({"user_id": "ada", "tenant_id": "acme"});
    let body = "{{tenant.name}} {{tenant.plan}} {{tenant.site}} {{profile.city}} {{profile.nick}} {{profile.role}}";
    assert_eq!(said(&world, to, body).await, "Acme pro group.example Bonn own admin");
    let to = json!({"user_id": "ada", "tenant_id": "acme", "role": "sent"});
    assert_eq!(said(&world, to, "{{profile.role}}").await, "sent");
}

#[tokio::test]
async fn a_message_without_a_tenant_is_for_the_only_one() {
    let world = World::new().await;
    acme(&world).await;
    let send = async |world: &World, to: serde_json::Value| {
        let message = json!({"message": {"to": to, "content": {"title": "t", "body": "b"}}});
        let accepted = tidings_pipeline::accept::send(&world.services, &world.caller, message, None)
            .await
            .unwrap();
        let id = MessageId::from(accepted.request_id.as_str());
        world
            .services
            .store
            .message(HERE, &id)
            .await
            .unwrap()
            .unwrap()
            .tenant_id
    };
    let ada = || json!({"user_id": "ada"});
    assert_eq!(send(&world, ada()).await.as_deref(), Some("acme"));
    assert_eq!(send(&world, json!({"email": "x@example.com"})).await, None);
    join(&world, "ada", "group", None).await;
    assert_eq!(send(&world, ada()).await, None, "two are too many");
    let named = json!({"user_id": "ada", "context": {"tenant_id": "group"}});
    assert_eq!(send(&world, named).await.as_deref(), Some("group"));

    let world = World::with(PipelineSettings {
        infer_tenant: false,
        ..PipelineSettings::default()
    })
    .await;
    acme(&world).await;
    assert_eq!(send(&world, ada()).await, None, "switched off");
}

#[tokio::test]
async fn the_people_of_a_tenant_that_is_gone_are_taken_out() {
    let world = World::new().await;
    acme(&world).await;
    let (services, store) = (&world.services, Arc::clone(&world.services.store));
    let now = services.clock.now();
    let clear = NewJob {
        name: JobKey::new(HERE, tidings_pipeline::tenants::CLEAR, "acme"),
        lane: Lane::Bulk,
        due: now,
        body: json!({"tenant": "acme", "before": now.as_millis()}),
    };
    store.enqueue_jobs(vec![clear]).await.unwrap();
    store
        .archive_document(HERE, DocumentKind::Tenant, "acme")
        .await
        .unwrap();
    services.documents().changed(HERE);
    world.clock.advance(1);
    join(&world, "late", "acme", None).await;
    world.drain().await;
    let page = PageRequest { after: None, limit: 9 };
    let left = store.members(HERE, "acme", page).await.unwrap().items;
    assert_eq!(
        left.iter().map(|one| one.user_id.as_str()).collect::<Vec<_>>(),
        ["late"]
    );
}
