//! The program dies at any moment, again and again, and is started again each time.

use proptest::prelude::*;
use serde_json::json;
use tidings_testkit::{HttpDouble, Reply, When, World};
use tidings_types::progress::TargetState;
use tidings_types::{MessageId, Status};

use crate::common::{MINUTE, mail_and_text, queued, taken, to_ada};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Vendor {
    Works,
    Down,
    Cuts,
    Busy,
}

impl Vendor {
    fn reply(self, works: Reply) -> Reply {
        match self {
            Self::Works => works,
            Self::Down => Reply::status("503 Unavailable"),
            Self::Cuts => Reply::Cut,
            Self::Busy => Reply::status("429 Too Many Requests"),
        }
    }
}

#[derive(Clone, Debug)]
struct Life {
    mail: Vendor,
    text: Vendor,
    methods: Vec<&'static str>,
    /// At which call of the store it dies, and on which side of it.
    crashes: Vec<(u32, When)>,
}

fn life() -> impl Strategy<Value = Life> {
    let vendor = || {
        prop_oneof![
            Just(Vendor::Works),
            Just(Vendor::Down),
            Just(Vendor::Cuts),
            Just(Vendor::Busy)
        ]
    };
    let crash = (1..30_u32, prop_oneof![Just(When::Before), Just(When::After)]);
    let methods = proptest::collection::vec(prop_oneof![Just("single"), Just("all")], 1..4);
    (vendor(), vendor(), methods, proptest::collection::vec(crash, 1..5)).prop_map(|(mail, text, methods, crashes)| {
        Life {
            mail,
            text,
            methods,
            crashes,
        }
    })
}

/// Which messages were accepted by whom, as the store remembers it, with the number of calls made until then.
type Recorded = Vec<(MessageId, String, &'static str, usize)>;

fn calls(double: &HttpDouble, code: &str) -> usize {
    double
        .requests()
        .iter()
        .filter(|request| request.text.contains(code))
        .count()
}

async fn recorded(world: &World, ids: &[MessageId], vendors: &[(&'static str, &HttpDouble)]) -> Recorded {
    let mut found = Vec::new();
    for (index, id) in ids.iter().enumerate() {
        let code = format!("code-{index}-");
        for (key, target) in world.message(id).await.progress.targets {
            let vendor = vendors.iter().find(|(name, _)| key.as_str().ends_with(name));
            if let (TargetState::Accepted { .. }, Some((name, double))) = (target.state, vendor) {
                found.push((id.clone(), code.clone(), *name, calls(double, &code)));
            }
        }
    }
    found
}

async fn live(life: Life) {
    let (mut world, sendgrid, twilio) = mail_and_text(life.mail.reply(queued()), life.text.reply(taken())).await;
    let vendors = [("sendgrid", &sendgrid), ("twilio", &twilio)];
    let mut ids = Vec::new();
    for (index, method) in life.methods.iter().enumerate() {
        let mut message = to_ada(method, &["email", "sms"]);
        message["data"]["code"] = json!(format!("code-{index}-"));
        ids.push(world.send(message).await);
    }
    let mut accepted = Recorded::new();
    for (nth, when) in &life.crashes {
        world.faults.crash(*nth, *when);
        if world.try_drain().await.is_ok() {
            world.clock.advance(MINUTE);
            // Whether it dies now or had nothing left to do, it is started again.
            let _ = world.try_drain().await;
        }
        world = world.restarted().await;
        accepted.extend(recorded(&world, &ids, &vendors).await);
    }
    sendgrid.now(queued());
    twilio.now(taken());
    world.finish().await;

    for (index, (id, method)) in ids.iter().zip(&life.methods).enumerate() {
        assert_eq!(world.message(id).await.status, Status::Sent, "{method}");
        let code = format!("code-{index}-");
        let by_mail = calls(&sendgrid, &code);
        let by_text = calls(&twilio, &code);
        assert!(by_mail + by_text > 0);
        // Only a call that was under way when the program died can be repeated.
        let most = 1 + life.crashes.len();
        assert!(by_mail <= most || life.mail != Vendor::Works, "{by_mail} mails");
        assert!(by_text <= most || life.text != Vendor::Works, "{by_text} text messages");
        assert!(
            *method == "single" || (by_mail > 0 && by_text > 0),
            "all channels were used"
        );
    }
    for (id, code, vendor, calls_then) in accepted {
        let double = if vendor == "twilio" { &twilio } else { &sendgrid };
        assert_eq!(
            calls(double, &code),
            calls_then,
            "{id} was taken over by {vendor} and called again"
        );
    }
    let queue = world
        .services
        .store
        .queue_state(tidings_types::Timestamp::from_millis(i64::MAX))
        .await
        .unwrap();
    assert_eq!(queue.pending, 0);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn everything_accepted_ends_and_nothing_recorded_is_repeated(life in life()) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(live(life));
    }
}

/// A send whose program dies before it could answer is there completely or not at all.
#[tokio::test]
async fn a_send_that_dies_is_there_or_not() {
    for when in When::BOTH {
        for nth in 1..10 {
            let (world, sendgrid, _twilio) = mail_and_text(queued(), taken()).await;
            world.faults.crash(nth, when);
            let answered = world.try_send(to_ada("single", &["email"])).await;
            let died = !world.faults.any_left();
            let world = world.restarted().await;
            world.finish().await;
            assert!(sendgrid.calls() <= 1);
            assert!(answered.is_err() || sendgrid.calls() == 1, "answered and lost");
            if !died {
                break;
            }
        }
    }
}
