//! The outbox.

use tidings_types::rendered::Sms;
use tidings_types::{Environment, Rendered, Status};

use super::fixtures::{HERE, NOW, THERE, first, single, step, wish};
use crate::{Lane, NewCaught, Next, PageRequest, Store};

fn caught(text: &str) -> NewCaught {
    NewCaught {
        provider: "outbox".to_owned(),
        to: "+11234567890".to_owned(),
        rendered: Rendered::Sms(Sms { body: text.to_owned() }),
        payload: None,
        at: NOW,
    }
}

/// Catches texts in an environment, one message each.
async fn catch(store: &dyn Store, environment: Environment, texts: &[&str]) {
    for text in texts {
        let mut acceptance = single(text, |message| message.lane = Lane::Bulk);
        acceptance.request.environment = environment;
        store.accept(acceptance).await.unwrap();
        let work = store.claim(wish(Lane::Bulk, NOW, 1)).await.unwrap().remove(0);
        let mut record = step(&work, Status::Sent, Next::Finished);
        record.caught = vec![caught(text)];
        assert!(store.record(record).await.unwrap());
    }
}

async fn outbox(store: &dyn Store, environment: Option<Environment>) -> Vec<String> {
    let page = store.outbox(environment, first(100)).await.unwrap();
    page.items.into_iter().map(|one| one.message_id.into_string()).collect()
}

pub async fn the_outbox_is_read_from_both_ends(store: &dyn Store) {
    catch(store, HERE, &["a", "b"]).await;
    catch(store, THERE, &["c"]).await;
    catch(store, HERE, &["d"]).await;
    assert_eq!(outbox(store, None).await, ["d", "c", "b", "a"]);
    assert_eq!(outbox(store, Some(HERE)).await, ["d", "b", "a"]);

    let all = store.outbox_since(None, 0, 100).await.unwrap();
    assert!(all.is_sorted_by_key(|one| one.number), "oldest first");
    assert_eq!(all[2].environment, THERE);
    let after_b = store.outbox_since(None, all[1].number, 100).await.unwrap();
    assert_eq!(after_b, all[2..]);
    assert_eq!(
        store.outbox_since(Some(HERE), all[1].number, 100).await.unwrap(),
        all[3..]
    );
    assert_eq!(store.outbox_since(None, 0, 3).await.unwrap(), all[..3]);
    assert!(store.outbox_since(None, all[3].number, 100).await.unwrap().is_empty());
    assert_eq!(store.caught(all[1].number).await.unwrap().as_ref(), Some(&all[1]));
    assert_eq!(store.caught(all[3].number + 1000).await.unwrap(), None);

    let page = store.outbox(None, first(3)).await.unwrap();
    let rest = store
        .outbox(
            None,
            PageRequest {
                after: page.next,
                limit: 3,
            },
        )
        .await
        .unwrap();
    assert_eq!((page.items.len(), rest.items.len(), rest.next), (3, 1, None));
    assert_eq!(rest.items[0], all[0]);
}

pub async fn clearing_never_gives_a_number_twice(store: &dyn Store) {
    catch(store, HERE, &["a"]).await;
    catch(store, THERE, &["b"]).await;
    let last = store.outbox(None, first(1)).await.unwrap().items[0].number;
    store.clear_outbox(Some(HERE)).await.unwrap();
    assert_eq!(outbox(store, None).await, ["b"]);
    store.clear_outbox(None).await.unwrap();
    assert!(outbox(store, None).await.is_empty());
    catch(store, HERE, &["c"]).await;
    let next = store.outbox_since(None, last, 10).await.unwrap();
    assert_eq!(next.len(), 1, "whoever watches from the last number sees the new entry");
}

pub async fn the_outbox_keeps_the_newest(store: &dyn Store) {
    assert_eq!(store.prune_outbox(2).await.unwrap(), 0);
    catch(store, HERE, &["a", "b", "c", "d"]).await;
    assert_eq!(store.prune_outbox(4).await.unwrap(), 0);
    assert_eq!(store.prune_outbox(3).await.unwrap(), 1);
    assert_eq!(outbox(store, None).await, ["d", "c", "b"]);
    assert_eq!(store.prune_outbox(0).await.unwrap(), 3);
    assert!(outbox(store, None).await.is_empty());
}
