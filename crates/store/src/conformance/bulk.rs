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
        .create_bulk_job(HERE, "b", json!({"event": "e"}), false, NOW)
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
    store.create_bulk_job(HERE, "b", json!({}), false, NOW).await.unwrap();
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
    store.create_bulk_job(HERE, "b", definition, true, NOW).await.unwrap();
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

pub async fn one_time_data_of_people_without_a_message_is_redacted(store: &dyn Store) {
    let code = || json!({"code": "4711"});
    let all = async |id: &str| {
        let job = store.bulk_job(HERE, id).await.unwrap().unwrap();
        let users = store.bulk_users(HERE, id, first(9)).await.unwrap().items;
        format!("{job:?} {users:?}")
    };
    for (id, one_time) in [("never", true), ("running", true), ("other", false)] {
        let definition = json!({"event": "e", "data": code()});
        store
            .create_bulk_job(HERE, id, definition, one_time, NOW)
            .await
            .unwrap();
        let people = ["a", "b", "c"].map(|name| NewBulkUser {
            body: json!({"recipient": name, "data": code()}),
            ..user(name)
        });
        store.add_bulk_users(HERE, id, people.to_vec()).await.unwrap();
    }
    let expand = NewJob {
        name: JobKey::new(HERE, EXPAND_BULK, "running/0"),
        ..job()
    };
    store
        .run_bulk_job(HERE, "running", request("running"), expand.clone())
        .await
        .unwrap();
    let redact = async |before| {
        let mut counts = Vec::new();
        loop {
            match store.redact_bulk_jobs(before, 2).await.unwrap() {
                0 => return counts,
                count => counts.push(count),
            }
        }
    };
    assert!(redact(NOW).await.is_empty(), "not yet");
    assert_eq!(
        redact(NOW.plus(1)).await,
        [2, 2],
        "a part, and then the rest and the job"
    );
    assert!(!all("never").await.contains("4711"), "{}", all("never").await);
    for id in ["running", "other"] {
        assert_eq!(all(id).await.matches("4711").count(), 4, "{id}");
    }
    // Nothing is sent with what is left.
    let run = store
        .run_bulk_job(HERE, "never", request("never"), job())
        .await
        .unwrap();
    assert_eq!(run, BulkRun::Redacted);
    assert!(store.request(HERE, &"never".into()).await.unwrap().is_none());
    let late = store.add_bulk_users(HERE, "never", vec![user("d")]).await.unwrap_err();
    assert_eq!(late.kind(), ErrorKind::Conflict);
    // Once its messages are there, or it was called off, a job's people are not needed any more.
    assert!(store.cancel_job(&expand.name).await.unwrap());
    assert_eq!(redact(NOW.plus(1)).await, [2, 2]);
    assert!(!all("running").await.contains("4711"));
    let run = store
        .run_bulk_job(HERE, "running", request("running"), job())
        .await
        .unwrap();
    assert_eq!(run, BulkRun::Running);
}
