//! What a client says in the address it connects to.
//!
//! Clients put their values there as they are; browsers then encode what an address cannot hold. A `+` is a plus.

use std::borrow::Cow;
use std::fmt;

use percent_encoding::percent_decode_str;

use super::framing::Framing;

/// What a client says in the address it connects to.
#[derive(Clone, Default, PartialEq, Eq)]
pub(super) struct Query {
    /// A token or an API key.
    pub(super) auth: Option<String>,
    /// A client key, in place of a token.
    pub(super) client_key: Option<String>,
    /// What the client calls this connection.
    pub(super) connection: Option<String>,
    /// The person.
    pub(super) user: Option<String>,
    /// Which frames it understands.
    pub(super) framing: Framing,
}

impl Query {
    /// Reads the part of an address behind the question mark.
    pub(super) fn read(query: &str) -> Self {
        let mut read = Self::default();
        for pair in query.split('&') {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            let Ok(value) = percent_decode_str(value).decode_utf8().map(Cow::into_owned) else {
                continue;
            };
            let place = match name {
                "auth" => &mut read.auth,
                "clientKey" => &mut read.client_key,
                "cid" => &mut read.connection,
                "userId" => &mut read.user,
                "iwpv" => {
                    if value == "v1" {
                        read.framing = Framing::Envelopes;
                    }
                    continue;
                }
                _ => continue,
            };
            *place = Some(value).filter(|value| !value.is_empty());
        }
        read
    }
}

/// Credentials stay out of every log.
impl fmt::Debug for Query {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Query")
            .field("framing", &self.framing)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_kinds_of_clients_are_read() {
        let web = Query::read("auth=a.b.c&cid=abc_-1&iwpv=v1&userId=ada+1@x.test&sdk=courier-js&sdkv=3.4.0");
        assert_eq!(web.framing, Framing::Envelopes);
        assert_eq!(web.auth.as_deref(), Some("a.b.c"));
        assert_eq!(web.connection.as_deref(), Some("abc_-1"));
        assert_eq!(web.user.as_deref(), Some("ada+1@x.test"));
        let phone = Query::read("auth=a.b.c");
        assert_eq!((phone.framing, phone.user), (Framing::Flat, None));
        let old = Query::read("clientKey=YWJj/w==");
        assert_eq!(old.client_key.as_deref(), Some("YWJj/w=="));
        assert_eq!(Query::read("userId=a%20b").user.as_deref(), Some("a b"));
        assert_eq!(Query::read(""), Query::default());
    }

    #[test]
    fn credentials_are_not_shown() {
        let shown = format!("{:?}", Query::read("auth=secret&clientKey=secret"));
        assert!(!shown.contains("secret"), "{shown}");
    }
}
