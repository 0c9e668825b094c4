//! What clients say.

use serde::Deserialize;
use serde_json::Value;

/// Something a client says, in either framing.
#[derive(Debug, PartialEq)]
pub(super) enum Inbound {
    /// How am I to behave?
    GetConfig(Value),
    /// Tell me what is new.
    Subscribe(Value, Subscription),
    /// Stop telling me what is new for a person.
    Unsubscribe(Value, String),
    /// Are you there?
    Ping(Value),
    /// I go on with this token.
    Renew(String),
    /// Nothing that needs an answer.
    Nothing,
}

/// What a client wants to be told.
#[derive(Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Subscription {
    /// The person.
    pub(super) channel: String,
    /// The tenant whose messages it shows; none for those without a tenant.
    #[serde(default)]
    pub(super) account_id: Option<String>,
    /// What the client calls itself, where the address did not say.
    #[serde(default)]
    pub(super) client_source_id: Option<String>,
    /// Its program, which only phones name.
    #[serde(default)]
    pub(super) user_agent: Option<String>,
    /// A client key, and the signature of the person's id.
    #[serde(default)]
    pub(super) client_key: Option<String>,
    #[serde(default)]
    pub(super) user_signature: Option<String>,
}

#[derive(Deserialize)]
struct Frame {
    #[serde(default)]
    tid: Value,
    action: String,
    #[serde(default)]
    data: Value,
}

impl Inbound {
    /// Reads a frame. What cannot be read is nothing: the connection goes on.
    pub(super) fn read(text: &str) -> Self {
        let Ok(Frame { tid, action, data }) = serde_json::from_str(text) else {
            return Self::Nothing;
        };
        // An id is sent back as it came; other values have no business there.
        let tid = if tid.is_string() || tid.is_number() {
            tid
        } else {
            Value::Null
        };
        match action.as_str() {
            "get-config" => Self::GetConfig(tid),
            "ping" => Self::Ping(tid),
            "subscribe" => match serde_json::from_value(data) {
                Ok(subscription) => Self::Subscribe(tid, subscription),
                Err(_) => Self::Nothing,
            },
            "unsubscribe" => match data.get("channel").and_then(Value::as_str) {
                Some(channel) => Self::Unsubscribe(tid, channel.to_owned()),
                None => Self::Nothing,
            },
            "renewSession" => match data.get("auth").and_then(Value::as_str) {
                Some(auth) => Self::Renew(auth.to_owned()),
                None => Self::Nothing,
            },
            _ => Self::Nothing,
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn both_framings_are_read() {
        let subscribe = r#"{"tid":"t","action":"subscribe","data":{"channel":"ada","event":"*","accountId":"acme"}}"#;
        let Inbound::Subscribe(tid, subscription) = Inbound::read(subscribe) else {
            panic!()
        };
        assert_eq!((tid, subscription.channel.as_str()), (json!("t"), "ada"));
        assert_eq!(subscription.account_id.as_deref(), Some("acme"));
        let flat = r#"{"action":"subscribe","data":{"channel":"ada","event":"*","version":5,"clientSourceId":"c1"}}"#;
        let Inbound::Subscribe(Value::Null, subscription) = Inbound::read(flat) else {
            panic!()
        };
        assert_eq!(subscription.client_source_id.as_deref(), Some("c1"));
        assert_eq!(
            Inbound::read(r#"{"tid":"p","action":"ping"}"#),
            Inbound::Ping(json!("p"))
        );
        assert_eq!(
            Inbound::read(r#"{"action":"renewSession","data":{"auth":"a.b.c","version":5}}"#),
            Inbound::Renew("a.b.c".to_owned())
        );
    }

    #[test]
    fn what_cannot_be_read_is_nothing() {
        for text in [
            "",
            "junk",
            "[]",
            "{}",
            "null",
            r#"{"action":5}"#,
            r#"{"action":"keepAlive"}"#,
            r#"{"action":"pong","tid":"x"}"#,
            r#"{"action":"subscribe","data":{}}"#,
            r#"{"action":"fly"}"#,
        ] {
            assert_eq!(Inbound::read(text), Inbound::Nothing, "{text}");
        }
    }
}
