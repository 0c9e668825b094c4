//! Connections that are left in peace: nobody is cut off who is still there.

use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tidings_inbox::Limits;

use crate::app::{ALL, App, Socket};

/// After what silence a client counts as gone here.
const SILENCE: Duration = Duration::from_secs(2);

/// Long enough that whoever is cut off has been.
const LONG: Duration = Duration::from_secs(5);

async fn app() -> App {
    let limits = Limits {
        silence: SILENCE,
        ..Limits::of(9)
    };
    App::bearing(limits, false).await
}

/// Only answers, for long.
async fn rest(socket: &mut Socket) {
    assert_eq!(socket.hear_within(LONG).await, None::<Value>);
}

#[tokio::test]
async fn who_only_listens_is_never_cut_off() {
    let app = app().await;
    let mut socket = app.web("ada", "c1", None).await;
    let begun = Instant::now();
    // Something comes all the time, so the web client never has a reason to ask.
    while begun.elapsed() < LONG {
        let id = app.send("ada", "m").await;
        assert_eq!(socket.hear().await["messageId"], json!(id));
        assert_eq!(socket.hear_within(SILENCE / 5).await, None);
    }
}

#[tokio::test]
async fn who_does_not_even_answer_is_let_go() {
    let app = app().await;
    // Nobody reads from these, so that the questions stay unanswered.
    let _gone = app.web("ada", "c1", None).await;
    let _phone = app.phone("eve", "c2", None).await;
    tokio::time::sleep(SILENCE / 2).await;
    assert_eq!(app.gateway.connections(), 2);
    ends(&app).await;
}

#[tokio::test]
async fn who_follows_nothing_yet_may_stay() {
    let app = app().await;
    let token = app.token("ada", ALL).await;
    let mut phone = app.connect(&format!("/?auth={token}")).await.unwrap();
    rest(&mut phone).await;
    let data = json!({ "channel": "ada", "event": "*", "version": 5, "clientSourceId": "c1" });
    phone.say(&json!({ "action": "subscribe", "data": data })).await;
    phone.settle().await;
    let id = app.send("ada", "at last").await;
    assert_eq!(phone.hear().await["messageId"], json!(id));
}

#[tokio::test]
async fn who_shows_no_more_than_a_client_key_may_not() {
    let app = app().await;
    let key = app.auth.client_key(app.world.caller.environment).await.unwrap();
    let mut nobody = app.connect(&format!("/?clientKey={}", key.key)).await.unwrap();
    // It answers all the time.
    nobody.close_code().await;
    ends(&app).await;
}

async fn ends(app: &App) {
    let gone = async {
        while app.gateway.connections() > 0 {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    tokio::time::timeout(LONG, gone).await.expect("they are let go");
}
