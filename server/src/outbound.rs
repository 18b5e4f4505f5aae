//! Requests to addresses that a person or an identity provider named (metadata, discovery, keys, tokens). Because of request
//! forgery (SSRF), they go to public addresses only, over TLS, without redirects, and with limits.

mod own;
mod resolver;

pub use own::{Own, OwnError, OwnResponse};

use crate::network::Network;
use reqwest::{
    Client, Url,
    header::{ACCEPT, AUTHORIZATION, CACHE_CONTROL, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue},
    redirect::Policy,
};
use resolver::{CheckedResolver, ResolveError};
use std::{
    error::Error as _,
    net::IpAddr,
    sync::{Arc, OnceLock},
    time::Duration,
};

/// Upper bound of a request's time, from the resolution of the name to the last byte.
const TIMEOUT: Duration = Duration::from_secs(5);
/// Upper bound of a response, in bytes.
const BODY_MAX: usize = 256 * 1024;
/// The type of a form.
const FORM: &str = "application/x-www-form-urlencoded";

/// Why a fetch failed. `Display` is one line for the operator.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
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

/// The client for these requests. Cloning is cheap.
#[derive(Clone, Debug)]
pub struct Outbound(Arc<Whole>);

#[derive(Debug)]
struct Whole {
    /// Networks that are not public, but allowed.
    allowed: Arc<[Network]>,
    /// May requests go to `http://localhost`?
    allows_localhost: bool,
    /// Built at the first request, because it reads the certificates of the system.
    client: OnceLock<Option<Client>>,
}

/// A response with any status.
#[derive(Clone, PartialEq, Eq)]
pub struct OutboundResponse {
    /// The status code.
    pub status: u16,
    /// `Content-Type`, or the empty text.
    pub content_type: String,
    /// `Cache-Control`, if it is there.
    pub cache_control: Option<String>,
    /// The body.
    pub body: Vec<u8>,
}

/// The body may contain tokens.
impl std::fmt::Debug for OutboundResponse {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("OutboundResponse").field("status", &self.status).finish_non_exhaustive()
    }
}

impl Outbound {
    /// Requests to public addresses, and to these networks.
    pub fn new(allowed: &[Network]) -> Self {
        Self::with(allowed, false)
    }

    /// The same, and requests to `http://localhost`: for a server that is itself only reached there.
    pub fn with_localhost(allowed: &[Network]) -> Self {
        Self::with(allowed, true)
    }

    fn with(allowed: &[Network], allows_localhost: bool) -> Self {
        Self(Arc::new(Whole { allowed: allowed.into(), allows_localhost, client: OnceLock::new() }))
    }

    /// Fetches a text, which must be answered with 200.
    ///
    /// # Errors
    /// [`FetchError`].
    pub async fn text(&self, url: &str) -> Result<String, FetchError> {
        let response = self.get(url, "*/*", None).await?;
        if response.status != 200 {
            return Err(FetchError::Status(response.status));
        }
        String::from_utf8(response.body).map_err(|_| FetchError::NotText)
    }

    /// Sends a GET request. `authorization` is the value of the header.
    ///
    /// # Errors
    /// [`FetchError`]. Other statuses than 200 are no error.
    pub async fn get(
        &self,
        url: &str,
        accept: &'static str,
        authorization: Option<&str>,
    ) -> Result<OutboundResponse, FetchError> {
        self.send(url, headers(accept, authorization)?, None).await
    }

    /// Sends a form by POST. `authorization` is the value of the header.
    ///
    /// # Errors
    /// [`FetchError`]. Other statuses than 200 are no error.
    pub async fn post_form(
        &self,
        url: &str,
        body: String,
        authorization: Option<&str>,
    ) -> Result<OutboundResponse, FetchError> {
        self.send(url, headers("application/json", authorization)?, Some(body)).await
    }

    async fn send(&self, url: &str, headers: HeaderMap, form: Option<String>) -> Result<OutboundResponse, FetchError> {
        tokio::time::timeout(TIMEOUT, self.send_now(url, headers, form)).await.unwrap_or(Err(FetchError::Timeout))
    }

    async fn send_now(
        &self,
        url: &str,
        headers: HeaderMap,
        form: Option<String>,
    ) -> Result<OutboundResponse, FetchError> {
        let url = Url::parse(url).map_err(|_| FetchError::NotHttps)?;
        let is_localhost = self.0.allows_localhost && url.scheme() == "http" && url.host_str() == Some("localhost");
        let is_plain =
            (url.scheme() == "https" || is_localhost) && url.username().is_empty() && url.password().is_none();
        let (Some(host), true) = (url.host_str(), is_plain) else { return Err(FetchError::NotHttps) };
        // The resolver is not asked about an address. An IPv6 address in a URL has brackets.
        let literal = host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host);
        if let Ok(address) = literal.parse::<IpAddr>() {
            resolver::check(address, &self.0.allowed).map_err(FetchError::Private)?;
        }
        let client = self.client().ok_or(FetchError::Unreachable)?;
        let request = match form {
            Some(form) => client.post(url).header(CONTENT_TYPE, FORM).body(form),
            None => client.get(url),
        };
        let mut response = request.headers(headers).send().await.map_err(|error| failure(&error))?;
        let text =
            |name: HeaderName| response.headers().get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
        let (content_type, cache_control) = (text(CONTENT_TYPE).unwrap_or_default(), text(CACHE_CONTROL));
        let status = response.status().as_u16();
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(|error| failure(&error))? {
            if body.len() + chunk.len() > BODY_MAX {
                return Err(FetchError::TooLong);
            }
            body.extend_from_slice(&chunk);
        }
        Ok(OutboundResponse { status, content_type, cache_control, body })
    }

    fn client(&self) -> Option<&Client> {
        self.0.client.get_or_init(|| self.build()).as_ref()
    }

    fn build(&self) -> Option<Client> {
        // A second call finds the provider installed, which is as good.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = Client::builder()
            .https_only(!self.0.allows_localhost)
            .no_proxy()
            .redirect(Policy::none())
            // Every request resolves its name anew and connects to the addresses that were checked for it.
            .pool_max_idle_per_host(0)
            .dns_resolver(CheckedResolver::new(Arc::clone(&self.0.allowed)))
            .build();
        client.inspect_err(|error| tracing::error!(%error, "couldn't set up the client for outgoing requests")).ok()
    }
}

fn headers(accept: &'static str, authorization: Option<&str>) -> Result<HeaderMap, FetchError> {
    let mut headers = HeaderMap::new();
    headers.insert(ACCEPT, HeaderValue::from_static(accept));
    if let Some(authorization) = authorization {
        let mut value = HeaderValue::from_str(authorization).map_err(|_| FetchError::Unreachable)?;
        value.set_sensitive(true);
        headers.insert(AUTHORIZATION, value);
    }
    Ok(headers)
}

/// The reason of the resolver, if it refused, because reqwest wraps it.
fn failure(error: &reqwest::Error) -> FetchError {
    let mut source = error.source();
    while let Some(error) = source {
        match error.downcast_ref::<ResolveError>() {
            Some(ResolveError::Private(address)) => return FetchError::Private(*address),
            Some(ResolveError::Unresolved) => return FetchError::Unresolved,
            None => source = error.source(),
        }
    }
    FetchError::Unreachable
}

#[cfg(test)]
mod tests;
