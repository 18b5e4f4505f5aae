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
            AppError::TooLarge => f.write_str("That's over the size limit. Nothing was changed."),
            AppError::Encoded(encoding) => {
                write!(f, "The server doesn't accept Content-Encoding: {encoding}. Send the form without it.")
            }
            AppError::TooSlow => f.write_str(
                "The form took too long to arrive, so nothing was changed. Check your connection and try again.",
            ),
            AppError::TooManyExports(max) => write!(
                f,
                "This team already has {max} exports running, which is the limit. Try again when one of them ends."
            ),
            AppError::Busy => {
                f.write_str("Your change wasn't saved because the server is busy. Try again in a moment.")
            }
            AppError::Unreachable => f.write_str(
                "Your change wasn't saved because the server couldn't be reached. Check your connection and try again.",
            ),
        }
    }
}

impl std::error::Error for AppError {}

fn write_sentence(error: &Error, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    f.write_str(match error {
        Error::SignedOut => "Your session ended and nothing was changed. Sign in again.",
        Error::VerifyAgain => "Confirm it's you, then try again. Nothing was changed.",
        Error::Forbidden => "Only Admins and Super Admins can do this.",
        Error::NotFound => "This no longer exists. The page is up to date now.",
        Error::Denied(denial) => return write!(f, "{denial}"),
        Error::Invalid(_) => "Check the highlighted fields.",
        Error::NotConfigured => "Configure this method before you enable it.",
        Error::ConfirmSecondMethod(_) => {
            "SCIM provisioning needs exactly one enabled SSO method. Confirm that you want to enable a second."
        }
        Error::ScimOff => "Turn on SCIM provisioning first.",
        Error::TooManyKeys(max) => {
            return write!(f, "This team already has {max} active keys, which is the limit. Revoke one first.");
        }
        Error::TooManyMethods(max) => {
            return write!(f, "This team already has {max} SSO methods, which is the limit. Delete one first.");
        }
        Error::KeyEnded => "This key has already stopped working.",
        Error::KeyReplaced => "This key was already rolled. Roll its replacement instead.",
        Error::Malformed => "The form couldn't be read, so nothing was changed. Reload the page and try again.",
        Error::Unavailable => {
            "Your change wasn't saved because the database isn't available. Try again in a moment."
        }
        Error::Unconfirmed => {
            "The database didn't confirm your change, so it may not have been saved. Reload the page to check."
        }
        Error::Quota(quota) => return write!(f, "Nothing was saved: {quota}."),
        Error::Internal => "Your change wasn't saved because of a server error. Try again. If it keeps happening, tell the operator of this server.",
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
