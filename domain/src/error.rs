//! Why something was not done: one closed enum for every use case, without HTTP and without the words of a page. Pages, SCIM
//! API and command line each word it where they show it.

use crate::{
    provisioning::{EnabledMethod, ProvisioningDenial},
    validation::field_error::FieldErrors,
};
use serde::{Deserialize, Serialize};

/// Why something was not done. Nothing was changed when one of these comes back. `Display` is for logs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
pub enum Error {
    /// Nobody is signed in.
    #[error("not signed in")]
    SignedOut,
    /// The last proof of identity is older than 15 minutes.
    #[error("identity not confirmed recently")]
    VerifyAgain,
    /// The role does not allow it.
    #[error("forbidden for this role")]
    Forbidden,
    /// There is no such thing in this team.
    #[error("not found")]
    NotFound,
    /// The rule refuses it: every reason.
    #[error("{0}")]
    Denied(ProvisioningDenial),
    /// The input breaks the rules of its fields.
    #[error("{0}")]
    Invalid(FieldErrors),
    /// The input cannot be read at all.
    #[error("malformed input")]
    Malformed,
    /// The method has to be configured before it can be enabled.
    #[error("the SSO method is not configured")]
    NotConfigured,
    /// SCIM provisioning is on and this would be a second enabled SSO method, which has to be confirmed.
    #[error("a second enabled SSO method is not confirmed")]
    ConfirmSecondMethod(Vec<EnabledMethod>),
    /// SCIM provisioning is off, so no key can be generated.
    #[error("SCIM provisioning is off")]
    ScimOff,
    /// The team has the maximum number of usable keys.
    #[error("the team has the maximum of {0} active keys")]
    TooManyKeys(usize),
    /// The team has the maximum number of SSO methods.
    #[error("the team has the maximum of {0} SSO methods")]
    TooManyMethods(usize),
    /// The key no longer works, so it can be neither rolled nor revoked.
    #[error("the key no longer works")]
    KeyEnded,
    /// The key was already rolled.
    #[error("the key was already rolled")]
    KeyReplaced,
    /// The team has reached one of its limits for stored data: which one, and who can raise it.
    #[error("{0}")]
    Quota(String),
    /// The database is not available.
    #[error("the database is not available")]
    Unavailable,
    /// The database stopped answering during the commit, so the outcome is unknown.
    #[error("the database did not confirm the change")]
    Unconfirmed,
    /// An internal error; the log has the details.
    #[error("internal error")]
    Internal,
}

impl From<ProvisioningDenial> for Error {
    fn from(denial: ProvisioningDenial) -> Self {
        Error::Denied(denial)
    }
}

impl From<FieldErrors> for Error {
    fn from(problems: FieldErrors) -> Self {
        Error::Invalid(problems)
    }
}
