//! Clients that do not keep up.

use std::time::Duration;

use serde_json::json;

use crate::app::App;

/// Much more than fits into a connection's queue.
const MANY: usize = 150;

#[tokio::test]
async fn a_burst_is_told_whole_and_in_order() {
    let app = App::start().await;
    let mut socket = app.web("ada", "c1", None).await;
    let mut ids = Vec::new();
    for number in 0..MANY {
        ids.push(json!(app.send("ada", &format!("m{number}")).await));
    }
    for id in ids {
        assert_eq!(socket.hear().await["messageId"], id);
    }
    assert!(socket.is_silent().await);
}

#[tokio::test]
async fn who_does_not_read_is_let_go_and_holds_nobody_up() {
    let app = App::start().await;
    let _stuck = app.web("ada", "stuck", None).await;
    let mut lively = app.web("ada", "lively", None).await;
    // More than the kernels' buffers take, so that writing to the stuck one stands still.
    let text = "x".repeat(200_000);
    for number in 0..60 {
        let more = json!({ "data": { "text": text, "number": number } });
        let id = app.send_with(json!({ "user_id": "ada" }), "large", more).await;
        assert_eq!(lively.hear().await["messageId"], json!(id));
    }
    let gone = async {
        while app.gateway.connections() > 1 {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(20), gone)
        .await
        .expect("the stuck one is let go");
    let id = app.send("ada", "after").await;
    assert_eq!(lively.hear().await["messageId"], json!(id));
}
