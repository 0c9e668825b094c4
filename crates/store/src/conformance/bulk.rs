use serde_json::{Value, json};
use tidings_types::{ErrorKind, MessageId, Status};

use super::fixtures::{HERE, LEASE, NOW, THERE, claim_all, first, ids, message, request, step};
use crate::bulk::BulkStatus;
use crate::jobs::EXPAND_BULK;
use crate::{
    BulkOutcome, BulkRun, FollowUps, JobClaim, JobDone, JobKey, JobNext, Lane, MessagePage, NewBulkUser, NewJob,
    NewMessage, Next, PageRequest, RequestRow, Store,
};

fn user(recipient: &str) -> NewBulkUser {
    NewBulkUser {
        recipient: recipient.to_owned(),
        body: json!({ "recipient": recipient }),
    }
}

fn job() -> NewJob {
    NewJob {
        name: JobKey::new(HERE, "bulk", "b"),
        lane: Lane::Bulk,
        due: NOW,
        body: Value::Null,
    }
}

pub async fn a_bulk_job_is_filled_and_set_going_once(store: &dyn Store) {
    store
        .create_bulk_job(HERE, "b", json!({"event": "e"}), NOW)
        .await
        .unwrap();
    let twice = store
        .add_bulk_users(HERE, "b", vec![user("a"), user("b"), user("a")])
        .await
        .unwrap();
    assert_eq!(twice, Some(vec![2]));
    assert_eq!(
        store
            .add_bulk_users(HERE, "b", vec![user("b"), user("c")])
            .await
            .unwrap(),
        Some(vec![0])
    );
    assert_eq!(store.add_bulk_users(THERE, "b", vec![user("a")]).await.unwrap(), None);
    let bulk = store.bulk_job(HERE, "b").await.unwrap().unwrap();
    assert_eq!(
        (bulk.received, bulk.enqueued, bulk.failures, bulk.run_at),
        (3, 0, 0, None)
    );
    assert_eq!(bulk.definition, json!({"event": "e"}));

    assert_eq!(
        store.run_bulk_job(HERE, "b", request("b"), job()).await.unwrap(),
        BulkRun::Started
    );
    assert_eq!(
        store.run_bulk_job(HERE, "b", request("b2"), job()).await.unwrap(),
        BulkRun::Running
    );
    assert_eq!(
        store.run_bulk_job(HERE, "x", request("x"), job()).await.unwrap(),
        BulkRun::NotFound
    );
    assert!(store.request(HERE, &"b".into()).await.unwrap().is_some());
    assert!(store.request(HERE, &"x".into()).await.unwrap().is_none());
    let late = store.add_bulk_users(HERE, "b", vec![user("d")]).await.unwrap_err();
    assert_eq!(late.kind(), ErrorKind::Conflict);
}

pub async fn what_became_of_bulk_people_is_written_with_their_messages(store: &dyn Store) {
    store.create_bulk_job(HERE, "b", json!({}), NOW).await.unwrap();
    store
        .add_bulk_users(HERE, "b", vec![user("a"), user("b"), user("c")])
        .await
        .unwrap();
    store.run_bulk_job(HERE, "b", request("b"), job()).await.unwrap();
    let wish = JobClaim {
        kind: "bulk".to_owned(),
        now: NOW,
        limit: 1,
        lease_ms: LEASE,
    };
    let claimed = store.claim_jobs(wish).await.unwrap().remove(0);
    let outcome = |number, result| BulkOutcome {
        job_id: "b".to_owned(),
        number,
        result,
    };
    let done = JobDone {
        name: claimed.job.name,
        proof: claimed.proof,
        next: JobNext::Finished,
        follow_ups: FollowUps {
            messages: vec![MessagePage {
                request: request("b"),
                messages: vec![message("m1")],
            }],
            bulk: vec![
                outcome(1, Ok(MessageId::from("m1"))),
                outcome(3, Err("nowhere to go".to_owned())),
            ],
            ..FollowUps::default()
        },
    };
    assert!(store.complete_job(done).await.unwrap());
    assert_eq!(ids(&claim_all(store).await), ["m1"]);
    let bulk = store.bulk_job(HERE, "b").await.unwrap().unwrap();
    assert_eq!((bulk.received, bulk.enqueued, bulk.failures), (3, 1, 1));
    let page = store.bulk_users(HERE, "b", first(2)).await.unwrap();
    assert_eq!(
        (page.items[0].status, page.items[0].message_id.clone()),
        (BulkStatus::Enqueued, Some("m1".into()))
    );
    assert_eq!(page.items[1].status, BulkStatus::Pending);
    let rest = PageRequest {
        after: page.next,
        limit: 2,
    };
    let page = store.bulk_users(HERE, "b", rest).await.unwrap();
    assert_eq!(
        (page.items[0].recipient.as_str(), page.items[0].error.as_deref()),
        ("c", Some("nowhere to go"))
    );
    assert!(page.next.is_none());
}

pub async fn one_time_data_of_crowds_and_bulk_jobs_is_redacted(store: &dyn Store) {
    let code = || json!({"code": "4711"});
    let definition = json!({"event": "e", "data": code(), "locale": {"de": code()}, "message": {"data": code()}});
    store.create_bulk_job(HERE, "b", definition, NOW).await.unwrap();
    let ada = NewBulkUser {
        body: json!({"recipient": "ada", "data": code(), "to": {"data": code()}, "profile": {"email": "a@b.c"}}),
        ..user("ada")
    };
    store.add_bulk_users(HERE, "b", vec![ada]).await.unwrap();
    let request = RequestRow {
        crowds: Some(json!([{"entry": 0, "id": "l", "data": code()}]).to_string()),
        ..request("b")
    };
    let expand = NewJob {
        name: JobKey::new(HERE, EXPAND_BULK, "b/0"),
        ..job()
    };
    store.run_bulk_job(HERE, "b", request.clone(), expand).await.unwrap();
    let claim = async || {
        let wish = JobClaim {
            kind: EXPAND_BULK.to_owned(),
            now: NOW,
            limit: 1,
            lease_ms: LEASE,
        };
        store.claim_jobs(wish).await.unwrap().remove(0)
    };
    let done = async |next, messages| {
        let claimed = claim().await;
        let done = JobDone {
            name: claimed.job.name,
            proof: claimed.proof,
            next,
            follow_ups: FollowUps {
                messages,
                ..FollowUps::default()
            },
        };
        assert!(store.complete_job(done).await.unwrap());
    };
    let one = NewMessage {
        user_id: Some("ada".into()),
        one_time: true,
        ..message("m1")
    };
    let page = MessagePage {
        request,
        messages: vec![one],
    };
    done(JobNext::At(NOW, Value::Null), vec![page]).await;
    let work = claim_all(store).await.remove(0);
    assert!(store.record(step(&work, Status::Sent, Next::Finished)).await.unwrap());
    let redact = async || store.redact_one_time(NOW.plus(1), 10).await.unwrap();
    assert_eq!(redact().await, 0, "the rest of the crowd still needs it");
    done(JobNext::Finished, Vec::new()).await;
    assert_eq!(redact().await, 1);
    let bulk = store.bulk_job(HERE, "b").await.unwrap().unwrap();
    let users = store.bulk_users(HERE, "b", first(9)).await.unwrap().items;
    let request = store.request(HERE, &"b".into()).await.unwrap().unwrap();
    let all = format!("{bulk:?} {users:?} {request:?}");
    assert!(!all.contains("4711"), "{all}");
    assert!(all.contains("a@b.c") && all.contains("\"code"), "{all}");
}
