use serde_json::Value;
use tidings_types::{MessageId, RequestId, Status};

use super::fixtures::{HERE, LEASE, NOW, THERE, accept, claim_all, ids, message, request, several, step};
use crate::{FollowUps, JobClaim, JobDone, JobKey, JobNext, Lane, MessagePage, NewJob, Next, RequestNote, Store};

fn expand(key: &str) -> NewJob {
    NewJob {
        name: JobKey::new(HERE, crate::jobs::EXPAND, key),
        lane: Lane::Bulk,
        due: NOW,
        body: Value::Null,
    }
}

pub async fn progress_is_counted(store: &dyn Store) {
    let id = RequestId::from("r");
    let mut acceptance = several("r", &["m1", "m2", "m3"]);
    acceptance.request.crowds = Some("[]".to_owned());
    acceptance.jobs = vec![expand("r/0"), expand("r2/0")];
    store.accept(acceptance).await.unwrap();
    assert_eq!(
        store.request(HERE, &id).await.unwrap().unwrap().crowds.as_deref(),
        Some("[]")
    );
    let work = claim_all(store).await;
    assert!(
        store
            .record(step(&work[0], Status::Sent, Next::Finished))
            .await
            .unwrap()
    );
    let progress = store.request_progress(HERE, &id).await.unwrap();
    let counts = store.count_messages(HERE, &id).await.unwrap();
    assert_eq!(counts, [(Status::Enqueued, 2), (Status::Sent, 1)]);
    assert_eq!(
        (progress.expanding, progress.given_up),
        (1, 0),
        "another request's job is another's"
    );

    let wish = JobClaim {
        kind: crate::jobs::EXPAND.to_owned(),
        now: NOW,
        limit: 1,
        lease_ms: LEASE,
    };
    let claimed = store.claim_jobs(wish).await.unwrap().remove(0);
    let note = RequestNote {
        request_id: id.clone(),
        entry: 0,
        note: "There is no list".to_owned(),
    };
    let done = JobDone {
        name: claimed.job.name,
        proof: claimed.proof,
        next: JobNext::Finished,
        follow_ups: FollowUps {
            notes: vec![note.clone(), note.clone()],
            ..FollowUps::default()
        },
    };
    assert!(store.complete_job(done).await.unwrap());
    let progress = store.request_progress(HERE, &id).await.unwrap();
    assert_eq!((progress.expanding, progress.notes), (0, vec![note]));
    accept(store, "alone").await;
    store.enqueue_jobs(vec![expand("r/1")]).await.unwrap();
    let wish = JobClaim {
        kind: crate::jobs::EXPAND.to_owned(),
        now: NOW,
        limit: 9,
        lease_ms: LEASE,
    };
    for claimed in store.claim_jobs(wish).await.unwrap() {
        let done = JobDone {
            name: claimed.job.name,
            proof: claimed.proof,
            next: JobNext::Dead {
                at: NOW,
                error: "no more".to_owned(),
            },
            follow_ups: FollowUps::default(),
        };
        assert!(store.complete_job(done).await.unwrap());
    }
    let progress = store.request_progress(HERE, &id).await.unwrap();
    assert_eq!((progress.expanding, progress.given_up), (0, 1));
    let alone = store.count_messages(HERE, &"alone".into()).await.unwrap();
    assert_eq!(alone, [(Status::Enqueued, 1)]);
    assert_eq!(store.count_messages(THERE, &id).await.unwrap(), []);
}

pub async fn a_request_called_off_expands_no_more(store: &dyn Store) {
    let id = RequestId::from("r");
    let mut acceptance = several("r", &["m1", "m2", "m3", "m4"]);
    acceptance.jobs = vec![expand("r/0"), expand("r/1"), expand("other/0")];
    store.accept(acceptance).await.unwrap();
    let wish = JobClaim {
        kind: crate::jobs::EXPAND.to_owned(),
        now: NOW,
        limit: 9,
        lease_ms: LEASE,
    };
    let claimed = store.claim_jobs(wish).await.unwrap();
    assert_eq!(claimed.len(), 3);
    let held = store.claim(super::fixtures::wish(Lane::Normal, NOW, 1)).await.unwrap();
    assert_eq!(ids(&held), ["m1"]);

    assert!(store.cancel_request(HERE, &id, NOW).await.unwrap());
    assert!(store.cancel_request(HERE, &id, NOW.plus(9)).await.unwrap());
    assert!(!store.cancel_request(HERE, &"nobody".into(), NOW).await.unwrap());
    assert_eq!(store.request(HERE, &id).await.unwrap().unwrap().canceled_at, Some(NOW));
    for one in claimed {
        let key = one.job.name.key.clone();
        let done = JobDone {
            name: one.job.name,
            proof: one.proof,
            next: JobNext::Finished,
            follow_ups: FollowUps {
                messages: vec![MessagePage {
                    request: request("r"),
                    messages: vec![message(&format!("late {key}"))],
                }],
                ..FollowUps::default()
            },
        };
        assert_eq!(store.complete_job(done).await.unwrap(), key == "other/0", "{key}");
    }

    let first = store.cancel_messages(HERE, &id, None, NOW, 2).await.unwrap();
    assert_eq!((first.canceled, first.next), (1, Some(MessageId::from("m1"))));
    let second = store
        .cancel_messages(HERE, &id, Some(&"m1".into()), NOW, 9)
        .await
        .unwrap();
    assert_eq!((second.canceled, second.next), (3, None), "one is held");
    let m2 = store.message(HERE, &"m2".into()).await.unwrap().unwrap();
    assert_eq!((m2.status, m2.canceled_at), (Status::Canceled, Some(NOW)));
    assert!(claim_all(store).await.is_empty());
    assert!(
        store
            .record(step(&held[0], Status::Sent, Next::Finished))
            .await
            .unwrap()
    );
}
