//! Forgetting a person altogether.

use async_trait::async_trait;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use tidings_types::{Environment, MessageId, Result, Timestamp, UserId};

use crate::NewJob;

/// What came of a page of a person's messages.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ErasedMessages {
    /// How many were erased.
    pub erased: u32,
    /// How many are under way just now, and were left as they are.
    pub under_way: u32,
}

/// Forgetting a person altogether.
#[async_trait]
pub trait Erasure: Send + Sync + 'static {
    /// Forgets what is known of a person: profile, device tokens, memberships, subscriptions, audiences, the feed, what is
    /// gathered for digests, and what they said, of which proof stays as
    /// [`People::erase_preferences`](crate::People::erase_preferences) leaves it. What the application told of them loses
    /// their name. The job comes with it. Returns how many lines of the consent ledger stay.
    async fn erase_person(
        &self,
        environment: Environment,
        user: &UserId,
        pseudonym: &UserId,
        job: NewJob,
        now: Timestamp,
    ) -> Result<u64>;

    /// Takes a person out of at most `limit` of the messages to them that were accepted up to a moment: what is pending is called off, the pseudonym stands
    /// in their place, and nothing stays but the message's template, status and times. Messages that a node is just
    /// carrying out are left for later. An id that names the person names the pseudonym instead.
    async fn erase_messages(
        &self,
        environment: Environment,
        user: &UserId,
        pseudonym: &UserId,
        until: Timestamp,
        limit: u32,
        now: Timestamp,
    ) -> Result<ErasedMessages>;
}

/// The id of a message to many, without the name of the person it was to: it ends in their id, or in that in base 64 where
/// it would not be printable.
pub fn nameless(id: &MessageId, user: &UserId, pseudonym: &UserId) -> MessageId {
    let packed = format!("~{}", URL_SAFE_NO_PAD.encode(user.as_str()));
    let start = [user.as_str(), &packed]
        .into_iter()
        .filter_map(|name| id.as_str().strip_suffix(name))
        .find(|start| start.ends_with(':'));
    start.map_or_else(|| id.clone(), |start| MessageId::from(format!("{start}{pseudonym}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_end_of_an_id_names_somebody() {
        let of = |id: &str, user: &str| nameless(&id.into(), &user.into(), &"erased:1".into()).into_string();
        assert_eq!(of("1-a-b:ada", "ada"), "1-a-b:erased:1");
        assert_eq!(of("1-a-b:2:ada", "ada"), "1-a-b:2:erased:1");
        assert_eq!(of("1-a-b:~w6A", "\u{e0}"), "1-a-b:erased:1");
        assert_eq!(of("1-a-b", "b"), "1-a-b");
    }
}
