//! Counting refusals by the minute.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};

use tidings_types::Timestamp;

use super::visitor::Visitor;

/// A minute, in milliseconds.
const MINUTE: i64 = 60_000;
/// Refusals per minute and address.
const PER_ADDRESS: u32 = 100;
/// Refusals of one credential per minute and address; then it is not looked at again.
const PER_CREDENTIAL: u32 = 20;
/// How many credentials are remembered at most. More than this in a minute come from many addresses.
const MOST_REMEMBERED: usize = 100_000;

/// What a refusal came to.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// It is told as what it is.
    Fine,
    /// There were too many in this minute, which has so many seconds left.
    TooOften { seconds: u64 },
}

/// Refusals of the present minute.
#[derive(Default)]
pub(super) struct Count(Mutex<Minute>);

#[derive(Default)]
struct Minute {
    number: i64,
    addresses: HashMap<IpAddr, u32>,
    credentials: HashMap<[u8; 32], u32>,
}

impl Count {
    /// Whether this credential was refused over and over in this minute: then how many seconds are left.
    pub(super) fn is_known(&self, visitor: &Visitor, now: Timestamp) -> Option<u64> {
        {
            // Nearly always nobody was refused, and nothing is to be digested.
            let minute = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            if minute.number != number(now) || !minute.addresses.contains_key(&visitor.address) {
                return None;
            }
        }
        let digest = visitor.digest()?;
        let minute = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let count = minute.credentials.get(&digest).copied().unwrap_or_default();
        (minute.number == number(now) && count >= PER_CREDENTIAL).then(|| left(now))
    }

    /// Notes a refusal.
    pub(super) fn refused(&self, visitor: &Visitor, now: Timestamp) -> Verdict {
        let digest = visitor.digest();
        let mut minute = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if minute.number != number(now) {
            *minute = Minute {
                number: number(now),
                ..Minute::default()
            };
        }
        if let Some(digest) = digest
            && minute.credentials.len() < MOST_REMEMBERED
        {
            let credential = minute.credentials.entry(digest).or_default();
            *credential = credential.saturating_add(1);
        }
        let count = minute.addresses.entry(visitor.address).or_default();
        *count = count.saturating_add(1);
        if *count > PER_ADDRESS {
            Verdict::TooOften { seconds: left(now) }
        } else {
            Verdict::Fine
        }
    }
}

fn number(now: Timestamp) -> i64 {
    now.as_millis().div_euclid(MINUTE)
}

/// How many seconds of the minute are left; at least one.
fn left(now: Timestamp) -> u64 {
    let gone = now.as_millis().rem_euclid(MINUTE);
    (MINUTE - gone).unsigned_abs().div_ceil(1000)
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderMap;

    use super::*;

    fn visitor(query: &str) -> Visitor {
        Visitor::of("203.0.113.7:1".parse().unwrap(), &HeaderMap::new(), Some(query))
    }

    #[test]
    fn a_credential_is_looked_at_so_often_and_an_address_refused_so_often() {
        let count = Count::default();
        let now = Timestamp::from_millis(1_790_000_000_000);
        let bad = visitor("auth=bad");
        for _ in 0..PER_CREDENTIAL {
            assert_eq!(count.is_known(&bad, now), None);
            assert_eq!(count.refused(&bad, now), Verdict::Fine);
        }
        let seconds = left(now);
        assert_eq!(count.is_known(&bad, now), Some(seconds));
        assert_eq!(
            count.is_known(&visitor("auth=good"), now),
            None,
            "others work all the same"
        );
        for number in 0..PER_ADDRESS - PER_CREDENTIAL {
            assert_eq!(count.refused(&visitor(&format!("auth={number}")), now), Verdict::Fine);
        }
        assert_eq!(count.refused(&visitor("auth=x"), now), Verdict::TooOften { seconds });
        assert_eq!(count.is_known(&visitor("auth=good"), now), None);
        assert_eq!(
            count.is_known(&visitor(""), now),
            None,
            "nor is one without any kept out"
        );
        let later = now.plus(60_000);
        assert_eq!(count.is_known(&bad, later), None);
        assert_eq!(count.refused(&bad, later), Verdict::Fine);
    }
}
