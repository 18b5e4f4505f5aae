//! Errors of pages, as a sentence and an HTTP status.

use domain::{
    Conflict, Denial, Error, Unchanged, error::AdoptionConflict, provisioning::ProvisioningDenial,
    validation::field_error::FieldErrors,
};
#[cfg(feature = "ssr")]
use leptos::server_fn::{
    codec::JsonEncoding,
    error::{FromServerFnError, ServerFnErrorErr},
};
use serde::{Deserialize, Serialize};
use std::fmt;

/// The error of a page's request: a use case refused it, or it never reached one. Nothing has changed. `Display` is the
/// sentence for the page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AppError {
    /// A use case refused it.
    Domain(Error),
    /// The request is larger than allowed.
    TooLarge,
    /// The body has this `Content-Encoding`, which is not supported.
    Encoded(String),
    /// The body took too long to arrive.
    TooSlow,
    /// The team has the maximum number of running exports.
    TooManyExports(usize),
    /// Too many attempts with a password: seconds until the next one.
    TooManyAttempts(i64),
    /// Too many passwords are being hashed: seconds until the next attempt.
    HashingBusy(i64),
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
            AppError::TooManyAttempts(seconds) => {
                let unit = if *seconds == 1 { "second" } else { "seconds" };
                write!(f, "Too many attempts. Try again in {seconds} {unit}.")
            }
            AppError::HashingBusy(seconds) => {
                write!(f, "Too many people are signing in right now. Try again in {} seconds.", (*seconds).max(2))
            }
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
        Error::Denied(denial) => return write_denial(denial, f),
        Error::Invalid(_) => "Check the highlighted fields.",
        Error::Unchanged(unchanged) => unchanged_sentence(*unchanged),
        Error::Conflict(conflict) => return write_conflict(conflict, f),
        Error::ConfirmSecondMethod(_) => {
            "SCIM provisioning needs exactly one enabled SSO method. Confirm that you want to enable a second."
        }
        Error::TooManyKeys(max) => {
            return write!(f, "This team already has {max} active keys, which is the limit. Revoke one first.");
        }
        Error::TooManyMethods(max) => {
            return write!(f, "This team already has {max} SSO methods, which is the limit. Delete one first.");
        }
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

fn write_denial(denial: &Denial, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    match denial {
        Denial::Provisioning(denial) => write!(f, "{denial}"),
        Denial::Member { name, denial } => write!(f, "{name} wasn't changed. {denial}."),
        Denial::Invite(denial) => write!(f, "{denial}."),
        Denial::Team(denial) => write!(f, "{denial}."),
        Denial::SelfService(denial) => write!(f, "{denial}."),
        Denial::Mapping { denial, member } => {
            write!(f, "The role wasn't changed. {}.", denial.sentence(member.as_deref()))
        }
    }
}

const fn unchanged_sentence(unchanged: Unchanged) -> &'static str {
    match unchanged {
        Unchanged::OwnName => "That's already your name.",
        Unchanged::OwnEmail => "That's already your email.",
        Unchanged::NoOtherSession => "You aren't signed in anywhere else.",
        Unchanged::SessionEnded => "That session has already ended.",
        Unchanged::TeamName => "That's already the team's name.",
        Unchanged::TeamSlug => "That's already the team's URL.",
        Unchanged::BreakGlass => "This member is already break-glass.",
        Unchanged::NoBreakGlass => "This member isn't break-glass.",
        Unchanged::Roles => "These roles are already assigned.",
        Unchanged::GroupRole => "No change. The group already assigned this.",
        Unchanged::NoSession => "This member isn't signed in anywhere.",
        Unchanged::NoLink => "That link was already removed.",
        Unchanged::Active => "This member is already active.",
        Unchanged::Deactivated => "This member is already deactivated.",
        Unchanged::Adoption => "This is already confirmed.",
    }
}

fn write_conflict(conflict: &Conflict, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    f.write_str(match conflict {
        Conflict::SlugTaken => "This URL is taken. Choose a different one.",
        Conflict::EmailTaken => "Another member of this team already uses this email. Use a different one.",
        Conflict::UserNameTaken(_) => "Another member of this team already has this userName. Use a different one.",
        Conflict::MemberExists { invited: true, .. } => {
            "This person already has an invite. Open their page to create a new link."
        }
        Conflict::MemberExists { by_email: true, .. } => "A member of this team already uses this email.",
        Conflict::MemberExists { .. } => {
            "A member of this team already has this userName, with a different email or none."
        }
        Conflict::RemovedByProvider => "Your identity provider removed this person, so only it can add them back.",
        Conflict::ManagedByProvider => "Your identity provider manages this member. Deactivate or remove them there.",
        Conflict::OwnMembership => "You can't deactivate or remove yourself. Ask another Admin or Super Admin.",
        Conflict::InviteAccepted => "This person has already joined, so there's no invite to change.",
        Conflict::InvitePending => "This person hasn't joined yet. Create a new link or revoke the invite instead.",
        Conflict::NotAdoptable(AdoptionConflict::ScimOff) => "SCIM provisioning is off. Turn it on first.",
        Conflict::NotAdoptable(AdoptionConflict::Managed) => "An identity provider already manages this member.",
        Conflict::NotAdoptable(AdoptionConflict::Deactivated) => "This member is deactivated. Reactivate them first.",
        Conflict::NotAdoptable(AdoptionConflict::NotNeeded) => "Only Admins and Super Admins need a confirmation.",
        Conflict::MethodNotConfigured => "Configure this method before you enable it.",
        Conflict::ScimOff => "Turn on SCIM provisioning first.",
        Conflict::KeyEnded => "This key has already stopped working.",
        Conflict::KeyReplaced => "This key was already rolled. Roll its replacement instead.",
        Conflict::SelfTestRunning => "A self-test is already running for this team.",
        Conflict::PublicUrl(why) => return write!(f, "The public URL can't be tested: {why}."),
    })
}

impl AppError {
    /// Seconds until the same request may succeed (`Retry-After`), if known.
    pub const fn retry_after(&self) -> Option<i64> {
        match self {
            AppError::TooManyAttempts(seconds) | AppError::HashingBusy(seconds) => Some(*seconds),
            _ => None,
        }
    }

    /// The HTTP status of a response with this error.
    pub const fn status(&self) -> u16 {
        match self {
            AppError::Domain(error) => status(error),
            AppError::TooSlow => 408,
            AppError::TooLarge => 413,
            AppError::Encoded(_) => 415,
            AppError::TooManyExports(_) | AppError::TooManyAttempts(_) => 429,
            AppError::Unreachable | AppError::Busy | AppError::HashingBusy(_) => 503,
        }
    }
}

/// The HTTP status of a response with this error.
pub const fn status(error: &Error) -> u16 {
    match error {
        Error::SignedOut | Error::VerifyAgain => 401,
        Error::Forbidden | Error::Denied(_) | Error::Quota(_) => 403,
        Error::NotFound => 404,
        Error::ConfirmSecondMethod(_) | Error::Conflict(_) | Error::TooManyKeys(_) | Error::TooManyMethods(_) => 409,
        Error::Unchanged(_) => 200,
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

#[cfg(feature = "ssr")]
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
