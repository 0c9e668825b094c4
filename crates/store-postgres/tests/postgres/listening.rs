//! What nodes tell each other.

use std::time::Duration;

use serde_json::json;
use tidings_store::conformance::documents::new;
use tidings_store::conformance::fixtures::{HERE, NOW, accept, finish};
use tidings_store::{DocumentKind, Documents, Feeds, Lane, Mark, Marking, NewFeedEntry, WriteMode};
use tidings_store_postgres::{Notification, PostgresStore};
use tidings_types::id::person_number;
use tidings_types::rendered::Inbox;
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

use crate::server::Database;

/// How long a notification may take.
const PATIENCE: Duration = Duration::from_secs(10);

/// Starts listening; the first that is heard says that it has begun.
async fn listen(store: &PostgresStore) -> UnboundedReceiver<Notification> {
    let (tell, mut heard) = unbounded_channel();
    // At the end of a test nobody hears any more.
    store.listen(move |notification| tell.send(notification).unwrap_or_default());
    everything(&mut heard).await;
    heard
}

async fn next(heard: &mut UnboundedReceiver<Notification>) -> Notification {
    tokio::time::timeout(PATIENCE, heard.recv()).await.unwrap().unwrap()
}

/// What is told after each connecting.
async fn everything(heard: &mut UnboundedReceiver<Notification>) {
    for notification in Notification::ALL {
        assert_eq!(next(heard).await, notification);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_node_hears_of_work_and_documents_of_others() {
    let database = Database::new().await;
    let (one, two) = (database.open().await, database.open().await);
    let (mut own, mut other) = (listen(&one).await, listen(&two).await);
    accept(&one, "m").await;
    assert_eq!(next(&mut other).await, Notification::Work(Lane::Normal));
    one.create_document(HERE, new(DocumentKind::Brand, "b", &[], json!({}), WriteMode::Live))
        .await
        .unwrap();
    assert_eq!(next(&mut other).await, Notification::Documents(HERE));
    // Notifications come in order, so a third node's would come after its own.
    accept(&two, "n").await;
    assert_eq!(next(&mut own).await, Notification::Work(Lane::Normal));
    assert!(own.try_recv().is_err(), "nobody is told what they did themselves");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_lost_connection_listens_again() {
    let database = Database::new().await;
    let (one, two) = (database.open().await, database.open().await);
    let mut heard = listen(&one).await;
    database.cut_connections().await;
    everything(&mut heard).await;
    accept(&two, "m").await;
    assert_eq!(next(&mut heard).await, Notification::Work(Lane::Normal));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_node_hears_of_feeds_that_others_changed() {
    let database = Database::new().await;
    let (one, two) = (database.open().await, database.open().await);
    let mut heard = listen(&two).await;
    finish(&one, "m", |record| {
        record.feed = vec![NewFeedEntry {
            user_id: "ada".to_owned(),
            tenant_id: None,
            content: Inbox::default(),
            created: NOW,
            expires_at: None,
        }];
    })
    .await;
    assert_eq!(next(&mut heard).await, Notification::Work(Lane::Normal));
    assert_eq!(next(&mut heard).await, Notification::Feed(HERE, person_number("ada")));
    let marking = Marking {
        environment: HERE,
        user_id: "ada".to_owned(),
        message_id: "m".into(),
        mark: Mark::Read,
        at: NOW,
        source: None,
        via: None,
    };
    one.mark(marking.clone()).await.unwrap();
    assert_eq!(next(&mut heard).await, Notification::Feed(HERE, person_number("ada")));
    one.mark(marking).await.unwrap();
    accept(&one, "n").await;
    assert_eq!(
        next(&mut heard).await,
        Notification::Work(Lane::Normal),
        "nothing changed the second time"
    );
}
