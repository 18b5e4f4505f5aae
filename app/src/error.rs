//! Why the server did not do what a page asked for, as a sentence and as an HTTP status.

use domain::{Error, provisioning::ProvisioningDenial, validation::field_error::FieldErrors};
use leptos::server_fn::{
    codec::JsonEncoding,
    error::{FromServerFnError, ServerFnErrorErr},
};
use serde::{Deserialize, Serialize};
use std::fmt;

/// Why the server did not do what a page asked for: the use case refused it, or the request never got that far.
/// Nothing was changed when one of these comes back. `Display` is the sentence that people read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AppError {
    /// The use case refused it.
    Domain(Error),
    /// The request is larger than allowed.
    TooLarge,
    /// The body came with this `Content-Encoding`, which is not supported.
    Encoded(String),
    /// The body took too long to arrive.
    TooSlow,
    /// The team has the maximum number of exports under way.
    TooManyExports(usize),
    /// The server is overloaded.
    Busy,
    /// The server could not be reached.
    Unreachable,
}

impl fmt::Display for AppError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            AppError::Domain(error) => write_sentence(error, f),
            AppError::TooLarge => f.write_str("That is more than can be sent at once; nothing was changed."),
            AppError::Encoded(encoding) => {
                write!(f, "The server doesn't accept Content-Encoding: {encoding}. Send the form without it.")
            }
            AppError::TooSlow => f.write_str(
                "The form took too long to arrive. Check your connection and try again; nothing was changed.",
            ),
            AppError::TooManyExports(max) => write!(
                f,
                "{max} exports of this team are already running. Wait until one of them ends, then try again."
            ),
            AppError::Busy => f.write_str("The change wasn't saved because the server is busy. Try again in a moment."),
            AppError::Unreachable => {
                f.write_str("The change wasn't saved, because the server couldn't be reached. Try again.")
            }
        }
    }
}

impl std::error::Error for AppError {}

fn write_sentence(error: &Error, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    f.write_str(match error {
        Error::SignedOut => "Your session ended. Sign in again; nothing was changed.",
        Error::VerifyAgain => "Confirm that it is you, then try again; nothing was changed.",
        Error::Forbidden => "Only Admins and Super Admins can do this.",
        Error::NotFound => "This is no longer there. The page now shows what is.",
        Error::Denied(denial) => return write!(f, "{denial}"),
        Error::Invalid(_) => "Some fields need another look.",
        Error::NotConfigured => "Configure this method before you enable it.",
        Error::ConfirmSecondMethod(_) => {
            "SCIM provisioning is on and works with one SSO method. Confirm that you want a second one."
        }
        Error::ScimOff => "Turn on SCIM provisioning first.",
        Error::TooManyKeys(max) => {
            return write!(f, "This team has {max} active keys, the most there can be. Revoke one first.");
        }
        Error::TooManyMethods(max) => {
            return write!(f, "This team has {max} SSO methods, the most there can be. Delete one first.");
        }
        Error::KeyEnded => "This key no longer works, so there is nothing left to change.",
        Error::KeyReplaced => "This key was rolled already. Roll the one that replaced it.",
        Error::Malformed => "The form could not be read. Reload the page and try again; nothing was changed.",
        Error::Unavailable => {
            "The change wasn't saved, because the database couldn't be reached. Try again in a moment."
        }
        Error::Unconfirmed => {
            "The database didn't confirm the change, so it may have been saved or not. Reload the page to see."
        }
        Error::Quota(quota) => return write!(f, "Nothing was saved: {quota}."),
        Error::Internal => "The change wasn't saved, because of a fault in Rollcall. Try again, or tell your operator.",
    })
}

impl AppError {
    /// The HTTP status of an answer with this error.
    pub const fn status(&self) -> u16 {
        match self {
            AppError::Domain(error) => status(error),
            AppError::TooSlow => 408,
            AppError::TooLarge => 413,
            AppError::Encoded(_) => 415,
            AppError::TooManyExports(_) => 429,
            AppError::Unreachable | AppError::Busy => 503,
        }
    }
}

/// The HTTP status of an answer with this error.
pub const fn status(error: &Error) -> u16 {
    match error {
        Error::SignedOut | Error::VerifyAgain => 401,
        Error::Forbidden | Error::Denied(_) | Error::Quota(_) => 403,
        Error::NotFound => 404,
        Error::ConfirmSecondMethod(_)
        | Error::ScimOff
        | Error::TooManyKeys(_)
        | Error::TooManyMethods(_)
        | Error::KeyEnded
        | Error::KeyReplaced
        | Error::NotConfigured => 409,
        Error::Malformed => 400,
        Error::Invalid(_) => 422,
        Error::Unavailable | Error::Unconfirmed => 503,
        Error::Internal => 500,
    }
}

impl From<Error> for AppError {
    fn from(error: Error) -> Self {
        AppError::Domain(error)
    }
}

impl From<ProvisioningDenial> for AppError {
    fn from(denial: ProvisioningDenial) -> Self {
        Error::from(denial).into()
    }
}

impl From<FieldErrors> for AppError {
    fn from(problems: FieldErrors) -> Self {
        Error::from(problems).into()
    }
}

impl FromServerFnError for AppError {
    type Encoder = JsonEncoding;

    fn from_server_fn_error(error: ServerFnErrorErr) -> Self {
        match error {
            ServerFnErrorErr::Request(_) => AppError::Unreachable,
            ServerFnErrorErr::Args(_) | ServerFnErrorErr::MissingArg(_) | ServerFnErrorErr::Serialization(_) => {
                Error::Malformed.into()
            }
            _ => Error::Internal.into(),
        }
    }
}
