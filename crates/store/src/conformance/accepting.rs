//! Acceptance.

use tidings_types::{ErrorKind, KeyMode, KeyScope, MessageId, RequestId, Status, UserId};

use super::fixtures::{HERE, MINUTE, NOW, THERE, accept, claim_all, message, request, several, single};
use crate::{Begin, IdempotencyKey, Lane, Store, StoredReply};

pub async fn what_is_accepted_can_be_read(store: &dyn Store) {
    let mut acceptance = single("r1", |message| {
        message.recipient = "Ada Lovelace".to_owned();
        message.tags = vec!["a".to_owned(), "\"quoted\" ü".to_owned()];
        message.trace_id = Some("trace".to_owned());
        message.tenant_id = Some("acme".to_owned());
        message.one_time = true;
        message.lane = Lane::Urgent;
    });
    acceptance.request.scope = KeyScope::Draft;
    acceptance.request.mode = KeyMode::Mock;
    let expected = acceptance.clone();
    store.accept(acceptance).await.unwrap();

    let found = store.request(HERE, &RequestId::from("r1")).await.unwrap().unwrap();
    assert_eq!(found, expected.request);
    let row = store.message(HERE, &MessageId::from("r1")).await.unwrap().unwrap();
    let message = &expected.messages[0];
    assert_eq!(row.environment, HERE);
    assert_eq!((&row.id, &row.request_id), (&message.id, &RequestId::from("r1")));
    assert_eq!(
        (&row.recipient, &row.user_id),
        (&message.recipient, &Some(UserId::from("ada")))
    );
    let to: serde_json::Value = serde_json::from_str(&row.to).unwrap();
    assert_eq!(to, serde_json::json!({"user_id": "ada"}));
    assert_eq!((&row.event, &row.notification), (&message.event, &message.notification));
    assert_eq!(
        (&row.tags, &row.trace_id, &row.tenant_id),
        (&message.tags, &message.trace_id, &message.tenant_id)
    );
    assert!(row.one_time && !row.redacted && !row.archived);
    assert_eq!((row.status, row.reason, row.enqueued), (Status::Enqueued, None, NOW));
    assert_eq!(
        (row.sent, row.delivered, row.opened, row.clicked, row.canceled_at),
        (None, None, None, None, None)
    );
    assert!(row.error.is_none() && row.providers.is_empty());
    assert_eq!((row.progress, row.trace), Default::default());
    assert!(store.history(HERE, &row.id).await.unwrap().is_empty());
    assert!(store.outputs(HERE, &row.id).await.unwrap().is_empty());
}

pub async fn environments_do_not_see_each_other(store: &dyn Store) {
    accept(store, "m").await;
    let id = MessageId::from("m");
    assert!(store.message(THERE, &id).await.unwrap().is_none());
    assert!(store.request(THERE, &RequestId::from("m")).await.unwrap().is_none());

    let mut twin = single("m", |message| message.recipient = "there".to_owned());
    twin.request.environment = THERE;
    store.accept(twin).await.unwrap();
    assert_eq!(store.message(THERE, &id).await.unwrap().unwrap().recipient, "there");
    assert_eq!(store.message(HERE, &id).await.unwrap().unwrap().recipient, "ada");
    assert_eq!(claim_all(store).await.len(), 2, "both wait in the queue");
}

pub async fn an_id_is_accepted_once_and_a_refused_request_leaves_nothing(store: &dyn Store) {
    accept(store, "m1").await;
    let error = store.accept(several("other", &["m2", "m1"])).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Conflict);
    assert!(store.request(HERE, &RequestId::from("other")).await.unwrap().is_none());
    assert!(store.message(HERE, &MessageId::from("m2")).await.unwrap().is_none());
    assert_eq!(claim_all(store).await.len(), 1, "only the first waits in the queue");
}

pub async fn a_reply_is_kept_with_the_acceptance(store: &dyn Store) {
    let key = IdempotencyKey {
        environment: HERE,
        operation: "POST /send".to_owned(),
        key: "k".to_owned(),
    };
    let reply = StoredReply {
        status: 202,
        body: "{\"requestId\":\"m1\"}".to_owned(),
    };
    let again = || store.begin(&key, "body", NOW, NOW.plus(60 * MINUTE), MINUTE);
    assert_eq!(again().await.unwrap(), Begin::Fresh);

    // One that is refused keeps no reply.
    accept(store, "taken").await;
    let mut refused = several("refused", &["taken"]);
    refused.idempotency = Some((key.clone(), reply.clone()));
    store.accept(refused).await.unwrap_err();
    assert_eq!(again().await.unwrap(), Begin::Running);

    let mut acceptance = several("m1", &[]);
    acceptance.request = request("m1");
    acceptance.messages = vec![message("m1")];
    acceptance.idempotency = Some((key.clone(), reply.clone()));
    store.accept(acceptance).await.unwrap();
    assert_eq!(again().await.unwrap(), Begin::Done(reply));
}
