//! The client's address of a request.

use axum::{
    extract::ConnectInfo,
    http::{Extensions, HeaderMap},
};
use std::net::{IpAddr, SocketAddr};

/// The client's address: the peer's, or, if the peer is a configured proxy, the last address of `X-Forwarded-For` that is
/// not a proxy's. The client could have invented everything left of that. `None`: the peer is unknown.
pub(crate) fn of(headers: &HeaderMap, extensions: &Extensions, proxies: &[IpAddr]) -> Option<IpAddr> {
    let peer = extensions.get::<ConnectInfo<SocketAddr>>()?.0.ip().to_canonical();
    Some(behind_proxies(peer, headers, proxies))
}

fn behind_proxies(peer: IpAddr, headers: &HeaderMap, proxies: &[IpAddr]) -> IpAddr {
    let is_proxy = |address: &IpAddr| proxies.iter().any(|proxy| proxy.to_canonical() == *address);
    let forwarded: Vec<&str> = headers
        .get_all("x-forwarded-for")
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .collect();
    let mut nearest = peer;
    for hop in forwarded.iter().rev() {
        if !is_proxy(&nearest) {
            break;
        }
        match parse(hop) {
            Some(address) => nearest = address,
            None => break,
        }
    }
    nearest
}

/// An address, with or without a port.
fn parse(hop: &str) -> Option<IpAddr> {
    let hop = hop.trim();
    let address = hop.parse::<IpAddr>().ok();
    address
        .or_else(|| hop.parse::<SocketAddr>().ok().map(|socket| socket.ip()))
        .or_else(|| hop.strip_prefix('[')?.strip_suffix(']')?.parse().ok())
        .map(|address| address.to_canonical())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn client(peer: &str, forwarded: &[&str], proxies: &[&str]) -> String {
        let mut headers = HeaderMap::new();
        for value in forwarded {
            headers.append("x-forwarded-for", value.parse().unwrap());
        }
        let proxies: Vec<IpAddr> = proxies.iter().map(|proxy| proxy.parse().unwrap()).collect();
        behind_proxies(peer.parse().unwrap(), &headers, &proxies).to_string()
    }

    #[test]
    fn only_configured_proxies_are_trusted() {
        assert_eq!(client("203.0.113.9", &["198.51.100.1"], &[]), "203.0.113.9");
        assert_eq!(client("10.0.0.1", &["198.51.100.1"], &["10.0.0.1"]), "198.51.100.1");
        assert_eq!(client("10.0.0.1", &[], &["10.0.0.1"]), "10.0.0.1");
    }

    #[test]
    fn invented_addresses_are_ignored() {
        let proxies = ["10.0.0.1", "10.0.0.2"];
        assert_eq!(client("10.0.0.1", &["1.1.1.1, 198.51.100.1, 10.0.0.2"], &proxies), "198.51.100.1");
        assert_eq!(client("10.0.0.1", &["1.1.1.1", "198.51.100.1"], &proxies), "198.51.100.1");
        assert_eq!(client("10.0.0.1", &["1.1.1.1, nonsense"], &proxies), "10.0.0.1");
    }

    #[test]
    fn ports_and_ipv6_addresses_are_parsed() {
        assert_eq!(client("10.0.0.1", &["198.51.100.1:4711"], &["10.0.0.1"]), "198.51.100.1");
        assert_eq!(client("::1", &["[2001:db8::1]:443"], &["::1"]), "2001:db8::1");
        assert_eq!(client("::1", &["[2001:db8::1]"], &["::1"]), "2001:db8::1");
        assert_eq!(client("10.0.0.1", &["::ffff:198.51.100.1"], &["10.0.0.1"]), "198.51.100.1");
    }
}
