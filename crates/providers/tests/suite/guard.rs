//! The guard against private addresses.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use proptest::prelude::*;
use tidings_providers::shared::guard::is_public;

#[test]
fn reserved_addresses_are_not_public() {
    for text in [
        "0.0.0.0",
        "10.0.0.1",
        "100.64.0.1",
        "100.127.255.255",
        "127.0.0.1",
        "127.255.255.255",
        "169.254.169.254",
        "172.16.0.1",
        "172.31.255.255",
        "192.0.0.8",
        "192.0.2.1",
        "192.88.99.1",
        "192.168.1.1",
        "198.18.0.1",
        "198.19.255.255",
        "198.51.100.1",
        "203.0.113.1",
        "224.0.0.1",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::7f00:1",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "::ffff:0:127.0.0.1",
        "64:ff9b::7f00:1",
        "64:ff9b::a9fe:a9fe",
        "64:ff9b:1::1",
        "100::1",
        "2001::1",
        "2001:db8::1",
        "2002:7f00:1::",
        "2002:a00:1::1",
        "3fff::1",
        "fc00::1",
        "fd12:3456::1",
        "fe80::1",
        "fec0::1",
        "ff02::1",
        "5f00::1",
        "4000::1",
    ] {
        assert!(!is_public(text.parse().unwrap()), "{text}");
    }
}

#[test]
fn public_addresses_are_public() {
    for text in [
        "1.1.1.1",
        "8.8.8.8",
        "100.63.255.255",
        "100.128.0.1",
        "172.15.255.255",
        "172.32.0.1",
        "192.0.1.1",
        "198.17.1.1",
        "198.20.1.1",
        "223.255.255.255",
        "2606:4700:4700::1111",
        "2001:4860:4860::8888",
        "::ffff:8.8.8.8",
        "64:ff9b::808:808",
        "2002:808:808::1",
    ] {
        assert!(is_public(text.parse().unwrap()), "{text}");
    }
}

/// Every way to write an IPv4 address within IPv6.
fn embeddings(ip: Ipv4Addr) -> [Ipv6Addr; 4] {
    let [a, b, c, d] = ip.octets();
    let (high, low) = (u16::from_be_bytes([a, b]), u16::from_be_bytes([c, d]));
    [
        ip.to_ipv6_mapped(),
        Ipv6Addr::new(0, 0, 0, 0, 0xffff, 0, high, low),
        Ipv6Addr::new(0x64, 0xff9b, 0, 0, 0, 0, high, low),
        Ipv6Addr::new(0x2002, high, low, 0, 0, 0, 0, 1),
    ]
}

proptest! {
    #[test]
    fn no_address_the_standard_library_knows_as_local_is_public(bits: u32) {
        let ip = Ipv4Addr::from(bits);
        let local = ip.is_loopback() || ip.is_private() || ip.is_link_local() || ip.is_multicast() || ip.is_broadcast()
            || ip.is_documentation() || ip.is_unspecified();
        prop_assert!(!(local && is_public(ip.into())));
    }

    #[test]
    fn private_networks_are_not_public(low in 0_u32..0x0010_0000) {
        for network in [0x0a00_0000, 0x7f00_0000, 0xac10_0000, 0x6440_0000] {
            prop_assert!(!is_public(Ipv4Addr::from(network | low).into()));
        }
    }

    #[test]
    fn an_embedded_address_is_judged_like_itself(bits: u32) {
        let ip = Ipv4Addr::from(bits);
        for embedded in embeddings(ip) {
            prop_assert_eq!(is_public(IpAddr::V6(embedded)), is_public(IpAddr::V4(ip)), "{} in {}", ip, embedded);
        }
    }

    #[test]
    fn local_ipv6_is_not_public(bits: u128) {
        let low = bits & !(0xffff_u128 << 112);
        for network in [0xfc00_u128, 0xfd00, 0xfe80, 0xfec0, 0xff02] {
            prop_assert!(!is_public(Ipv6Addr::from(network << 112 | low).into()));
        }
    }
}
