//! Identifiers: distinct types for distinct things, and how new ones are made.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::{Random, Timestamp};

/// How long a person's id may be, in bytes. It stands in indexes beside other ids, and those of some stores are bounded.
pub const MAX_USER_ID: usize = 512;

macro_rules! string_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            /// The id as it stands on the wire.
            pub fn as_str(&self) -> &str {
                &self.0
            }

            /// Gives the text back.
            pub fn into_string(self) -> String {
                self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl From<String> for $name {
            fn from(value: String) -> Self {
                Self(value)
            }
        }

        impl From<&str> for $name {
            fn from(value: &str) -> Self {
                Self(value.to_owned())
            }
        }

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                &self.0
            }
        }
    };
}

string_id! {
    /// One message to one person: `1-<8 hex digits of the unix time in seconds>-<24 hex digits>`.
    MessageId
}
string_id! {
    /// One accepted API call. A call with a single recipient has one message, whose id equals the request's.
    RequestId
}
string_id! {
    /// A person, as the calling application names them.
    UserId
}
string_id! {
    /// A tenant: an organisation or workspace of the calling application.
    TenantId
}
string_id! {
    /// A subscription topic.
    TopicId
}

impl RequestId {
    /// The id of the only message of a request with a single recipient.
    pub fn as_message_id(&self) -> MessageId {
        MessageId(self.0.clone())
    }
}

/// A new id in the shape that messages, runs and jobs share on the public API: `1-65f240a0-47a6a120c8374de9bcf9f22c`.
pub fn new_trace_style_id(now: Timestamp, random: &dyn Random) -> String {
    let mut tail = [0_u8; 12];
    random.fill(&mut tail);
    let seconds = u32::try_from(now.as_millis() / 1000).unwrap_or(0);
    let mut id = format!("1-{seconds:08x}-");
    for byte in tail {
        id.push(hex_digit(byte >> 4));
        id.push(hex_digit(byte & 15));
    }
    id
}

/// A number that stands for a person in hints between the parts of a program and its nodes. Two people may share one,
/// which costs a needless look: what a hint means is looked up by name. FNV-1a, 64 bits.
pub fn person_number(user: &str) -> u64 {
    user.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

fn hex_digit(nibble: u8) -> char {
    char::from_digit(u32::from(nibble), 16).unwrap_or('0')
}

/// A new id with a prefix, such as `nt_01kx4h2jdafq8bk9aftxak4b40`: a lower-case ULID, so ids sort by creation time.
///
/// The alphabet is Crockford's base 32 as the ULID specification uses it.
pub fn new_prefixed_id(prefix: &str, now: Timestamp, random: &dyn Random) -> String {
    const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
    let mut tail = [0_u8; 10];
    random.fill(&mut tail);
    let mut bits = u128::from(u64::try_from(now.as_millis()).unwrap_or(0)) << 80;
    for (index, byte) in tail.iter().enumerate() {
        bits |= u128::from(*byte) << (72 - index * 8);
    }
    let mut id = String::with_capacity(prefix.len() + 26);
    id.push_str(prefix);
    for position in (0..26).rev() {
        let digit = usize::try_from((bits >> (position * 5)) & 31).unwrap_or(0);
        id.push(ALPHABET.get(digit).copied().map_or('0', char::from));
    }
    id
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::FixedRandom;

    #[test]
    fn message_ids_have_the_public_shape() {
        let id = new_trace_style_id(Timestamp::from_millis(1_710_375_072_123), &FixedRandom::new(7));
        assert_eq!(id.len(), 2 + 8 + 1 + 24);
        assert!(id.starts_with("1-65f240a0-"), "{id}");
    }

    #[test]
    fn prefixed_ids_sort_by_time() {
        let random = FixedRandom::new(1);
        let early = new_prefixed_id("nt_", Timestamp::from_millis(1), &random);
        let late = new_prefixed_id("nt_", Timestamp::from_millis(2), &random);
        assert!(early < late);
        assert_eq!(early.len(), 29);
    }
}
