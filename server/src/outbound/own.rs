//! Requests to Rollcall's own public address, as an identity provider sends them: through every proxy in front of it.

use crate::config;
use reqwest::{Client, Method, Url, header, redirect::Policy};
use serde_json::Value;
use std::time::Duration;

/// Upper bound of a request's time.
const TIMEOUT: Duration = Duration::from_secs(15);
/// Upper bound of a response, in bytes.
const BODY_MAX: usize = 1024 * 1024;

/// A public address of Rollcall.
#[derive(Clone, Debug)]
pub struct Own {
    client: Client,
    base: String,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OwnResponse {
    pub status: u16,
    /// `Content-Type`.
    pub content_type: String,
    /// `Server`, in which proxies name themselves.
    pub server: Option<String>,
    /// `Location` of a redirect.
    pub location: Option<String>,
    /// The body, if it is text.
    pub body: String,
}

/// Why there was no response. `Display` is one line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OwnError {
    /// A key would be sent in clear.
    #[error("keys are only sent over https://, or to this machine")]
    NotHttps,
    /// No connection, or no TLS.
    #[error("no response: the connection failed, or its TLS certificate isn't trusted")]
    Unreachable,
    #[error("no response within {} seconds", TIMEOUT.as_secs())]
    Timeout,
    /// The response is longer than any of Rollcall's.
    #[error("the response is larger than {} KiB", BODY_MAX / 1024)]
    TooLong,
}

impl Own {
    /// Requests to this public URL.
    ///
    /// # Errors
    /// [`OwnError::NotHttps`], [`OwnError::Unreachable`].
    pub fn new(public_url: &str) -> Result<Self, OwnError> {
        if !public_url.starts_with("https://") && !config::is_local(public_url) {
            return Err(OwnError::NotHttps);
        }
        // A second call finds the provider installed, which is as good.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = Client::builder().no_proxy().redirect(Policy::none()).timeout(TIMEOUT).build();
        let client = client.map_err(|_| OwnError::Unreachable)?;
        Ok(Self { client, base: format!("{public_url}/scim/v2") })
    }

    pub fn base(&self) -> &str {
        &self.base
    }

    /// Sends a request with a key. `path` begins with a slash. Its query is escaped here.
    ///
    /// # Errors
    /// [`OwnError`].
    pub async fn send(
        &self,
        method: Method,
        path: &str,
        key: &str,
        agent: Option<&str>,
        body: Option<&Value>,
    ) -> Result<OwnResponse, OwnError> {
        let url = Url::parse(&[&self.base, path].concat()).map_err(|_| OwnError::Unreachable)?;
        let mut request = self.client.request(method, url).bearer_auth(key);
        if let Some(agent) = agent {
            request = request.header(header::USER_AGENT, agent);
        }
        if let Some(body) = body {
            request = request.header(header::CONTENT_TYPE, "application/scim+json").body(body.to_string());
        }
        let answer = request.send().await.map_err(|error| failed(&error))?;
        let header_text = |name: header::HeaderName| {
            answer.headers().get(name).and_then(|value| value.to_str().ok()).map(str::to_owned)
        };
        let mut response = OwnResponse {
            status: answer.status().as_u16(),
            content_type: header_text(header::CONTENT_TYPE).unwrap_or_default(),
            server: header_text(header::SERVER),
            location: header_text(header::LOCATION).filter(|_| answer.status().is_redirection()),
            body: String::new(),
        };
        let mut bytes = Vec::new();
        let mut stream = answer;
        while let Some(chunk) = stream.chunk().await.map_err(|error| failed(&error))? {
            if bytes.len() + chunk.len() > BODY_MAX {
                return Err(OwnError::TooLong);
            }
            bytes.extend_from_slice(&chunk);
        }
        response.body = String::from_utf8(bytes).unwrap_or_default();
        Ok(response)
    }
}

fn failed(error: &reqwest::Error) -> OwnError {
    if error.is_timeout() { OwnError::Timeout } else { OwnError::Unreachable }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_sent_over_tls_or_within_the_machine() {
        for url in ["https://rollcall.example.com", "http://localhost:3000", "http://127.0.0.1:1", "http://[::1]:1"] {
            assert!(Own::new(url).is_ok(), "{url}");
        }
        for url in ["http://rollcall.example.com", "http://10.0.0.1", "http://localhost.example.com"] {
            assert_eq!(Own::new(url).err(), Some(OwnError::NotHttps), "{url}");
        }
    }
}
