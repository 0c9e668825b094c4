//! Which hosts may be called when somebody other than the operator chose them.
//!
//! Without this, a profile's webhook could read a cloud's metadata service or an internal page. Names are checked after
//! resolution, and the connection goes to the very addresses that were checked.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use url::{Host, Url};

/// A host that may not be called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Forbidden;

impl fmt::Display for Forbidden {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the host is on a private, loopback or otherwise reserved network, which this server does not call")
    }
}

impl std::error::Error for Forbidden {}

/// Whether an address belongs to the public internet.
///
/// Reserved ranges are those of the IANA special-purpose registries for IPv4 (RFC 6890) and IPv6. Addresses that embed
/// an IPv4 address (mapped, translated, NAT64, 6to4) are judged by it.
pub fn is_public(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => is_public_v4(ip),
        IpAddr::V6(ip) => is_public_v6(ip),
    }
}

fn is_public_v4(ip: Ipv4Addr) -> bool {
    let [a, b, c, _] = ip.octets();
    let reserved = match a {
        // This network, private, loopback; multicast, reserved, broadcast.
        0 | 10 | 127 | 224.. => true,
        // Shared by carriers (RFC 6598).
        100 => (64..128).contains(&b),
        // Link-local, where clouds keep their metadata.
        169 => b == 254,
        // Private.
        172 => (16..32).contains(&b),
        // Protocol assignments, documentation, 6to4 relays, private.
        192 => matches!((b, c), (0, 0 | 2) | (88, 99) | (168, _)),
        // Benchmarks, documentation.
        198 => matches!((b, c), (18 | 19, _) | (51, 100)),
        203 => (b, c) == (0, 113),
        _ => false,
    };
    !reserved
}

fn is_public_v6(ip: Ipv6Addr) -> bool {
    if let Some(embedded) = embedded_v4(ip) {
        return is_public_v4(embedded);
    }
    match ip.segments() {
        // IETF protocol assignments, Teredo and ORCHID among them; documentation.
        [0x2001, 0..=0x1ff | 0xdb8, ..] | [0x3fff, 0..=0xfff, ..] => false,
        // All of the public internet lies in 2000::/3; local, multicast and unassigned space does not.
        [first, ..] => (0x2000..0x4000).contains(&first),
    }
}

/// The IPv4 address that packets to an IPv6 address may end at.
fn embedded_v4(ip: Ipv6Addr) -> Option<Ipv4Addr> {
    match ip.segments() {
        // Mapped, `::ffff:a.b.c.d`, and translated, `::ffff:0:a.b.c.d`.
        [0, 0, 0, 0, 0, 0xffff, high, low] | [0, 0, 0, 0, 0xffff, 0, high, low]
        // NAT64 with the well-known prefix (RFC 6052). The one for local use (RFC 8215) is not public anyhow.
        | [0x64, 0xff9b, 0, 0, 0, 0, high, low]
        // 6to4 (RFC 3056).
        | [0x2002, high, low, ..] => {
            let ([a, b], [c, d]) = (high.to_be_bytes(), low.to_be_bytes());
            Some(Ipv4Addr::new(a, b, c, d))
        }
        _ => None,
    }
}

/// Checks a URL whose host is an address. Names are checked when they are resolved.
pub(crate) fn check_literal(url: &Url) -> Result<(), Forbidden> {
    let public = match url.host() {
        Some(Host::Ipv4(ip)) => is_public(ip.into()),
        Some(Host::Ipv6(ip)) => is_public(ip.into()),
        Some(Host::Domain(name)) => !is_local_name(name),
        None => false,
    };
    if public && matches!(url.scheme(), "http" | "https") {
        Ok(())
    } else {
        Err(Forbidden)
    }
}

/// Names that are local whatever a resolver says (RFC 6761).
fn is_local_name(name: &str) -> bool {
    let name = name.trim_end_matches('.').to_ascii_lowercase();
    name == "localhost" || name.ends_with(".localhost")
}

/// Resolves a name and refuses it if any of its addresses is not public: an honest public name has none.
pub(crate) async fn resolve_public(host: &str, port: u16) -> std::io::Result<Result<Vec<SocketAddr>, Forbidden>> {
    let addresses: Vec<_> = tokio::net::lookup_host((host, port)).await?.collect();
    let public = addresses.iter().all(|address| is_public(address.ip()));
    Ok(if public { Ok(addresses) } else { Err(Forbidden) })
}

/// A resolver for HTTP clients that gives out public addresses only.
#[derive(Clone, Copy, Debug)]
pub(crate) struct PublicResolver;

impl PublicResolver {
    pub(crate) fn shared() -> Arc<Self> {
        Arc::new(Self)
    }
}

impl Resolve for PublicResolver {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(async move {
            let addresses = resolve_public(name.as_str(), 0).await??;
            Ok(Box::new(addresses.into_iter()) as Addrs)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn names_are_judged_by_what_they_resolve_to() {
        assert_eq!(resolve_public("localhost", 80).await.unwrap(), Err(Forbidden));
        assert!(resolve_public("no-such-host.invalid", 80).await.is_err());
        assert!(resolve_public("1.1.1.1", 80).await.unwrap().is_ok());
        let Err(error) = PublicResolver.resolve("localhost".parse().unwrap()).await else {
            panic!("not refused")
        };
        assert!(error.is::<Forbidden>(), "{error}");
    }
}
