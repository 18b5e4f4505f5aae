//! Why something was not done: one closed enum, from the service to the sentence on the page.

use domain::{
    problem::Problems,
    provisioning::{Denial, EnabledMethod},
};
use leptos::server_fn::{
    codec::JsonEncoding,
    error::{FromServerFnError, ServerFnErrorErr},
};
use serde::{Deserialize, Serialize};

/// Why something was not done. Nothing was changed when one of these comes back. `Display` is the sentence that people
/// read; what went wrong inside stays in the log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
pub enum Failure {
    /// The session ended: sign in, then come back.
    #[error("Your session ended. Sign in again; nothing was changed.")]
    SignedOut,
    /// The last proof of who this is is older than 15 minutes.
    #[error("Confirm that it is you, then try again; nothing was changed.")]
    VerifyAgain,
    /// The role does not allow it.
    #[error("Only Admins and Super Admins can do this.")]
    Forbidden,
    /// No such team, method or key, or not this team's.
    #[error("This is no longer there. The page now shows what is.")]
    NotFound,
    /// The rule says no: every reason.
    #[error("{0}")]
    Denied(Denial),
    /// Something typed is wrong.
    #[error("Some fields need another look.")]
    Invalid(Problems),
    /// The method has to be configured before it can be enabled.
    #[error("Configure this method before you enable it.")]
    NotConfigured,
    /// SCIM provisioning is on and this would be a second enabled SSO method: ask first.
    #[error("SCIM provisioning is on and works with one SSO method. Confirm that you want a second one.")]
    ConfirmSecondMethod(Vec<EnabledMethod>),
    /// SCIM provisioning is off: there is nothing to make a key for.
    #[error("Turn on SCIM provisioning first.")]
    ScimOff,
    /// The team has as many usable keys as it may.
    #[error("This team has {0} active keys, the most there can be. Revoke one first.")]
    TooManyKeys(usize),
    /// The team has as many methods as it may.
    #[error("This team has {0} SSO methods, the most there can be. Delete one first.")]
    TooManyMethods(usize),
    /// The key no longer works, so it can be neither rolled nor revoked.
    #[error("This key no longer works, so there is nothing left to change.")]
    KeyEnded,
    /// The key was rolled already.
    #[error("This key was rolled already. Roll the one that replaced it.")]
    KeyReplaced,
    /// The request could not be understood.
    #[error("The form could not be read. Reload the page and try again; nothing was changed.")]
    Malformed,
    /// Too much was sent.
    #[error("That is more than can be sent at once; nothing was changed.")]
    TooLarge,
    /// The body came with this `Content-Encoding`, which is not understood.
    #[error("The server doesn't accept Content-Encoding: {0}. Send the form without it.")]
    Encoded(String),
    /// The body took too long to arrive.
    #[error("The form took too long to arrive. Check your connection and try again; nothing was changed.")]
    TooSlow,
    /// The team has as many exports under way as it may.
    #[error("{0} exports of this team are already running. Wait until one of them ends, then try again.")]
    TooManyExports(usize),
    /// The server has more to do than it can.
    #[error("The change wasn't saved because the server is busy. Try again in a moment.")]
    Busy,
    /// The server could not be reached.
    #[error("The change wasn't saved, because the server couldn't be reached. Try again.")]
    Unreachable,
    /// The database could not be reached.
    #[error("The change wasn't saved, because the database couldn't be reached. Try again in a moment.")]
    Unavailable,
    /// The database stopped answering while the change was being saved.
    #[error("The database didn't confirm the change, so it may have been saved or not. Reload the page to see.")]
    Unconfirmed,
    /// The team may not store more: which limit, and who can raise it.
    #[error("Nothing was saved: {0}.")]
    Quota(String),
    /// Something is broken on the server; the log says what.
    #[error("The change wasn't saved, because of a fault in Rollcall. Try again, or tell your operator.")]
    Internal,
}

impl Failure {
    /// The HTTP status of an answer that says this.
    pub const fn status(&self) -> u16 {
        match self {
            Failure::SignedOut | Failure::VerifyAgain => 401,
            Failure::Forbidden | Failure::Denied(_) | Failure::Quota(_) => 403,
            Failure::NotFound => 404,
            Failure::ConfirmSecondMethod(_)
            | Failure::ScimOff
            | Failure::TooManyKeys(_)
            | Failure::TooManyMethods(_)
            | Failure::KeyEnded
            | Failure::KeyReplaced
            | Failure::NotConfigured => 409,
            Failure::Malformed => 400,
            Failure::TooSlow => 408,
            Failure::TooLarge => 413,
            Failure::Encoded(_) => 415,
            Failure::Invalid(_) => 422,
            Failure::TooManyExports(_) => 429,
            Failure::Unreachable | Failure::Unavailable | Failure::Busy | Failure::Unconfirmed => 503,
            Failure::Internal => 500,
        }
    }
}

impl From<Denial> for Failure {
    fn from(denial: Denial) -> Self {
        Failure::Denied(denial)
    }
}

impl From<Problems> for Failure {
    fn from(problems: Problems) -> Self {
        Failure::Invalid(problems)
    }
}

impl FromServerFnError for Failure {
    type Encoder = JsonEncoding;

    fn from_server_fn_error(error: ServerFnErrorErr) -> Self {
        match error {
            ServerFnErrorErr::Request(_) => Failure::Unreachable,
            ServerFnErrorErr::Args(_) | ServerFnErrorErr::MissingArg(_) | ServerFnErrorErr::Serialization(_) => {
                Failure::Malformed
            }
            _ => Failure::Internal,
        }
    }
}
