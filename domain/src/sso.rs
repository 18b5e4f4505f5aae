//! SSO methods: the kinds, their fields, and what each field must be.

mod form;

pub use crate::url::{https_url, issuer};
pub use form::{CheckedMethod, CheckedSettings, Known, MethodForm, metadata_shape, method_name};

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
pub enum Provider {
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

impl Provider {
    /// Every provider, in the order in which it is offered.
    pub const ALL: [Provider; 10] = [
        Provider::Okta,
        Provider::Entra,
        Provider::Adfs,
        Provider::Google,
        Provider::Onelogin,
        Provider::Ping,
        Provider::Duo,
        Provider::Jumpcloud,
        Provider::CustomSaml,
        Provider::CustomOidc,
    ];

    /// The name that people read.
    pub const fn label(self) -> &'static str {
        match self {
            Provider::Okta => "Okta",
            Provider::Entra => "Microsoft Entra ID",
            Provider::Adfs => "AD FS",
            Provider::Google => "Google Workspace",
            Provider::Onelogin => "OneLogin",
            Provider::Ping => "Ping Identity",
            Provider::Duo => "Duo",
            Provider::Jumpcloud => "JumpCloud",
            Provider::CustomSaml => "Custom SAML",
            Provider::CustomOidc => "Custom OpenID Connect",
        }
    }

    /// The name in the database, in forms and on the command line.
    pub const fn name(self) -> &'static str {
        match self {
            Provider::Okta => "okta",
            Provider::Entra => "entra",
            Provider::Adfs => "adfs",
            Provider::Google => "google",
            Provider::Onelogin => "onelogin",
            Provider::Ping => "ping",
            Provider::Duo => "duo",
            Provider::Jumpcloud => "jumpcloud",
            Provider::CustomSaml => "custom_saml",
            Provider::CustomOidc => "custom_oidc",
        }
    }

    /// From the name.
    pub fn parse(name: &str) -> Option<Self> {
        Provider::ALL.into_iter().find(|provider| provider.name() == name)
    }

    /// The protocols it can be set up with, the usual one first.
    pub const fn protocols(self) -> &'static [Protocol] {
        match self {
            Provider::Adfs | Provider::Duo | Provider::CustomSaml => &[Protocol::Saml],
            Provider::CustomOidc => &[Protocol::Oidc],
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
    pub provider: Provider,
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
