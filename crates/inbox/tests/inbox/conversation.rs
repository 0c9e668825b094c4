//! A conversation of an iPhone, written down after the sources of the published SDK: what it says, and what it must hear, frame
//! by frame. What it asks over GraphQL is in [`super::phones`]; one of an Android phone was recorded (`clients/node/recorded`).

use serde_json::{Value, json};

use crate::app::{ALL, App};

/// `>` is said by the phone, `<` is told to it, `=` is done meanwhile. Ids stand for whatever they are.
const WRITTEN: &str = r#"
> {"action":"subscribe","data":{"channel":"ada","event":"*","version":5,"clientSourceId":"8E1D6C2A-7F0B-4B67-9C53-0C9B4A3B6C11","userAgent":"courier-ios"}}
= send Hello
< {"type":"message","messageId":"<id>","title":"Hello","preview":"Hello!","read":null,"opened":null,"archived":null}
> {"action":"keepAlive"}
= elsewhere read
< {"type":"event","event":"read","messageId":"<id>"}
= here unread
= elsewhere opened
< {"type":"event","event":"opened","messageId":"<id>"}
= elsewhere clicked
= elsewhere archive
< {"type":"event","event":"archive","messageId":"<id>"}
= send Second
< {"type":"message","messageId":"<id>","title":"Second","preview":"Second!"}
= all markAllRead
< {"type":"event","event":"mark-all-read"}
> {"action":"keepAlive"}
= all archiveAll
< {"type":"event","event":"archive","messageId":"<id>"}
"#;

#[tokio::test]
async fn a_phones_conversation_goes_as_written_down() {
    let app = App::start().await;
    let token = app.token("ada", ALL).await;
    let mut phone = app.connect(&format!("/?auth={token}")).await.unwrap();
    let ada = app.client("ada").await;
    let mut id = Value::Null;
    for line in WRITTEN.lines().filter(|line| !line.is_empty()) {
        let (who, what) = line.split_once(' ').unwrap();
        match who {
            ">" => {
                phone.say(&serde_json::from_str(what).unwrap()).await;
                phone.settle().await;
            }
            "<" => {
                let heard = phone.hear().await;
                let expected: Value = serde_json::from_str(&what.replace("<id>", id.as_str().unwrap())).unwrap();
                for (name, value) in expected.as_object().unwrap() {
                    assert_eq!(&heard[name], value, "{line}: {name} of {heard}");
                }
                let is_message = heard["type"] == "message";
                assert_eq!(heard["data"]["trackingIds"]["clickTrackingId"].is_string(), is_message);
                assert!(
                    heard.get("tid").is_none() && heard.get("response").is_none(),
                    "no envelopes: {heard}"
                );
            }
            _ => {
                let (verb, word) = what.split_once(' ').unwrap();
                let one = format!(
                    "mutation {{ {word}(messageId: \"{}\") }}",
                    id.as_str().unwrap_or_default()
                );
                match verb {
                    "send" => id = json!(app.send("ada", word).await),
                    "here" => drop(ada.clone().from("8E1D6C2A-7F0B-4B67-9C53-0C9B4A3B6C11").ask(&one).await),
                    "elsewhere" => drop(ada.ask(&one).await),
                    _ => drop(ada.ask(&format!("mutation {{ {word} }}")).await),
                }
            }
        }
    }
    assert!(phone.is_silent().await);
}
