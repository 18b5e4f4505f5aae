//! How two issuers differ, so that a page can name the remedy.

/// How the received issuer differs from the configured one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IssuerDifference {
    /// Only in the final slash.
    FinalSlash,
    /// Only in letter case.
    LetterCase,
    /// The received issuer is a template, such as that of Entra ID's `common` endpoint.
    Placeholder,
    /// Both are issuers of Entra ID, and the tenant differs. The received one has the tenant's GUID.
    EntraTenant,
    /// The received issuer is that of Entra ID's tokens of version 1.
    EntraVersion1,
    /// In another way.
    Other,
}

impl IssuerDifference {
    /// Compares two issuers that are not equal.
    pub fn between(expected: &str, received: &str) -> Self {
        let without_slash = |issuer| str::strip_suffix(issuer, "/").unwrap_or(issuer);
        if is_template(received) {
            Self::Placeholder
        } else if without_slash(expected) == without_slash(received) {
            Self::FinalSlash
        } else if expected.eq_ignore_ascii_case(received) {
            Self::LetterCase
        } else if is_entra(expected) && received.starts_with("https://sts.windows.net/") {
            Self::EntraVersion1
        } else if is_entra(expected) && is_entra(received) {
            Self::EntraTenant
        } else {
            Self::Other
        }
    }
}

/// Whether an issuer contains a placeholder such as `{tenantid}`.
pub(crate) fn is_template(issuer: &str) -> bool {
    issuer.contains(['{', '}'])
}

/// The tenant in an issuer of Entra ID, in any of its clouds.
pub(crate) fn entra_tenant(issuer: &str) -> Option<&str> {
    const HOSTS: [&str; 3] = [
        "https://login.microsoftonline.com/",
        "https://login.microsoftonline.us/",
        "https://login.partner.microsoftonline.cn/",
    ];
    let path = HOSTS.iter().find_map(|host| issuer.strip_prefix(host))?;
    path.split('/').next()
}

fn is_entra(issuer: &str) -> bool {
    entra_tenant(issuer).is_some()
}
