//! What holds whatever is told, in whatever order.

use proptest::prelude::*;
use serde_json::json;
use tidings_types::{Progress, RequestId, Trace};

use super::*;

fn row(keys: &[&str]) -> MessageRow {
    let entry = |key: &&str| ProviderRecord {
        channel: json!({ "key": key }),
        status: "SENT".to_owned(),
        sent: Some(Timestamp::from_millis(1)),
        ..ProviderRecord::default()
    };
    MessageRow {
        environment: Environment::Test,
        id: "m".into(),
        request_id: RequestId::from("m"),
        recipient: "ada".to_owned(),
        user_id: None,
        to: "{}".to_owned(),
        event: String::new(),
        notification: String::new(),
        tags: Vec::new(),
        trace_id: None,
        tenant_id: None,
        one_time: false,
        redacted: false,
        status: Status::Sent,
        reason: None,
        error: None,
        enqueued: Timestamp::from_millis(0),
        sent: Some(Timestamp::from_millis(1)),
        delivered: None,
        opened: None,
        clicked: None,
        canceled_at: None,
        archived: false,
        providers: keys.iter().map(entry).collect(),
        progress: Progress::default(),
        trace: Trace::default(),
        told: Told::default(),
    }
}

fn tell(row: &mut MessageRow, act: Act, via: Option<&str>) -> Vec<Event> {
    let engagement = Engagement {
        via: via.map(str::to_owned),
        ..Engagement::new(Environment::Test, "m", act, Timestamp::from_millis(9), "test")
    };
    engagement.apply(row, false).unwrap_or_default()
}

#[test]
fn the_entry_meant_is_found() {
    let mut message = row(&["email:smtp", "inbox:courier"]);
    tell(&mut message, Act::Opened, Some("inbox"));
    let statuses =
        |message: &MessageRow| -> Vec<String> { message.providers.iter().map(|entry| entry.status.clone()).collect() };
    assert_eq!(statuses(&message), ["SENT", "OPENED"]);
    tell(&mut message, Act::Delivered, Some("email:smtp"));
    assert_eq!(statuses(&message), ["DELIVERED", "OPENED"]);
    tell(&mut message, Act::Clicked, None);
    assert_eq!(statuses(&message), ["DELIVERED", "OPENED"], "it could be either");
    assert_eq!(message.status, Status::Clicked);
    let mut alone = row(&["sms:twilio"]);
    tell(&mut alone, Act::Delivered, None);
    assert_eq!(statuses(&alone), ["DELIVERED"]);
}

#[test]
fn a_history_takes_only_so_many_scans() {
    let mut message = row(&["email:smtp"]);
    let lines: usize = (0..100).map(|_| tell(&mut message, Act::Scanned, None).len()).sum();
    assert_eq!(lines, 20);
}

fn any_act() -> impl Strategy<Value = Act> {
    prop_oneof![
        Just(Act::Delivered),
        Just(Act::Opened),
        Just(Act::Clicked),
        Just(Act::Read),
        Just(Act::Unread),
        Just(Act::Archived),
        Just(Act::Unarchived),
        Just(Act::Scanned),
        Just(Act::Unsubscribed),
        Just(Act::Undeliverable {
            reason: Reason::Bounced,
            error: "gone".to_owned()
        }),
    ]
}

fn any_via() -> impl Strategy<Value = Option<&'static str>> {
    prop_oneof![
        Just(None),
        Just(Some("email")),
        Just(Some("email:smtp")),
        Just(Some("inbox:courier"))
    ]
}

proptest! {
    /// Once delivered, a status only moves on; every moment stays; what is stored can be put together any number of
    /// times; and a line is written exactly when something changed.
    #[test]
    fn what_was_reached_stays(told in proptest::collection::vec((any_act(), any_via()), 1..30)) {
        let mut message = row(&["email:smtp", "inbox:courier"]);
        for (act, via) in told {
            let before = message.clone();
            let lines = tell(&mut message, act, via);
            if before.status.rank() > Status::Sent.rank() {
                prop_assert!(message.status.rank() >= before.status.rank());
            }
            for (was, is) in [
                (before.delivered, message.delivered),
                (before.opened, message.opened),
                (before.clicked, message.clicked),
            ] {
                prop_assert!(was.is_none() || was == is);
            }
            prop_assert!(lines.is_empty() || before != message);
            let mut again = message.clone();
            put_together(&mut again);
            prop_assert_eq!(&again, &message);
        }
    }
}
