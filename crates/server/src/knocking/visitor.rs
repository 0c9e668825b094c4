//! Who comes, and with what.

use std::net::{IpAddr, Ipv6Addr, SocketAddr};

use axum::http::HeaderMap;
use sha2::{Digest as _, Sha256};

/// Headers that prove who calls.
const PROOFS: [&str; 4] = [
    "authorization",
    "x-courier-client-key",
    "x-courier-user-id",
    "x-courier-user-signature",
];

/// Somebody with a credential, or without.
pub(super) struct Visitor {
    /// From where.
    pub(super) address: IpAddr,
    credential: Proof,
}

struct Proof {
    headers: Vec<Vec<u8>>,
    query: Option<String>,
}

impl Visitor {
    /// Who asks. A peer on a private network that names another in `X-Forwarded-For` is the operator's own proxy, and the
    /// last one it names is who came to it.
    pub(super) fn of(peer: SocketAddr, headers: &HeaderMap, query: Option<&str>) -> Self {
        let forwarded = headers.get_all("x-forwarded-for").iter().next_back();
        let forwarded = forwarded
            .filter(|_| is_near(peer.ip()))
            .and_then(|value| value.to_str().ok()?.rsplit(',').next()?.trim().parse().ok());
        let values = PROOFS.iter().filter_map(|name| headers.get(*name));
        Self {
            address: network(forwarded.unwrap_or_else(|| peer.ip())),
            credential: Proof {
                headers: values.map(|value| value.as_bytes().to_vec()).collect(),
                query: query.map(str::to_owned),
            },
        }
    }

    /// The credential and where it came from, in a form that tells nothing of it; none without one, as most pages are
    /// asked for.
    pub(super) fn digest(&self) -> Option<[u8; 32]> {
        let mut digest = Sha256::new();
        let mut is_there = !self.credential.headers.is_empty();
        digest.update(self.address.to_string());
        for value in &self.credential.headers {
            digest.update([0]);
            digest.update(value);
        }
        // Sockets carry it in their address, beside a connection's id, which is another each time.
        let query = self.credential.query.as_deref().unwrap_or_default();
        for part in query.split('&') {
            if part.starts_with("auth=") || part.starts_with("clientKey=") {
                is_there = true;
                digest.update([1]);
                digest.update(part);
            }
        }
        is_there.then(|| digest.finalize().into())
    }
}

fn is_near(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => address.is_loopback() || address.is_private() || address.is_link_local(),
        IpAddr::V6(address) => address.is_loopback() || address.is_unique_local() || address.is_unicast_link_local(),
    }
}

/// A person has one address of IPv4, and 64 bits' worth of IPv6.
fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            IpAddr::V6(Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0))
        }
        address @ IpAddr::V4(_) => address,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(peer: &str, forwarded: &[&'static str], query: Option<&str>) -> Visitor {
        let mut headers = HeaderMap::new();
        for value in forwarded {
            headers.append("x-forwarded-for", value.parse().unwrap());
        }
        Visitor::of(peer.parse().unwrap(), &headers, query)
    }

    #[test]
    fn only_a_proxy_nearby_is_believed_and_only_its_own_word() {
        for (peer, forwarded, who) in [
            ("203.0.113.7:1", vec![], "203.0.113.7"),
            ("203.0.113.7:1", vec!["198.51.100.1"], "203.0.113.7"),
            ("10.0.0.2:1", vec!["192.0.2.9, 198.51.100.1"], "198.51.100.1"),
            ("127.0.0.1:1", vec!["192.0.2.9", "198.51.100.2"], "198.51.100.2"),
            ("127.0.0.1:1", vec!["nonsense"], "127.0.0.1"),
            ("[2001:db8:1:2:3:4:5:6]:1", vec![], "2001:db8:1:2::"),
            ("[::ffff:203.0.113.7]:1", vec![], "203.0.113.7"),
        ] {
            let found = of(peer, &forwarded, None).address;
            assert_eq!(found, who.parse::<IpAddr>().unwrap(), "{peer} {forwarded:?}");
        }
    }

    #[test]
    fn the_same_credential_is_known_by_another_connection() {
        let digest = |peer, query| of(peer, &[], Some(query)).digest();
        let one = digest("203.0.113.7:1", "auth=a.b.c&cid=one");
        assert_eq!(one, digest("203.0.113.7:2", "auth=a.b.c&cid=two"));
        assert_ne!(one, digest("203.0.113.7:1", "auth=a.b.d&cid=one"));
        assert_ne!(one, digest("203.0.113.8:1", "auth=a.b.c&cid=one"));
        assert_eq!(digest("203.0.113.7:1", "cid=one"), None, "no credential");
    }
}
