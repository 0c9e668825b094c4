//! What the suite's tests begin with.

use serde_json::json;
use tidings_types::{Environment, KeyMode, KeyScope, MessageId, Progress, RequestId, Status, Timestamp, Trace, UserId};

use crate::{Acceptance, Claim, Claimed, Lane, NewMessage, Next, PageRequest, Record, RequestRow, Store};

/// The moment at which the suite's world begins.
pub const NOW: Timestamp = Timestamp::from_millis(1_790_000_000_000);

/// The environment in which most tests happen.
pub const HERE: Environment = Environment::Test;

/// The other one.
pub const THERE: Environment = Environment::Production;

/// A minute, in milliseconds.
pub const MINUTE: u64 = 60_000;

/// A lease that outlasts every test, in milliseconds.
pub const LEASE: u64 = 600 * MINUTE;

/// A request as most tests need it.
pub fn request(id: &str) -> RequestRow {
    RequestRow {
        id: RequestId::from(id),
        environment: HERE,
        scope: KeyScope::Published,
        mode: KeyMode::Live,
        accepted_at: NOW,
        spec: json!({"template": "welcome", "data": {"code": "4711"}}).to_string(),
        crowds: None,
        canceled_at: None,
    }
}

/// A message as most tests need it, due at [`NOW`].
pub fn message(id: &str) -> NewMessage {
    NewMessage {
        id: MessageId::from(id),
        recipient: "ada".to_owned(),
        user_id: Some(UserId::from("ada")),
        to: json!({"user_id": "ada"}).to_string(),
        event: "welcome".to_owned(),
        notification: "welcome".to_owned(),
        tags: Vec::new(),
        trace_id: None,
        tenant_id: None,
        one_time: false,
        lane: Lane::Normal,
        due: NOW,
        deadline: NOW.plus(60 * MINUTE),
    }
}

/// A request with one message of the same id, changed to taste.
pub fn single(id: &str, change: impl FnOnce(&mut NewMessage)) -> Acceptance {
    let mut message = message(id);
    change(&mut message);
    Acceptance {
        request: request(id),
        messages: vec![message],
        jobs: Vec::new(),
        idempotency: None,
    }
}

/// A request with several messages.
pub fn several(id: &str, messages: &[&str]) -> Acceptance {
    Acceptance {
        request: request(id),
        messages: messages.iter().map(|id| message(id)).collect(),
        jobs: Vec::new(),
        idempotency: None,
    }
}

/// Accepts a single message at [`NOW`].
pub async fn accept(store: &dyn Store, id: &str) {
    store.accept(single(id, |_| {})).await.unwrap();
}

/// A wish for a lane's work that is due at a moment.
pub fn wish(lane: Lane, now: Timestamp, limit: u32) -> Claim {
    Claim {
        lane,
        now,
        limit,
        lease_ms: LEASE,
    }
}

/// Claims all normal work due at [`NOW`].
pub async fn claim_all(store: &dyn Store) -> Vec<Claimed> {
    store.claim(wish(Lane::Normal, NOW, 1000)).await.unwrap()
}

/// Accepts one message and claims it.
pub async fn claim_new(store: &dyn Store, id: &str) -> Claimed {
    accept(store, id).await;
    let mut claimed = claim_all(store).await;
    assert_eq!(ids(&claimed), [id], "nothing else was due");
    claimed.remove(0)
}

/// The ids of claimed work, in order.
pub fn ids(claimed: &[Claimed]) -> Vec<&str> {
    claimed.iter().map(|work| work.message.id.as_str()).collect()
}

/// A step with nothing to say but where the message stands.
pub fn step(claimed: &Claimed, status: Status, next: Next) -> Record {
    Record {
        environment: claimed.message.environment,
        id: claimed.message.id.clone(),
        token: claimed.token,
        lane: claimed.lane,
        status,
        reason: None,
        error: None,
        sent: None,
        providers: Vec::new(),
        progress: Progress::default(),
        trace: Trace::default(),
        notification: None,
        one_time: false,
        events: Vec::new(),
        outputs: Vec::new(),
        feed: Vec::new(),
        caught: Vec::new(),
        hold: None,
        jobs: Vec::new(),
        next,
    }
}

/// Accepts a message and records its only step.
pub async fn finish(store: &dyn Store, id: &str, change: impl FnOnce(&mut Record)) {
    let claimed = claim_new(store, id).await;
    let mut record = step(&claimed, Status::Sent, Next::Finished);
    change(&mut record);
    assert!(store.record(record).await.unwrap());
}

/// The first page.
pub fn first(limit: u32) -> PageRequest {
    PageRequest { after: None, limit }
}
