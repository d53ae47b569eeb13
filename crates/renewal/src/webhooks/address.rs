//! Which addresses may be told anything: an address given by somebody must not lead into the
//! network that Renova stands in.

use std::net::IpAddr;

use iprfc::RFC6890;
use url::{Host, Url};

const LONGEST: usize = 2_000;
const PORTS: [u16; 2] = [443, 8443];

/// The address of an endpoint. `loopback` allows this machine itself, also without TLS.
///
/// # Errors
/// What is wrong with it, and how to mend it.
pub fn webhook_address(text: &str, loopback: bool) -> Result<Url, &'static str> {
    let url = Url::parse(text).map_err(|_| "is not a URL: write it like https://platform.example.com/webhooks")?;
    if text.len() > LONGEST {
        return Err("is longer than 2000 characters");
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err("must not contain a user name or password: the signature tells who sends");
    }
    if url.fragment().is_some() {
        return Err("must not contain `#`: it is never sent");
    }
    if loopback && is_loopback(&url) && matches!(url.scheme(), "http" | "https") {
        return Ok(url);
    }
    if url.scheme() != "https" {
        return Err("must begin with https://");
    }
    if is_loopback(&url) {
        return Err("leads to this machine: give an address that is reachable from elsewhere");
    }
    if !url.port_or_known_default().is_some_and(|port| PORTS.contains(&port)) {
        return Err("must use port 443 or 8443");
    }
    match url.host() {
        Some(Host::Ipv4(address)) if !is_public_address(address.into()) => Err(NOT_PUBLIC),
        Some(Host::Ipv6(address)) if !is_public_address(address.into()) => Err(NOT_PUBLIC),
        // What a name leads to is looked at whenever it is called.
        Some(_) => Ok(url),
        None => Err("names no host"),
    }
}

const NOT_PUBLIC: &str = "leads into a private or special network: give a public address";

/// The machine itself, by address or by name.
#[must_use]
pub fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        None => false,
    }
}

/// An ordinary address of the Internet: in none of IANA's special-purpose ranges, also in none that
/// is globally reachable, and in no form of IPv6 that carries an IPv4 address.
#[must_use]
pub fn is_public_address(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => !address.is_multicast() && !RFC6890.contains(&address),
        IpAddr::V6(address) => {
            // All that is assigned for ordinary use begins with the bits 001.
            let ordinary = address.segments()[0] & 0xe000 == 0x2000;
            ordinary && !RFC6890.contains(&address)
        }
    }
}

#[cfg(test)]
mod tests {
    use std::net::{Ipv4Addr, Ipv6Addr};

    use proptest::prelude::*;

    use super::*;

    /// Written down apart from the crate that holds IANA's tables.
    const SPECIAL_V4: [(&str, u8); 18] = [
        ("0.0.0.0", 8),
        ("10.0.0.0", 8),
        ("100.64.0.0", 10),
        ("127.0.0.0", 8),
        ("169.254.0.0", 16),
        ("172.16.0.0", 12),
        ("192.0.0.0", 24),
        ("192.0.2.0", 24),
        ("192.31.196.0", 24),
        ("192.52.193.0", 24),
        ("192.88.99.0", 24),
        ("192.168.0.0", 16),
        ("192.175.48.0", 24),
        ("198.18.0.0", 15),
        ("198.51.100.0", 24),
        ("203.0.113.0", 24),
        ("224.0.0.0", 4),
        ("240.0.0.0", 4),
    ];

    const SPECIAL_V6: [(&str, u8); 20] = [
        ("::", 96),
        ("::ffff:0:0", 96),
        ("::ffff:0:0:0", 96),
        ("64:ff9b::", 96),
        ("64:ff9b:1::", 48),
        ("100::", 64),
        ("100:0:0:1::", 64),
        ("2001::", 23),
        ("2001::", 32),
        ("2001:2::", 48),
        ("2001:10::", 28),
        ("2001:20::", 28),
        ("2001:db8::", 32),
        ("2002::", 16),
        ("2620:4f:8000::", 48),
        ("3fff::", 20),
        ("5f00::", 16),
        ("fc00::", 7),
        ("fe80::", 10),
        ("ff00::", 8),
    ];

    fn within_v4((base, prefix): (&str, u8), random: u32) -> Ipv4Addr {
        let base: Ipv4Addr = base.parse().unwrap();
        Ipv4Addr::from(u32::from(base) | random.checked_shr(prefix.into()).unwrap_or(0))
    }

    fn within_v6((base, prefix): (&str, u8), random: u128) -> Ipv6Addr {
        let base: Ipv6Addr = base.parse().unwrap();
        Ipv6Addr::from(u128::from(base) | random.checked_shr(prefix.into()).unwrap_or(0))
    }

    fn is_special_v4(address: Ipv4Addr) -> bool {
        SPECIAL_V4.iter().any(|(base, prefix)| {
            let base: Ipv4Addr = base.parse().unwrap();
            (u32::from(base) ^ u32::from(address)).leading_zeros() >= u32::from(*prefix)
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(4_000))]

        #[test]
        fn no_special_address_of_ipv4_is_public(range in 0..SPECIAL_V4.len(), random: u32) {
            let address = within_v4(SPECIAL_V4[range], random);
            prop_assert!(!is_public_address(address.into()), "{address}");
            // Nor in the forms of IPv6 that carry it.
            let low = u128::from(u32::from(address));
            for (base, shift) in [("::", 0), ("::ffff:0:0", 0), ("64:ff9b::", 0), ("2002::", 80), ("2001::", 64)] {
                let base: Ipv6Addr = base.parse().unwrap();
                let carried = Ipv6Addr::from(u128::from(base) | (low << shift));
                prop_assert!(!is_public_address(carried.into()), "{carried}");
            }
            // Nor by any spelling that a URL may have.
            let [a, b, c, d] = address.octets();
            let number = u32::from(address);
            for host in [
                format!("{a}.{b}.{c}.{d}"),
                number.to_string(),
                format!("0x{number:x}"),
                format!("0{number:o}"),
                format!("0x{a:x}.0{b:o}.{c}.{d}"),
                format!("{a}.{b}.{}", u32::from(c) * 256 + u32::from(d)),
                format!("{a}.{}", number & 0x00ff_ffff),
                format!("[::ffff:{a}.{b}.{c}.{d}]"),
            ] {
                let refused = webhook_address(&format!("https://{host}/"), false);
                prop_assert!(refused.is_err(), "{host}");
            }
        }

        #[test]
        fn no_special_address_of_ipv6_is_public(range in 0..SPECIAL_V6.len(), random: u128) {
            let address = within_v6(SPECIAL_V6[range], random);
            prop_assert!(!is_public_address(address.into()), "{address}");
            let refused = webhook_address(&format!("https://[{address}]/"), false);
            prop_assert!(refused.is_err(), "{address}");
        }

        #[test]
        fn everything_else_of_ipv4_is_public(random: u32) {
            let address = Ipv4Addr::from(random);
            prop_assert_eq!(is_public_address(address.into()), !is_special_v4(address));
        }
    }

    #[test]
    fn ordinary_addresses_are_public() {
        for address in ["1.1.1.1", "93.184.216.34", "100.63.255.255", "100.128.0.0", "172.32.0.0", "198.20.0.0"] {
            assert!(is_public_address(address.parse().unwrap()), "{address}");
        }
        for address in ["2606:4700::1", "2a00:1450::1", "2001:4860:4860::8888", "2001:200::1"] {
            assert!(is_public_address(address.parse().unwrap()), "{address}");
        }
    }

    #[test]
    fn an_address_is_protected_and_reachable_from_elsewhere() {
        for good in [
            "https://platform.example.com/webhooks?tenant=1",
            "https://platform.example.com:8443",
            "https://1.1.1.1/",
            "https://[2606:4700::1]/",
        ] {
            assert!(webhook_address(good, false).is_ok(), "{good}");
            assert!(webhook_address(good, true).is_ok(), "{good}");
        }
        for bad in [
            "",
            "platform.example.com",
            "http://platform.example.com/",
            "ftp://platform.example.com/",
            "file:///etc/passwd",
            "https://platform.example.com:22/",
            "https://user@platform.example.com/",
            "https://user:secret@platform.example.com/",
            "https://platform.example.com/#part",
            "https://",
            "https://192.168.1.10/",
            "https://169.254.169.254/latest/meta-data",
            "https://[fd00::1]/",
            "https://[fe80::1]/",
        ] {
            assert!(webhook_address(bad, false).is_err(), "{bad}");
            assert!(webhook_address(bad, true).is_err(), "{bad}");
        }
        let long = format!("https://platform.example.com/{}", "a".repeat(LONGEST));
        assert!(webhook_address(&long, false).is_err());
    }

    #[test]
    fn this_machine_is_told_only_where_that_is_allowed() {
        for here in ["http://127.0.0.1:9000/", "http://localhost:9000/hooks", "https://[::1]:1/", "http://a.localhost/"]
        {
            assert!(webhook_address(here, true).is_ok(), "{here}");
            assert!(webhook_address(here, false).is_err(), "{here}");
        }
    }
}
