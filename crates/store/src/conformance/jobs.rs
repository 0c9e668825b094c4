use serde_json::{Value, json};
use tidings_types::{Environment, Status, Timestamp};

use super::fixtures::{
    HERE, LEASE, MINUTE, NOW, THERE, claim_all, claim_new, first, ids, message, request, several, single, step,
};
use crate::{
    ClaimedJob, FollowUps, JobClaim, JobDone, JobKey, JobNext, Lane, MessagePage, NewJob, Next, PageRequest, Store,
};

fn name(key: &str) -> JobKey {
    JobKey::new(HERE, "count", key)
}

fn job(key: &str) -> NewJob {
    NewJob {
        name: name(key),
        lane: Lane::Normal,
        due: NOW,
        body: json!({ "for": key }),
    }
}

fn wish(now: Timestamp) -> JobClaim {
    JobClaim {
        kind: "count".to_owned(),
        now,
        limit: 100,
        lease_ms: LEASE,
    }
}

async fn claim(store: &dyn Store, now: Timestamp) -> Vec<ClaimedJob> {
    store.claim_jobs(wish(now)).await.unwrap()
}

async fn claim_one(store: &dyn Store) -> ClaimedJob {
    let mut claimed = claim(store, NOW).await;
    assert_eq!(claimed.len(), 1);
    claimed.remove(0)
}

fn keys(claimed: &[ClaimedJob]) -> Vec<&str> {
    claimed.iter().map(|one| one.job.name.key.as_str()).collect()
}

fn done(claimed: &ClaimedJob, next: JobNext) -> JobDone {
    JobDone {
        name: claimed.job.name.clone(),
        proof: claimed.proof,
        next,
        follow_ups: FollowUps::default(),
    }
}

async fn complete(store: &dyn Store, claimed: &ClaimedJob, next: JobNext) {
    assert!(store.complete_job(done(claimed, next)).await.unwrap());
}

async fn body(store: &dyn Store, key: &str) -> Option<Value> {
    store.job(&name(key)).await.unwrap().map(|job| job.body)
}

pub async fn jobs_are_claimed_by_kind_lane_and_due(store: &dyn Store) {
    let later = NewJob {
        due: NOW.plus(MINUTE),
        ..job("later")
    };
    let bulk = NewJob {
        lane: Lane::Bulk,
        due: NOW.minus(MINUTE),
        ..job("bulk")
    };
    let urgent = NewJob {
        lane: Lane::Urgent,
        ..job("urgent")
    };
    let other = NewJob {
        name: JobKey::new(HERE, "other", "other"),
        ..job("other")
    };
    store
        .enqueue_jobs(vec![later, bulk, job("b"), job("a"), urgent, other])
        .await
        .unwrap();
    let two = JobClaim { limit: 2, ..wish(NOW) };
    assert_eq!(keys(&store.claim_jobs(two).await.unwrap()), ["urgent", "a"]);
    assert_eq!(store.next_job_due("count").await.unwrap(), Some(NOW.minus(MINUTE)));
    assert_eq!(keys(&claim(store, NOW).await), ["b", "bulk"]);
    assert_eq!(store.next_job_due("count").await.unwrap(), Some(NOW.plus(MINUTE)));
    assert_eq!(keys(&claim(store, NOW.plus(MINUTE)).await), ["later"]);
    assert_eq!(store.next_job_due("count").await.unwrap(), None);
    let counts = store.job_counts(NOW).await.unwrap();
    assert_eq!(
        counts
            .iter()
            .map(|count| (count.kind.as_str(), count.pending, count.due, count.dead))
            .collect::<Vec<_>>(),
        [("count", 5, 4, 0), ("other", 1, 1, 0)]
    );
}

pub async fn a_claimed_job_comes_back_when_it_is_released(store: &dyn Store) {
    store.enqueue_jobs(vec![job("a")]).await.unwrap();
    let claimed = claim_one(store).await;
    assert_eq!(
        (claimed.job.body.clone(), claimed.job.attempts),
        (json!({"for": "a"}), 0)
    );
    assert!(claim(store, NOW).await.is_empty());
    store
        .release_jobs(vec![(claimed.job.name.clone(), claimed.proof)])
        .await
        .unwrap();
    let again = claim_one(store).await;
    assert!(
        !store.complete_job(done(&claimed, JobNext::Finished)).await.unwrap(),
        "the first claim is lost"
    );
    complete(store, &again, JobNext::Finished).await;
    assert!(claim(store, NOW).await.is_empty());
    assert_eq!(body(store, "a").await, None);
}

pub async fn a_job_asked_for_twice_is_one(store: &dyn Store) {
    let second = NewJob {
        due: NOW.plus(MINUTE),
        body: json!("second"),
        ..job("a")
    };
    let elsewhere = NewJob {
        name: JobKey::new(THERE, "count", "a"),
        ..job("a")
    };
    store.enqueue_jobs(vec![job("a"), second.clone()]).await.unwrap();
    store.enqueue_jobs(vec![second, elsewhere]).await.unwrap();
    let claimed = claim(store, NOW).await;
    let places: Vec<Environment> = claimed.iter().map(|one| one.job.name.environment).collect();
    assert_eq!(places.len(), 2);
    assert!(places.contains(&HERE) && places.contains(&THERE));
    for one in &claimed {
        assert_eq!(one.job.body, json!({"for": "a"}), "the first stays");
        complete(store, one, JobNext::Finished).await;
    }
    assert!(claim(store, NOW.plus(MINUTE)).await.is_empty());
}

pub async fn a_job_asked_for_while_it_is_done_is_done_again(store: &dyn Store) {
    let again = NewJob {
        body: json!("again"),
        ..job("a")
    };
    store.enqueue_jobs(vec![job("a")]).await.unwrap();
    let claimed = claim_one(store).await;
    store.enqueue_jobs(vec![again.clone()]).await.unwrap();
    complete(store, &claimed, JobNext::KeepClaim(json!("half"))).await;
    complete(store, &claimed, JobNext::At(NOW, json!("more"))).await;

    // Claimed anew in the middle, and still it is known that it was asked for since it was begun.
    let claimed = claim_one(store).await;
    assert_eq!(claimed.job.body, json!("more"));
    complete(store, &claimed, JobNext::Finished).await;
    let claimed = claim_one(store).await;
    assert_eq!(claimed.job.body, json!("again"));
    complete(store, &claimed, JobNext::Finished).await;
    assert!(claim(store, NOW).await.is_empty());
}

pub async fn a_failing_job_waits_and_dies_in_sight(store: &dyn Store) {
    store.enqueue_jobs(vec![job("a"), job("b")]).await.unwrap();
    for claimed in claim(store, NOW).await {
        let next = JobNext::Retry {
            at: NOW.plus(MINUTE),
            error: "no answer".to_owned(),
        };
        complete(store, &claimed, next).await;
    }
    assert!(claim(store, NOW).await.is_empty());
    for claimed in claim(store, NOW.plus(MINUTE)).await {
        assert_eq!(
            (claimed.job.attempts, claimed.job.error.as_deref()),
            (1, Some("no answer"))
        );
        let next = JobNext::Dead {
            at: NOW.plus(MINUTE),
            error: "gone".to_owned(),
        };
        complete(store, &claimed, next).await;
    }
    let far = NOW.plus(1000 * MINUTE);
    assert!(claim(store, far).await.is_empty());
    assert_eq!(store.next_job_due("count").await.unwrap(), None);
    assert_eq!(store.job_counts(far).await.unwrap()[0].dead, 2);

    let page = store.dead_jobs(HERE, first(1)).await.unwrap();
    assert_eq!(page.items[0].name, name("b"));
    assert_eq!(page.items[0].dead_since, Some(NOW.plus(MINUTE)));
    let rest = PageRequest {
        after: page.next,
        limit: 10,
    };
    assert_eq!(store.dead_jobs(HERE, rest).await.unwrap().items[0].name, name("a"));
    assert!(store.dead_jobs(THERE, first(9)).await.unwrap().items.is_empty());

    assert!(store.revive_job(&name("a"), NOW).await.unwrap());
    assert!(!store.revive_job(&name("a"), NOW).await.unwrap());
    let anew = NewJob {
        body: json!("anew"),
        ..job("b")
    };
    store.enqueue_jobs(vec![anew]).await.unwrap();
    let claimed = claim(store, NOW).await;
    assert_eq!(keys(&claimed), ["a", "b"]);
    assert_eq!((claimed[0].job.attempts, &claimed[0].job.error), (0, &None));
    assert_eq!((claimed[1].job.attempts, &claimed[1].job.body), (0, &json!("anew")));
}

pub async fn a_job_is_completed_with_what_follows(store: &dyn Store) {
    store.accept(several("crowd", &[])).await.unwrap();
    store.enqueue_jobs(vec![job("a")]).await.unwrap();
    let claimed = claim_one(store).await;
    let page = |message_ids: &[&str]| MessagePage {
        request: request("crowd"),
        messages: message_ids.iter().map(|id| message(id)).collect(),
    };
    let mut first_page = done(&claimed, JobNext::KeepClaim(json!({"after": "m2"})));
    first_page.follow_ups = FollowUps {
        jobs: vec![job("b")],
        messages: vec![page(&["m1", "m2"])],
        ..FollowUps::default()
    };
    assert!(store.complete_job(first_page).await.unwrap());
    let work = claim_all(store).await;
    assert_eq!(ids(&work), ["m1", "m2"]);
    assert_eq!(work[0].request, request("crowd"));
    assert_eq!(keys(&claim(store, NOW).await), ["b"]);
    assert_eq!(body(store, "a").await, Some(json!({"after": "m2"})));

    // What is there already is not there twice, and not due again.
    for one in &work[..1] {
        assert!(store.record(step(one, Status::Sent, Next::Finished)).await.unwrap());
    }
    let mut last = done(&claimed, JobNext::Finished);
    last.follow_ups.messages = vec![page(&["m1", "m2", "m3", "m3"])];
    assert!(store.complete_job(last).await.unwrap());
    assert_eq!(ids(&claim_all(store).await), ["m3"]);
    let m1 = store.message(HERE, &"m1".into()).await.unwrap().unwrap();
    assert_eq!(m1.status, Status::Sent);
}

pub async fn a_canceled_job_writes_nothing(store: &dyn Store) {
    store.accept(several("crowd", &[])).await.unwrap();
    store.enqueue_jobs(vec![job("a")]).await.unwrap();
    let claimed = claim_one(store).await;
    assert!(store.cancel_job(&name("a")).await.unwrap());
    assert!(!store.cancel_job(&name("a")).await.unwrap());
    let mut late = done(&claimed, JobNext::Finished);
    late.follow_ups.messages = vec![MessagePage {
        request: request("crowd"),
        messages: vec![message("m")],
    }];
    assert!(!store.complete_job(late).await.unwrap());
    assert!(claim_all(store).await.is_empty());
    store.enqueue_jobs(vec![job("a")]).await.unwrap();
    claim_one(store).await;
}

pub async fn jobs_are_written_with_messages(store: &dyn Store) {
    let mut acceptance = single("accepted", |_| {});
    acceptance.jobs = vec![job("a")];
    store.accept(acceptance.clone()).await.unwrap();
    assert_eq!(keys(&claim(store, NOW).await), ["a"]);
    acceptance.jobs = vec![job("never")];
    assert!(store.accept(acceptance).await.is_err(), "there is one by that id");
    assert_eq!(body(store, "never").await, None);
    for work in claim_all(store).await {
        assert!(store.record(step(&work, Status::Sent, Next::Finished)).await.unwrap());
    }

    let work = claim_new(store, "recorded").await;
    let mut record = step(&work, Status::Sent, Next::Finished);
    record.jobs = vec![job("b")];
    assert!(store.record(record.clone()).await.unwrap());
    record.jobs = vec![job("never")];
    assert!(!store.record(record).await.unwrap(), "the claim is over");
    assert_eq!(keys(&claim(store, NOW).await), ["b"]);
    assert_eq!(body(store, "never").await, None);
}
