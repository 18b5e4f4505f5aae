//! The names that providers have for Rollcall's addresses in their consoles.

use domain::sso::{Protocol, SsoProvider};

/// The names of the fields in a provider's console.
pub(super) struct FieldLabels {
    pub(super) entity_id: &'static str,
    pub(super) acs: &'static str,
    pub(super) redirect_uri: &'static str,
    pub(super) start: &'static str,
    /// Were these names found in the provider's documentation?
    pub(super) is_known: bool,
}

/// The terms of the protocols' specifications.
const STANDARD: FieldLabels = FieldLabels {
    entity_id: "Entity ID",
    acs: "Assertion consumer service (ACS) URL",
    redirect_uri: "Redirect URI",
    start: "Start URL, for a tile",
    is_known: false,
};

pub(super) const fn of(provider: SsoProvider, protocol: Protocol) -> FieldLabels {
    match (provider, protocol) {
        (SsoProvider::Okta, _) => FieldLabels {
            entity_id: "Audience URI (SP Entity ID)",
            acs: "Single sign-on URL",
            redirect_uri: "Sign-in redirect URIs",
            start: match protocol {
                Protocol::Oidc => "Initiate login URI",
                Protocol::Saml => STANDARD.start,
            },
            is_known: true,
        },
        (SsoProvider::Entra, _) => FieldLabels {
            entity_id: "Identifier (Entity ID)",
            acs: "Reply URL (Assertion Consumer Service URL)",
            redirect_uri: "Redirect URI",
            start: match protocol {
                Protocol::Oidc => STANDARD.start,
                Protocol::Saml => "Sign on URL",
            },
            is_known: true,
        },
        (SsoProvider::Google, Protocol::Oidc) => {
            FieldLabels { redirect_uri: "Authorized redirect URI", is_known: true, ..STANDARD }
        }
        _ => STANDARD,
    }
}
