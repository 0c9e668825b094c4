//! Broadcasts: sent as whoever asked for them would send.

use serde_json::json;
use tidings_pipeline::Caller;
use tidings_pipeline::broadcasts::{self, Broadcast, Schedule};
use tidings_store::lists::By;
use tidings_store::{DocumentKind, NewSubscription, WriteMode};
use tidings_testkit::World;
use tidings_types::{Environment, KeyMode, KeyScope, Status};

const HERE: Environment = Environment::Production;

#[tokio::test]
async fn a_rehearsed_broadcast_calls_no_provider() {
    let world = World::new().await;
    let store = &world.services.store;
    let ada = NewSubscription {
        user_id: "ada".into(),
        preferences: None,
    };
    store
        .subscribe(HERE, "news", vec![ada], false, By::api(world.services.clock.now()))
        .await
        .unwrap();
    let text = json!({"type": "text", "content": "Hi"});
    let content =
        json!({"version": "2022-01-01", "elements": [{"type": "channel", "channel": "inbox", "elements": [text]}]});
    let body = json!({"name": "News", "channel": "inbox", "status": "draft", "content": content});
    world
        .document(DocumentKind::Broadcast, "bst_1", None, body, WriteMode::Live)
        .await;
    let document = async || {
        store
            .document(HERE, DocumentKind::Broadcast, "bst_1")
            .await
            .unwrap()
            .unwrap()
    };
    let caller = Caller {
        environment: HERE,
        scope: KeyScope::Published,
        mode: KeyMode::Mock,
    };
    let schedule = Schedule {
        recipient_id: "news".to_owned(),
        recipient_type: "list".to_owned(),
        scheduled_to: None,
        timezone: None,
    };
    broadcasts::schedule(&world.services, &caller, "key", &document().await, schedule)
        .await
        .unwrap();
    world.drain().await;
    let request = Broadcast::read(&document().await).unwrap().request_id.unwrap();
    let counts = store.count_messages(HERE, &request).await.unwrap();
    assert_eq!(counts, [(Status::Simulated, 1)]);
}
