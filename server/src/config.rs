//! The configuration of `rollcall serve`.

use crate::network::Network;
use std::{net::SocketAddr, path::PathBuf};

/// The server's settings. Each is a flag and an environment variable (see `cli`).
#[derive(Clone, Debug)]
pub struct Config {
    /// The address to listen on.
    pub addr: SocketAddr,
    /// The address of `/metrics`. `None`: no metrics.
    pub admin_addr: Option<SocketAddr>,
    /// The URL at which browsers and identity providers reach Rollcall, without a trailing slash.
    pub public_url: String,
    /// The folder with the built browser files (`target/site`).
    pub site_root: PathBuf,
    /// The contact for changes of the plan: one line, shown to admins.
    pub contact: Option<String>,
    /// Sustained SCIM requests per minute and key. 0: no limit.
    pub scim_rate: u32,
    /// Upper bound of a burst of SCIM requests per key.
    pub scim_burst: u32,
    /// The proxies whose `X-Forwarded-For` is trusted.
    pub trusted_proxies: Vec<std::net::IpAddr>,
    /// Networks that are not public, but in which identity providers may be.
    pub private_networks: Vec<Network>,
    /// The retention of activity, in days.
    pub activity_days: u32,
    /// The retention of identity providers' requests, in days. 0: they are not logged.
    pub request_days: u32,
}

impl Config {
    /// Whether Rollcall is reached over TLS. Then cookies are `Secure` with the `__Host-` prefix, and responses have HSTS.
    pub fn is_https(&self) -> bool {
        self.public_url.starts_with("https://")
    }

    /// The SCIM base URL to paste into an identity provider.
    pub fn scim_base_url(&self) -> String {
        format!("{}/scim/v2", self.public_url)
    }
}

/// Checks the public URL: an origin (scheme, host, port) and nothing else. Returns it without a trailing slash.
///
/// # Errors
/// One sentence about the problem.
pub fn public_url(text: &str) -> Result<String, String> {
    let wrong = || "use the URL that browsers use, such as https://rollcall.example.com".to_owned();
    let url = reqwest::Url::parse(text.trim()).map_err(|_| wrong())?;
    if !matches!(url.scheme(), "http" | "https") || !url.username().is_empty() || url.password().is_some() {
        return Err(wrong());
    }
    if url.path() != "/" || url.query().is_some() || url.fragment().is_some() {
        return Err("Rollcall needs its own host; use a URL without a path".to_owned());
    }
    Ok(url.origin().ascii_serialization())
}

/// The default public URL: the name `localhost` if the server listens on this machine or everywhere, else the address.
pub fn default_public_url(bound: SocketAddr) -> String {
    if bound.ip().is_loopback() || bound.ip().is_unspecified() {
        format!("http://localhost:{}", bound.port())
    } else {
        format!("http://{bound}")
    }
}

/// Whether the URL leads to this machine.
pub fn is_local(public_url: &str) -> bool {
    let host = reqwest::Url::parse(public_url).ok().and_then(|url| url.host_str().map(str::to_owned));
    host.is_some_and(|host| {
        let address = host.trim_start_matches('[').trim_end_matches(']').parse::<std::net::IpAddr>();
        host == "localhost" || host.ends_with(".localhost") || address.is_ok_and(|address| address.is_loopback())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_public_url_is_an_origin() {
        for (text, origin) in [
            ("https://rollcall.example.com", "https://rollcall.example.com"),
            ("https://Rollcall.Example.com:443/", "https://rollcall.example.com"),
            ("http://localhost:3000/", "http://localhost:3000"),
            ("http://[::1]:3000", "http://[::1]:3000"),
        ] {
            assert_eq!(public_url(text).as_deref(), Ok(origin));
        }
        for wrong in
            ["", "rollcall.example.com", "ftp://x", "https://a/b", "https://a/?b", "https://a/#b", "https://u@a"]
        {
            assert!(public_url(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn the_default_public_url_uses_the_name_localhost() {
        for (bound, url) in [
            ("127.0.0.1:3000", "http://localhost:3000"),
            ("0.0.0.0:80", "http://localhost:80"),
            ("[::1]:3000", "http://localhost:3000"),
            ("192.0.2.1:3000", "http://192.0.2.1:3000"),
        ] {
            assert_eq!(default_public_url(bound.parse().unwrap()), url);
        }
    }

    #[test]
    fn local_addresses() {
        for local in ["http://localhost:3000", "http://a.localhost", "http://127.0.0.2", "http://[::1]:3000"] {
            assert!(is_local(local), "{local}");
        }
        for far in ["http://192.168.0.1", "http://localhost.example.com", "http://[fd00::1]", "nonsense"] {
            assert!(!is_local(far), "{far}");
        }
    }
}
