//! Clients with a client key and a signed user id.

use serde_json::json;
use tidings_types::{Environment, UserId};

use crate::app::App;

#[tokio::test]
async fn a_signed_user_id_opens_that_persons_inbox_and_no_other() {
    let app = App::start().await;
    app.send("ada", "hers").await;
    let key = app.auth.client_key(Environment::Production).await.unwrap();
    let signature = key.sign(&UserId::from("ada"));
    let client = |user: &str, key: &str, signature: &str| {
        let client = app.anonymous().header("x-courier-client-key", key);
        let client = client.header("x-courier-user-id", user);
        if signature.is_empty() {
            client
        } else {
            client.header("x-courier-user-signature", signature)
        }
    };
    let ada = client("ada", &key.key, &signature);
    assert_eq!(ada.count("").await, 1);
    ada.ask("mutation { markAllRead }").await;
    assert_eq!(ada.count("status: \"unread\"").await, 0);
    let query = "{ count }";
    assert_eq!(
        client("eve", &key.key, &signature).status(query).await,
        401,
        "a signature is for one person"
    );
    assert_eq!(
        client("ada", &key.key, "").status(query).await,
        401,
        "the key alone opens nothing"
    );
    assert_eq!(client("ada", &key.key, "00ff").status(query).await, 401);
    assert_eq!(client("ada", "bm9ib2R5", &signature).status(query).await, 401);
    let test = app.auth.client_key(Environment::Test).await.unwrap();
    assert_ne!(test.key, key.key);
    assert_eq!(
        client("ada", &test.key, &signature).status(query).await,
        401,
        "environments are apart"
    );
}

#[tokio::test]
async fn a_socket_with_a_client_key_is_proven_when_it_subscribes() {
    let app = App::start().await;
    let key = app.auth.client_key(Environment::Production).await.unwrap();
    assert_eq!(app.connect("/?clientKey=bm9ib2R5").await.err(), Some(401));
    let address = format!("/?clientKey={}", key.key);
    let subscribe = |user: &str, signature: &str| {
        json!({ "action": "subscribe", "data": {
            "channel": user, "event": "*", "version": 5, "clientSourceId": "c", "clientKey": key.key,
            "userSignature": signature } })
    };
    let mut forged = app.connect(&address).await.unwrap();
    forged.say(&subscribe("ada", "00")).await;
    assert!(forged.hear().await["error"].is_string());
    let mut socket = app.connect(&address).await.unwrap();
    socket.say(&subscribe("ada", &key.sign(&UserId::from("ada")))).await;
    socket.settle().await;
    app.send("ada", "hers").await;
    let frame = socket.hear().await;
    assert_eq!((&frame["type"], &frame["title"]), (&json!("message"), &json!("hers")));
    assert!(forged.is_silent().await);
}
