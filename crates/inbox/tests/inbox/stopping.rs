//! The server ends.

use std::time::Duration;

use serde_json::json;

use crate::app::App;

#[tokio::test]
async fn web_clients_are_asked_to_come_back_and_phones_are_let_go() {
    let app = App::start().await;
    let mut sockets = Vec::new();
    for number in 0..6 {
        sockets.push(app.web("ada", &format!("c{number}"), None).await);
    }
    let mut phone = app.phone("ada", "phone", None).await;
    let draining = app.gateway.drain(Duration::from_secs(5));
    let clients = async {
        let mut pauses = Vec::new();
        for mut socket in sockets {
            let frame = socket.hear().await;
            assert_eq!((&frame["event"], &frame["code"]), (&json!("reconnect"), &json!(1012)));
            pauses.push(frame["retryAfter"].as_u64().unwrap());
            socket.0.close(None).await.unwrap();
        }
        assert_eq!(phone.close_code().await, Some(1012));
        drop(phone);
        pauses.sort_unstable();
        pauses
    };
    let (pauses, ()) = tokio::time::timeout(Duration::from_secs(4), async { tokio::join!(clients, draining) })
        .await
        .expect("it does not wait for those who have gone");
    assert_eq!(pauses, [1, 1, 2, 2, 3, 3], "not all at once");
    assert_eq!(app.gateway.connections(), 0);
    let token = app.token("ada", crate::app::ALL).await;
    assert_eq!(app.connect(&format!("/?auth={token}")).await.err(), Some(503));
}
