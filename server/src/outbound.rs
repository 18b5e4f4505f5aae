//! Requests to addresses that a person entered (SAML metadata). Because of request forgery (SSRF), they go to public addresses
//! only, over TLS, without redirects, and with limits.

mod network;
mod own;

pub use network::{Network, is_public};
pub use own::{Own, OwnError, OwnResponse};

use reqwest::{Url, redirect::Policy};
use std::{
    net::{IpAddr, SocketAddr},
    time::Duration,
};

/// Upper bound of a request's time, from the resolution of the name to the last byte.
const TIMEOUT: Duration = Duration::from_secs(5);
/// Upper bound of a response, in bytes.
const BODY_MAX: usize = 256 * 1024;

/// Why a fetch failed. `Display` is one line for the operator.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum FetchError {
    /// Not an https URL with a host, or one with a password in it.
    #[error("it isn't an https:// URL")]
    NotHttps,
    /// The name has no address.
    #[error("its hostname couldn't be resolved")]
    Unresolved,
    /// The address is not public.
    #[error("its address {0} isn't public (allow its network with --allow-private-network)")]
    Private(IpAddr),
    /// No connection, or no TLS.
    #[error("its server couldn't be reached over TLS")]
    Unreachable,
    #[error("its server took longer than {} seconds", TIMEOUT.as_secs())]
    Timeout,
    /// Not 200.
    #[error("its server responded with {0}")]
    Status(u16),
    /// The response is too long.
    #[error("it's larger than {} KiB", BODY_MAX / 1024)]
    TooLong,
    /// The response is not text.
    #[error("it isn't valid UTF-8")]
    NotText,
}

/// Fetches a text over https, without following redirects. The name is resolved once, and the connection goes to the very
/// address that was checked. Addresses that are not public are rejected, except in the `allowed` networks.
///
/// # Errors
/// [`FetchError`].
pub async fn fetch(url: &str, allowed: &[Network]) -> Result<String, FetchError> {
    tokio::time::timeout(TIMEOUT, fetch_now(url, allowed)).await.unwrap_or(Err(FetchError::Timeout))
}

async fn fetch_now(url: &str, allowed: &[Network]) -> Result<String, FetchError> {
    let url = Url::parse(url).map_err(|_| FetchError::NotHttps)?;
    let plain = url.scheme() == "https" && url.username().is_empty() && url.password().is_none();
    let (Some(host), Some(port), true) = (url.host_str(), url.port_or_known_default(), plain) else {
        return Err(FetchError::NotHttps);
    };
    let addresses = resolve(host, port).await?;
    let (open, private): (Vec<_>, Vec<_>) = addresses
        .into_iter()
        .partition(|address| is_public(address.ip()) || allowed.iter().any(|network| network.contains(address.ip())));
    if open.is_empty() {
        return Err(private.first().map_or(FetchError::Unresolved, |address| FetchError::Private(address.ip())));
    }
    // A second call finds the provider installed, which is as good.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let client = reqwest::Client::builder()
        .https_only(true)
        .no_proxy()
        .redirect(Policy::none())
        .resolve_to_addrs(host, &open)
        .build()
        .map_err(|_| FetchError::Unreachable)?;
    let mut answer = client.get(url.clone()).send().await.map_err(|_| FetchError::Unreachable)?;
    if answer.status() != reqwest::StatusCode::OK {
        return Err(FetchError::Status(answer.status().as_u16()));
    }
    let mut body = Vec::new();
    while let Some(chunk) = answer.chunk().await.map_err(|_| FetchError::Unreachable)? {
        if body.len() + chunk.len() > BODY_MAX {
            return Err(FetchError::TooLong);
        }
        body.extend_from_slice(&chunk);
    }
    String::from_utf8(body).map_err(|_| FetchError::NotText)
}

async fn resolve(host: &str, port: u16) -> Result<Vec<SocketAddr>, FetchError> {
    // An IPv6 address in a URL has brackets.
    let literal = host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host);
    match literal.parse::<IpAddr>() {
        Ok(ip) => Ok(vec![SocketAddr::new(ip, port)]),
        Err(_) => Ok(tokio::net::lookup_host((host, port)).await.map_err(|_| FetchError::Unresolved)?.collect()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::TcpListener;

    #[tokio::test]
    async fn only_https_urls_are_fetched() {
        for url in
            ["", "metadata.xml", "http://idp.example/", "ftp://idp.example/", "https://", "https://a:b@idp.example/"]
        {
            assert_eq!(fetch(url, &[]).await, Err(FetchError::NotHttps), "{url}");
        }
    }

    #[tokio::test]
    async fn private_addresses_are_rejected() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        listener.set_nonblocking(true).unwrap();
        let port = listener.local_addr().unwrap().port();
        for host in [
            "127.0.0.1",
            "localhost",
            "2130706433",
            "0x7f.1",
            "[::1]",
            "[::ffff:127.0.0.1]",
            "[64:ff9b::7f00:1]",
            "0.0.0.0",
        ] {
            let result = fetch(&format!("https://{host}:{port}/"), &[]).await;
            assert!(matches!(result, Err(FetchError::Private(_))), "{host}: {result:?}");
        }
        assert!(listener.accept().is_err(), "no connection was made");
    }

    #[tokio::test]
    async fn addresses_of_an_allowed_network_are_fetched() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let visitor = std::thread::spawn(move || listener.accept().map(|_| ()));
        let networks = ["127.0.0.0/8".parse().unwrap()];
        assert_eq!(fetch(&format!("https://127.0.0.1:{port}/"), &networks).await, Err(FetchError::Unreachable));
        assert!(visitor.join().unwrap().is_ok());
    }
}
