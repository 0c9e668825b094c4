//! What becomes of messages after they were handed over.

use serde_json::json;
use tidings_types::progress::Reached;
use tidings_types::{EventType, MessageId, Reason, Status, Timestamp};

use super::fixtures::{HERE, MINUTE, NOW, THERE, accept, claim_new, finish, ids, step, wish};
use crate::{Act, Engaged, Engagement, Hit, JobKey, Lane, MessageRow, NewJob, Next, ProviderRecord, Record, Store};

const CHANGED: Engaged = Engaged {
    found: true,
    changed: true,
    woken: None,
};

fn entry(key: &str) -> ProviderRecord {
    ProviderRecord {
        channel: json!({"key": key}),
        provider: key.split(':').next_back().unwrap().to_owned(),
        status: "SENT".to_owned(),
        reference: json!({"id": "x"}),
        sent: Some(NOW),
        ..ProviderRecord::default()
    }
}

fn mailed(record: &mut Record) {
    record.sent = Some(NOW);
    record.providers = vec![entry("email:smtp")];
}

fn told(act: Act, after: u64) -> Engagement {
    Engagement::new(HERE, "m", act, NOW.plus(after), "test").via("email:smtp")
}

fn bounced(after: u64) -> Engagement {
    let act = Act::Undeliverable {
        reason: Reason::Bounced,
        error: "no such mailbox".to_owned(),
    };
    told(act, after)
}

async fn engage(store: &dyn Store, engagement: Engagement) -> Engaged {
    store.engage(vec![engagement]).await.unwrap()[0]
}

async fn read(store: &dyn Store) -> MessageRow {
    store.message(HERE, &MessageId::from("m")).await.unwrap().unwrap()
}

async fn kinds(store: &dyn Store) -> Vec<EventType> {
    let history = store.history(HERE, &MessageId::from("m")).await.unwrap();
    history.into_iter().map(|line| line.kind).collect()
}

pub async fn what_is_told_moves_the_status_on_and_stays(store: &dyn Store) {
    finish(store, "m", mailed).await;
    let told_of = [told(Act::Clicked, 30), told(Act::Delivered, 10), told(Act::Opened, 20)];
    assert_eq!(store.engage(told_of.to_vec()).await.unwrap(), [CHANGED; 3]);
    let row = read(store).await;
    assert_eq!(row.status, Status::Clicked, "what comes late does not take it back");
    let moments = [Some(NOW.plus(10)), Some(NOW.plus(20)), Some(NOW.plus(30))];
    assert_eq!([row.delivered, row.opened, row.clicked], moments);
    let entry = &row.providers[0];
    assert_eq!([entry.delivered, entry.opened, entry.clicked], moments);
    assert_eq!((entry.status.as_str(), entry.sent), ("CLICKED", Some(NOW)));
    assert_eq!(
        kinds(store).await,
        [EventType::Clicked, EventType::Delivered, EventType::Opened]
    );
    let lines = store.history(HERE, &row.id).await.unwrap();
    assert_eq!(lines[1].ts, NOW.plus(10));
    assert_eq!(lines[1].fields["channel"], json!({"key": "email:smtp"}));
    assert_eq!(lines[1].fields["reference"], json!({"id": "x"}));
    assert_eq!(lines[1].fields["source"], "test");
    let filter = crate::MessageFilter {
        statuses: vec![Status::Clicked],
        ..crate::MessageFilter::default()
    };
    let found = store.messages(HERE, filter, super::fixtures::first(5)).await.unwrap();
    assert_eq!(found.items, [row], "it is listed as it stands");
}

pub async fn telling_twice_changes_nothing(store: &dyn Store) {
    finish(store, "m", mailed).await;
    for act in [Act::Delivered, Act::Opened, Act::Clicked, Act::Read, Act::Archived] {
        assert!(engage(store, told(act, 1)).await.changed);
    }
    let before = (read(store).await, kinds(store).await);
    for act in [Act::Delivered, Act::Opened, Act::Clicked, Act::Read, Act::Archived] {
        let again = engage(store, told(act, 2)).await;
        assert!(again.found && !again.changed, "{again:?}");
    }
    assert_eq!((read(store).await, kinds(store).await), before);
}

pub async fn what_was_told_survives_the_steps_that_follow(store: &dyn Store) {
    let work = claim_new(store, "m").await;
    let mut first = step(&work, Status::Sent, Next::KeepClaim);
    mailed(&mut first);
    store.record(first.clone()).await.unwrap();
    assert!(engage(store, told(Act::Opened, 1)).await.found);
    // The node that holds the message knows nothing of it.
    first.next = Next::Finished;
    assert!(store.record(first).await.unwrap());
    let row = read(store).await;
    assert_eq!((row.status, row.opened), (Status::Opened, Some(NOW.plus(1))));
    assert_eq!(row.providers[0].status, "OPENED");
    assert_eq!(row.progress.reached, Some(Reached::Opened));
}

pub async fn what_is_told_before_the_step_is_recorded_counts(store: &dyn Store) {
    let work = claim_new(store, "m").await;
    assert!(engage(store, told(Act::Delivered, 1)).await.changed);
    let mut record = step(&work, Status::Sent, Next::Finished);
    mailed(&mut record);
    record.reason = Some(Reason::Failed);
    store.record(record).await.unwrap();
    let row = read(store).await;
    assert_eq!((row.status, row.reason), (Status::Delivered, None));
    assert_eq!(row.providers[0].delivered, Some(NOW.plus(1)));
}

pub async fn read_and_archived_are_taken_back(store: &dyn Store) {
    finish(store, "m", mailed).await;
    assert!(!engage(store, told(Act::Unread, 1)).await.changed);
    assert!(engage(store, told(Act::Read, 2)).await.changed);
    let row = read(store).await;
    assert_eq!((row.status, row.told.read), (Status::Opened, Some(NOW.plus(2))));
    assert!(engage(store, told(Act::Unread, 3)).await.changed);
    assert!(engage(store, told(Act::Archived, 4)).await.changed);
    assert_eq!(read(store).await.told.archived, Some(NOW.plus(4)));
    assert!(engage(store, told(Act::Unarchived, 5)).await.changed);
    let row = read(store).await;
    assert_eq!((row.told.read, row.told.archived, row.archived), (None, None, false));
    assert_eq!(row.status, Status::Opened, "it was seen all the same");
    assert!(engage(store, told(Act::Read, 6)).await.changed);
    assert_eq!(
        kinds(store).await,
        [
            EventType::Opened,
            EventType::Read,
            EventType::Unread,
            EventType::Archived,
            EventType::Unarchived,
            EventType::Read
        ]
    );
}

pub async fn what_is_done_and_undone_for_ever_stands_so_often(store: &dyn Store) {
    finish(store, "m", mailed).await;
    for turn in 0..30 {
        for act in [Act::Read, Act::Unread] {
            assert!(engage(store, told(act, turn)).await.changed);
        }
    }
    assert!(engage(store, told(Act::Read, 50)).await.changed);
    assert_eq!(read(store).await.told.read, Some(NOW.plus(50)), "the message knows");
    assert_eq!(kinds(store).await.len(), 1 + 40, "opened once, and so many turns");
}

pub async fn a_bounce_ends_what_was_only_sent(store: &dyn Store) {
    finish(store, "m", mailed).await;
    assert!(engage(store, bounced(1)).await.changed);
    let row = read(store).await;
    assert_eq!((row.status, row.reason), (Status::Undeliverable, Some(Reason::Bounced)));
    assert_eq!(row.error.as_deref(), Some("no such mailbox"));
    assert_eq!(row.providers[0].status, "UNDELIVERABLE");
    assert_eq!(row.providers[0].error.as_deref(), Some("no such mailbox"));
    let line = store.history(HERE, &row.id).await.unwrap().remove(0);
    assert_eq!(line.fields["error_message"], "no such mailbox");
    assert_eq!(line.fields["reason"], "BOUNCED");
    // One that was seen is not unseen because of a late complaint, and one of two that arrived is enough.
    finish(store, "seen", mailed).await;
    let about_seen = |told: Engagement| Engagement {
        id: "seen".into(),
        ..told
    };
    engage(store, about_seen(told(Act::Opened, 1))).await;
    engage(store, about_seen(bounced(2))).await;
    let row = store.message(HERE, &"seen".into()).await.unwrap().unwrap();
    assert_eq!((row.status, row.reason), (Status::Opened, None));
    finish(store, "both", |record| {
        mailed(record);
        record.providers.push(entry("inbox:courier"));
    })
    .await;
    let about_both = Engagement {
        id: "both".into(),
        ..bounced(2)
    };
    engage(store, about_both).await;
    let row = store.message(HERE, &"both".into()).await.unwrap().unwrap();
    assert_eq!(row.status, Status::Sent);
    assert_eq!(row.providers[0].status, "UNDELIVERABLE");
}

pub async fn a_machine_is_noted_and_not_counted(store: &dyn Store) {
    finish(store, "m", mailed).await;
    assert!(engage(store, told(Act::Scanned, 1)).await.changed);
    let row = read(store).await;
    assert_eq!((row.status, row.told.scans), (Status::Sent, 1));
    assert_eq!([row.delivered, row.opened, row.clicked], [None; 3]);
    assert_eq!(kinds(store).await, [EventType::Scanned]);
}

pub async fn a_reaction_makes_waiting_work_due(store: &dyn Store) {
    let work = claim_new(store, "m").await;
    let mut record = step(&work, Status::Sent, Next::At(NOW.plus(15 * MINUTE)));
    mailed(&mut record);
    store.record(record).await.unwrap();
    let early = wish(Lane::Normal, NOW.plus(MINUTE), 10);
    assert!(store.claim(early).await.unwrap().is_empty());
    let seen = engage(store, told(Act::Opened, MINUTE)).await;
    assert_eq!(seen.woken, Some(Lane::Normal));
    let again = store.claim(early).await.unwrap();
    assert_eq!(ids(&again), ["m"]);
    assert_eq!(again[0].message.progress.reached, Some(Reached::Opened));
    assert!(
        store
            .record(step(&again[0], Status::Sent, Next::Finished))
            .await
            .unwrap()
    );
    assert_eq!(read(store).await.status, Status::Opened);
    let late = engage(store, told(Act::Clicked, MINUTE)).await;
    assert_eq!((late.changed, late.woken), (true, None), "nothing waits any more");
}

pub async fn a_bounce_makes_waiting_work_due(store: &dyn Store) {
    for (id, act, bounces, declines) in [
        ("bounced", bounced(0).act, true, false),
        ("complained", Act::Complained, true, true),
        ("unsubscribed", Act::Unsubscribed, false, true),
        ("archived", Act::Archived, false, true),
    ] {
        let work = claim_new(store, id).await;
        let mut record = step(&work, Status::Sent, Next::At(NOW.plus(15 * MINUTE)));
        mailed(&mut record);
        store.record(record).await.unwrap();
        let about = Engagement {
            id: id.into(),
            ..told(act, MINUTE)
        };
        assert_eq!(engage(store, about.clone()).await.woken, Some(Lane::Normal), "{id}");
        assert!(!engage(store, about).await.changed, "{id} is told once");
        let again = store.claim(wish(Lane::Normal, NOW.plus(MINUTE), 10)).await.unwrap();
        assert_eq!(ids(&again), [id]);
        let message = &again[0].message;
        assert_eq!(message.status, Status::Sent, "the work that goes on says how it ends");
        assert_eq!(message.progress.bounced.contains("email:smtp"), bounces, "{id}");
        assert_eq!(message.progress.declined, declines, "{id}");
        store
            .record(step(&again[0], Status::Sent, Next::Finished))
            .await
            .unwrap();
    }
}

pub async fn nothing_is_told_of_what_never_left(store: &dyn Store) {
    for status in [Status::Canceled, Status::Simulated, Status::Filtered, Status::Unmapped] {
        let id = status.as_str();
        finish(store, id, |record| record.status = status).await;
        let opened = Engagement {
            id: id.into(),
            ..told(Act::Opened, 1)
        };
        let answer = engage(store, opened).await;
        assert!(answer.found && !answer.changed);
        let row = store.message(HERE, &id.into()).await.unwrap().unwrap();
        assert_eq!((row.status, row.opened), (status, None));
    }
}

pub async fn what_follows_is_written_with_it(store: &dyn Store) {
    finish(store, "m", mailed).await;
    let hit = Hit {
        at: NOW,
        link: "a".to_owned(),
    };
    let job = NewJob {
        name: JobKey::new(HERE, "look", "m"),
        lane: Lane::Normal,
        due: NOW,
        body: json!(1),
    };
    let mut followed = told(Act::Followed(hit.clone()), 1);
    followed.jobs.push(job.clone());
    assert_eq!(engage(store, followed.clone()).await, CHANGED);
    let row = read(store).await;
    assert_eq!(
        (row.status, row.told.hits, row.clicked),
        (Status::Sent, vec![hit], None)
    );
    assert!(kinds(store).await.is_empty(), "nothing is known yet");
    assert!(store.job(&job.name).await.unwrap().is_some());
    let nobody = Engagement {
        id: "nobody".into(),
        ..followed
    };
    store.cancel_job(&job.name).await.unwrap();
    engage(store, nobody).await;
    assert!(
        store.job(&job.name).await.unwrap().is_none(),
        "nothing follows from nothing"
    );
}

pub async fn an_unknown_message_is_not_engaged(store: &dyn Store) {
    accept(store, "m").await;
    let elsewhere = Engagement {
        environment: THERE,
        ..told(Act::Opened, 1)
    };
    let nobody = Engagement {
        id: "nobody".into(),
        ..told(Act::Opened, 1)
    };
    let here = told(Act::Delivered, 1);
    let answers = store.engage(vec![elsewhere, nobody, here]).await.unwrap();
    assert_eq!(answers, [Engaged::default(), Engaged::default(), CHANGED]);
    assert_eq!(store.engage(Vec::new()).await.unwrap(), []);
    assert_eq!(
        read(store).await.delivered,
        Some(Timestamp::from_millis(NOW.as_millis() + 1))
    );
}
