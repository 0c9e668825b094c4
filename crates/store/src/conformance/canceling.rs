//! Calling off.

use tidings_types::{Event, EventType, MessageId, Status};

use super::fixtures::{HERE, MINUTE, NOW, THERE, claim_all, claim_new, finish, single, step};
use crate::{CancelResult, Lane, Next, Store};

pub async fn a_waiting_message_is_called_off(store: &dyn Store) {
    store
        .accept(single("m", |message| message.due = NOW.plus(MINUTE)))
        .await
        .unwrap();
    let id = MessageId::from("m");
    assert!(matches!(
        store.cancel(THERE, &id, NOW).await.unwrap(),
        CancelResult::NotFound
    ));
    let CancelResult::Canceled(row) = store.cancel(HERE, &id, NOW.plus(7)).await.unwrap() else {
        panic!("it was waiting")
    };
    assert_eq!((row.status, row.canceled_at), (Status::Canceled, Some(NOW.plus(7))));
    assert_eq!(store.message(HERE, &id).await.unwrap().unwrap(), row);
    assert_eq!(
        store.history(HERE, &id).await.unwrap(),
        [Event::new(EventType::Canceled, NOW.plus(7))]
    );
    assert_eq!(store.next_due(Lane::Normal).await.unwrap(), None, "its work is gone");
    assert_eq!(store.queue_state(NOW).await.unwrap().pending, 0);
}

pub async fn a_claimed_message_is_too_late(store: &dyn Store) {
    let work = claim_new(store, "m").await;
    let CancelResult::TooLate(row) = store.cancel(HERE, &work.message.id, NOW).await.unwrap() else {
        panic!("it was claimed")
    };
    assert_eq!(row, work.message, "unchanged");
    assert!(store.history(HERE, &row.id).await.unwrap().is_empty());
    assert!(store.record(step(&work, Status::Routed, Next::At(NOW))).await.unwrap());
    assert!(
        matches!(
            store.cancel(HERE, &row.id, NOW).await.unwrap(),
            CancelResult::Canceled(_)
        ),
        "put back"
    );
    assert!(claim_all(store).await.is_empty());
}

pub async fn an_ended_message_is_too_late(store: &dyn Store) {
    finish(store, "m", |_| {}).await;
    let id = MessageId::from("m");
    let CancelResult::TooLate(row) = store.cancel(HERE, &id, NOW).await.unwrap() else {
        panic!("it had ended")
    };
    assert_eq!((row.status, row.canceled_at), (Status::Sent, None));

    let waiting = claim_new(store, "handed-over").await;
    assert!(store.record(step(&waiting, Status::Sent, Next::At(NOW))).await.unwrap());
    let result = store.cancel(HERE, &waiting.message.id, NOW).await.unwrap();
    assert!(
        matches!(result, CancelResult::TooLate(_)),
        "handed over, and only waiting for a reaction"
    );

    store.accept(single("twice", |_| {})).await.unwrap();
    let id = MessageId::from("twice");
    store.cancel(HERE, &id, NOW).await.unwrap();
    let CancelResult::TooLate(row) = store.cancel(HERE, &id, NOW.plus(1)).await.unwrap() else {
        panic!("it was called off before")
    };
    assert_eq!(row.canceled_at, Some(NOW));
    assert_eq!(store.history(HERE, &id).await.unwrap().len(), 1);
}

pub async fn an_unknown_message_is_not_found(store: &dyn Store) {
    assert!(matches!(
        store.cancel(HERE, &MessageId::from("none"), NOW).await.unwrap(),
        CancelResult::NotFound
    ));
}
