//! SSO methods: providers, protocols, settings and the rules for their fields.

mod certificate_warning;
mod change;
mod failure;
mod form;
mod link;
mod link_rule;

pub use crate::validation::url::{https_url, issuer};
pub use certificate_warning::CertificateWarning;
pub use change::SsoChange;
pub use failure::{SsoFact, SsoFailure};
pub use form::{CheckedMethod, CheckedSettings, MethodContext, MethodForm, metadata_shape, method_name};
pub use link::{
    AccountLink, CreationAllowed, EmailVerified, LinkAttribute, LinkCandidate, LinkDecision, LinkFacts, LinkRule,
    SUBJECT_MAX, review_link, review_linked,
};
pub use link_rule::{LinkRuleForm, NAME_ID, claim, default_claim, default_identifier};

use crate::{UnixMs, id::MethodId, provisioning::EnabledMethod};
use serde::{Deserialize, Serialize};

/// Upper bound of a team's SSO methods.
pub const MAX_METHODS: usize = 20;
/// The longest metadata XML, in bytes.
pub const METADATA_MAX: usize = 256 * 1024;

crate::names! {
    /// The protocol of an SSO method. The names are in the database, in forms and on the command line.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
    #[serde(rename_all = "lowercase")]
    pub enum Protocol {
        /// SAML 2.0.
        Saml = "saml",
        /// OpenID Connect.
        Oidc = "oidc",
    }
}

impl Protocol {
    /// The label on pages.
    pub const fn label(self) -> &'static str {
        match self {
            Protocol::Saml => "SAML 2.0",
            Protocol::Oidc => "OpenID Connect",
        }
    }
}

crate::names! {
    /// The provider of a sign-in, in the order of the menu. The names are in the database, in forms and on the command
    /// line.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
    #[serde(rename_all = "snake_case")]
    pub enum SsoProvider {
        /// Okta.
        Okta = "okta",
        /// Microsoft Entra ID.
        Entra = "entra",
        /// Active Directory Federation Services.
        Adfs = "adfs",
        /// Google Workspace.
        Google = "google",
        /// OneLogin.
        Onelogin = "onelogin",
        /// Ping Identity.
        Ping = "ping",
        /// Duo.
        Duo = "duo",
        /// JumpCloud.
        Jumpcloud = "jumpcloud",
        /// Any other provider with SAML 2.0.
        CustomSaml = "custom_saml",
        /// Any other provider with OpenID Connect.
        CustomOidc = "custom_oidc",
    }
}

impl SsoProvider {
    /// The label on pages.
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

    /// The supported protocols, the default first.
    pub const fn protocols(self) -> &'static [Protocol] {
        match self {
            SsoProvider::Adfs | SsoProvider::Duo | SsoProvider::CustomSaml => &[Protocol::Saml],
            SsoProvider::CustomOidc => &[Protocol::Oidc],
            _ => &[Protocol::Saml, Protocol::Oidc],
        }
    }
}

/// An SSO method as the page shows it. It never contains a client secret.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SsoMethod {
    /// The method's id.
    pub id: MethodId,
    /// Its name, unique in the team.
    pub name: String,
    /// Who provides the sign-in.
    pub provider: SsoProvider,
    /// The protocol.
    pub protocol: Protocol,
    /// Can members sign in with it?
    pub enabled: bool,
    /// The settings; `None` after "Configure later".
    pub settings: Option<Settings>,
}

impl SsoMethod {
    /// The provider in sentences: its product, or the method's name for any other provider.
    pub fn provider_name(&self) -> &str {
        match self.provider {
            SsoProvider::CustomSaml | SsoProvider::CustomOidc => &self.name,
            provider => provider.label(),
        }
    }

    /// The facts for the provisioning policy, if the method is enabled.
    pub fn as_enabled(&self) -> Option<EnabledMethod> {
        self.enabled.then(|| EnabledMethod { id: self.id.clone(), name: self.name.clone() })
    }
}

/// The enabled methods among these.
pub fn enabled(methods: &[SsoMethod]) -> Vec<EnabledMethod> {
    methods.iter().filter_map(SsoMethod::as_enabled).collect()
}

/// The settings of a method, without its secrets.
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
        /// The time of the certificate's expiry.
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
