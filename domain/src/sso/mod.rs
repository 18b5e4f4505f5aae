//! SSO methods: the kinds, their fields, and what each field must be.

mod form;

pub use crate::validation::url::{https_url, issuer};
pub use form::{CheckedMethod, CheckedSettings, MethodContext, MethodForm, metadata_shape, method_name};

use crate::{UnixMs, id::MethodId, provisioning::EnabledMethod};
use serde::{Deserialize, Serialize};

/// The most SSO methods a team may have.
pub const MAX_METHODS: usize = 20;
/// The longest metadata XML, in bytes.
pub const METADATA_MAX: usize = 256 * 1024;

/// The protocol of an SSO method.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Protocol {
    /// SAML 2.0.
    Saml,
    /// OpenID Connect.
    Oidc,
}

impl Protocol {
    /// The name that people read.
    pub const fn label(self) -> &'static str {
        match self {
            Protocol::Saml => "SAML 2.0",
            Protocol::Oidc => "OpenID Connect",
        }
    }

    /// The name in the database and on the command line.
    pub const fn name(self) -> &'static str {
        match self {
            Protocol::Saml => "saml",
            Protocol::Oidc => "oidc",
        }
    }

    /// From the name.
    pub fn parse(name: &str) -> Option<Self> {
        [Protocol::Saml, Protocol::Oidc].into_iter().find(|protocol| protocol.name() == name)
    }
}

/// Who provides the sign-in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SsoProvider {
    /// Okta.
    Okta,
    /// Microsoft Entra ID.
    Entra,
    /// Active Directory Federation Services.
    Adfs,
    /// Google Workspace.
    Google,
    /// OneLogin.
    Onelogin,
    /// Ping Identity.
    Ping,
    /// Duo.
    Duo,
    /// JumpCloud.
    Jumpcloud,
    /// Anything else that speaks SAML 2.0.
    CustomSaml,
    /// Anything else that speaks OpenID Connect.
    CustomOidc,
}

impl SsoProvider {
    /// Every provider, in the order in which it is offered.
    pub const ALL: [SsoProvider; 10] = [
        SsoProvider::Okta,
        SsoProvider::Entra,
        SsoProvider::Adfs,
        SsoProvider::Google,
        SsoProvider::Onelogin,
        SsoProvider::Ping,
        SsoProvider::Duo,
        SsoProvider::Jumpcloud,
        SsoProvider::CustomSaml,
        SsoProvider::CustomOidc,
    ];

    /// The name that people read.
    pub const fn label(self) -> &'static str {
        match self {
            SsoProvider::Okta => "Okta",
            SsoProvider::Entra => "Microsoft Entra ID",
            SsoProvider::Adfs => "AD FS",
            SsoProvider::Google => "Google Workspace",
            SsoProvider::Onelogin => "OneLogin",
            SsoProvider::Ping => "Ping Identity",
            SsoProvider::Duo => "Duo",
            SsoProvider::Jumpcloud => "JumpCloud",
            SsoProvider::CustomSaml => "Custom SAML",
            SsoProvider::CustomOidc => "Custom OpenID Connect",
        }
    }

    /// The name in the database, in forms and on the command line.
    pub const fn name(self) -> &'static str {
        match self {
            SsoProvider::Okta => "okta",
            SsoProvider::Entra => "entra",
            SsoProvider::Adfs => "adfs",
            SsoProvider::Google => "google",
            SsoProvider::Onelogin => "onelogin",
            SsoProvider::Ping => "ping",
            SsoProvider::Duo => "duo",
            SsoProvider::Jumpcloud => "jumpcloud",
            SsoProvider::CustomSaml => "custom_saml",
            SsoProvider::CustomOidc => "custom_oidc",
        }
    }

    /// From the name.
    pub fn parse(name: &str) -> Option<Self> {
        SsoProvider::ALL.into_iter().find(|provider| provider.name() == name)
    }

    /// The protocols it can be set up with, the usual one first.
    pub const fn protocols(self) -> &'static [Protocol] {
        match self {
            SsoProvider::Adfs | SsoProvider::Duo | SsoProvider::CustomSaml => &[Protocol::Saml],
            SsoProvider::CustomOidc => &[Protocol::Oidc],
            _ => &[Protocol::Saml, Protocol::Oidc],
        }
    }
}

/// An SSO method as the page shows it. A client secret is never part of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SsoMethod {
    /// Which one.
    pub id: MethodId,
    /// Its name, unique in the team.
    pub name: String,
    /// Who provides the sign-in.
    pub provider: SsoProvider,
    /// How.
    pub protocol: Protocol,
    /// Can members sign in with it?
    pub enabled: bool,
    /// What was configured; `None` after "Configure later".
    pub settings: Option<Settings>,
}

impl SsoMethod {
    /// What the rule needs to know of it, if it is enabled.
    pub fn as_enabled(&self) -> Option<EnabledMethod> {
        self.enabled.then(|| EnabledMethod { id: self.id.clone(), name: self.name.clone() })
    }
}

/// The enabled ones of a team's methods.
pub fn enabled(methods: &[SsoMethod]) -> Vec<EnabledMethod> {
    methods.iter().filter_map(SsoMethod::as_enabled).collect()
}

/// What a method is configured with, as far as it may be shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Settings {
    /// SAML 2.0.
    Saml {
        /// The identity provider's entity id.
        entity_id: String,
        /// Where sign-in starts (HTTP-Redirect binding).
        sign_in_url: String,
        /// The signing certificate, PEM.
        certificate: String,
        /// When the certificate expires.
        certificate_expires: UnixMs,
    },
    /// OpenID Connect. The secret is stored encrypted and never shown.
    Oidc {
        /// The issuer.
        issuer: String,
        /// The client id.
        client_id: String,
    },
}
