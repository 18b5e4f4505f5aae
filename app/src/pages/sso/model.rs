//! The pages of a sign-in through an SSO method.

use domain::{
    UnixMs,
    sso::{SsoFailure, SsoProvider},
};
use serde::{Deserialize, Serialize};

/// A failed sign-in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SsoFailurePage {
    /// The method's name.
    pub method: String,
    pub provider: SsoProvider,
    /// The name and slug of the team.
    pub team: (String, String),
    pub failure: SsoFailure,
    /// The person's account at the identity provider, if the response was verified.
    pub account: Option<String>,
    /// The value that the text names, by failure. `NoMatch`: the label of the member's attribute, unless the method creates
    /// members or the member has not accepted the invite. `TwoMatch`: the label of the attribute. `Refused`: the identity
    /// provider's error code. `NoSeat`: the number of the team's seats.
    pub detail: Option<String>,
    /// The time of the deactivation.
    pub deactivated_at: Option<UnixMs>,
    /// The difference of the clocks in seconds. It is positive if the identity provider's is ahead.
    pub clock_difference: Option<i64>,
    /// The reference of the entry in the activity log: "7Q2F-K81D".
    pub reference: String,
    /// The URL that starts the sign-in again. `ConfirmLink`: the page for the password.
    pub retry: String,
    /// The URL that starts the sign-in and lets the person choose another account, if the identity provider supports it.
    pub other_account: Option<String>,
}

/// The page that leads to the identity provider.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SsoContinue {
    /// The method's name.
    pub method: String,
    /// The name and slug of the team.
    pub team: Option<(String, String)>,
    /// The entered email address.
    pub email: Option<String>,
    /// The URL of the next step: a local path. The page leads there without a click, unless there is a form.
    pub href: String,
    /// The form for an identity provider that does not accept redirects.
    pub post: Option<SsoPost>,
}

/// A request to the identity provider as a form (HTTP-POST binding). Its origin has to be in `form-action` of the
/// Content-Security-Policy.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SsoPost {
    /// The identity provider's URL.
    pub action: String,
    pub fields: Vec<(String, String)>,
}

/// The sign-out at the identity provider, after the one here.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SsoSignOut {
    /// The method's name.
    pub method: String,
    /// The URL at the identity provider.
    pub href: String,
}

/// The confirmation of a link between a member and an account of the identity provider.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SsoConfirm {
    /// The method's name.
    pub method: String,
    /// The account at the identity provider.
    pub account: String,
    /// The member's display name.
    pub member: String,
    /// The URL of the form that links them.
    pub action: String,
    /// The page after a cancellation.
    pub cancel: String,
}
