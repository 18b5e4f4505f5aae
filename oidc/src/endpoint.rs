//! Addresses of a provider.

use crate::{error::OidcError, excerpt::excerpt};
use std::fmt;
use url::Url;

/// The URL of an endpoint: https, with a host, without user, password and fragment. A provider on this machine, whose issuer is on
/// `http://localhost`, may have such endpoints too. Whether its address is public is
/// checked at each request, because names resolve differently over time.
#[derive(Clone, PartialEq, Eq)]
pub struct Endpoint(Url);

impl Endpoint {
    /// Parses the value of a member of the metadata. `allows_localhost`: whether the issuer is on `http://localhost`.
    ///
    /// # Errors
    /// [`OidcError::EndpointInvalid`].
    pub fn parse(name: &'static str, text: &str, allows_localhost: bool) -> Result<Self, OidcError> {
        let local = if allows_localhost { localhost_url(text) } else { None };
        https_url(text).or(local).map(Self).ok_or_else(|| OidcError::EndpointInvalid { name, received: excerpt(text) })
    }

    /// The URL.
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }

    /// A copy with these parameters after those that the URL has already.
    pub(crate) fn with_parameters<'a>(&self, parameters: impl IntoIterator<Item = (&'a str, &'a str)>) -> String {
        let mut url = self.0.clone();
        url.query_pairs_mut().extend_pairs(parameters);
        url.into()
    }
}

impl fmt::Display for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Endpoint").field(&self.as_str()).finish()
    }
}

/// Parses a URL on `http://localhost`, which leaves no network interface. It is for trying out a provider on the same machine.
pub(crate) fn localhost_url(text: &str) -> Option<Url> {
    let rest = text.strip_prefix("http://localhost")?;
    if !rest.is_empty() && !rest.starts_with([':', '/']) {
        return None;
    }
    let url = https_url(&["https://localhost", rest].concat())?;
    Url::parse(&["http", url.as_str().strip_prefix("https")?].concat()).ok()
}

/// Parses an https URL with a host, without user, password and fragment. Spaces and control characters are refused,
/// because URL parsers remove them.
pub(crate) fn https_url(text: &str) -> Option<Url> {
    if text.len() > 2048 || text.contains(|c: char| c.is_whitespace() || c.is_control() || c == '\\') {
        return None;
    }
    // Parsers also accept `https:host`, `https:///host` and an empty user.
    let (scheme, rest) = text.split_at_checked(8)?;
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    if !scheme.eq_ignore_ascii_case("https://") || authority.is_empty() || authority.contains('@') {
        return None;
    }
    let url = Url::parse(text).ok()?;
    (url.scheme() == "https" && url.has_host() && url.fragment().is_none()).then_some(url)
}
