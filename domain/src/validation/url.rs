//! Addresses of identity providers: absolute https URLs (RFC 3986).

use crate::validation::{field_error::FieldError, text};
use std::net::{Ipv4Addr, Ipv6Addr};

/// Upper bound of the characters of a URL.
pub const MAX: usize = 2048;

/// Checks an absolute https URL with a host, at most 2,048 characters. Returns it with a lower-case scheme.
///
/// Only the characters of RFC 3986 are accepted, and no user name or password before the host. The address ends up in
/// redirects and in requests of the server, where a reader and a program must see the same host.
///
/// # Errors
/// [`FieldError::Missing`] with `what`, [`FieldError::TooLong`], [`FieldError::InvisibleCharacters`],
/// [`FieldError::NotHttps`], [`FieldError::NotAUrl`].
pub fn https_url(typed: &str, what: &str) -> Result<String, FieldError> {
    let url = text::bounded(typed, what, MAX)?;
    let (scheme, rest) = url.split_once("://").ok_or(FieldError::NotAUrl)?;
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    if !is_scheme(scheme) || !rest.bytes().all(may_stand_in_url) || !is_authority(authority) {
        return Err(FieldError::NotAUrl);
    }
    if !scheme.eq_ignore_ascii_case("https") {
        return Err(FieldError::NotHttps);
    }
    Ok(format!("https://{rest}"))
}

/// Checks an OpenID Connect issuer: an https URL without query and fragment (OpenID Connect Discovery 1.0, section 3), or one on
/// `http://localhost`.
///
/// # Errors
/// Those of [`https_url`], and [`FieldError::IssuerNotPlain`].
pub fn issuer(typed: &str) -> Result<String, FieldError> {
    let trimmed = typed.trim();
    // A provider on this machine, for trying out: the server only connects there if it is on localhost itself.
    let url = match trimmed.strip_prefix("http://localhost") {
        Some(rest) if rest.is_empty() || rest.starts_with([':', '/']) => {
            https_url(&["https://localhost", rest].concat(), "the issuer")?.replacen("https", "http", 1)
        }
        _ => https_url(typed, "the issuer")?,
    };
    if url.contains(['?', '#']) { Err(FieldError::IssuerNotPlain) } else { Ok(url) }
}

/// RFC 3986, section 3.1.
fn is_scheme(scheme: &str) -> bool {
    scheme.starts_with(|c: char| c.is_ascii_alphabetic())
        && scheme.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'-' | b'.'))
}

/// RFC 3986, section 2.
const fn may_stand_in_url(byte: u8) -> bool {
    byte.is_ascii_graphic() && !matches!(byte, b'"' | b'<' | b'>' | b'\\' | b'^' | b'`' | b'{' | b'|' | b'}')
}

/// A host and an optional port, without user name and password.
fn is_authority(authority: &str) -> bool {
    // An IPv6 address is in brackets, because it contains colons.
    if let Some((address, after)) = authority.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        return address.parse::<Ipv6Addr>().is_ok()
            && (after.is_empty() || after.strip_prefix(':').is_some_and(is_port));
    }
    let (host, port) = match authority.split_once(':') {
        Some((host, port)) => (host, Some(port)),
        None => (authority, None),
    };
    is_host(host) && port.is_none_or(is_port)
}

/// 1 to 65535.
fn is_port(port: &str) -> bool {
    port.bytes().all(|b| b.is_ascii_digit()) && port.parse::<u16>().is_ok_and(|port| port > 0)
}

/// A name of at most 253 characters or an IPv4 address. A last label of digits makes it an address, as in browsers.
fn is_host(host: &str) -> bool {
    let name = host.strip_suffix('.').unwrap_or(host);
    match name.rsplit('.').next() {
        Some(last) if last.bytes().all(|b| b.is_ascii_digit()) => name.parse::<Ipv4Addr>().is_ok(),
        _ => name.len() <= 253 && name.split('.').all(is_label),
    }
}

/// One label of a host name. The underscore is not part of RFC 1123, but many internal names contain it.
fn is_label(label: &str) -> bool {
    (1..=63).contains(&label.len())
        && !label.starts_with('-')
        && !label.ends_with('-')
        && label.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'))
}
