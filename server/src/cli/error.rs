//! Errors of commands: one line each.

use crate::{secrets::SecretError, telemetry};
use domain::{Conflict, Error};
use std::fmt;
use store::StoreError;

/// Why a command failed: one line for stderr, without a secret. The command has changed nothing.
#[derive(Debug)]
pub(super) struct CliError(String);

impl CliError {
    /// An error with this reason. Line breaks become spaces.
    pub(super) fn new(reason: impl Into<String>) -> Self {
        Self(reason.into().split_whitespace().collect::<Vec<_>>().join(" "))
    }

    /// An error of the service, in the operator's terms. `thing` is the missing thing: `team "acme"`.
    pub(super) fn from_failure(failure: &Error, thing: &str) -> Self {
        match failure {
            Error::NotFound => Self::new(format!("{thing} not found")),
            Error::Invalid(problems) => {
                let flag = |name: &str| name.replace('_', "-");
                let text = problems.iter().map(|(field, problem)| format!("--{}: {problem}", flag(field.name())));
                Self::new(text.collect::<Vec<_>>().join(" "))
            }
            Error::Denied(denial) => Self::new(denial.to_string()),
            Error::Conflict(conflict) => Self::from_conflict(conflict),
            Error::Unavailable => Self::new("the database isn't available; try again in a moment"),
            Error::Internal => {
                let filter = telemetry::FILTER;
                Self::new(format!("internal error; nothing was changed (set {filter}=error for details)"))
            }
            other => Self::new(other.to_string()),
        }
    }

    fn from_conflict(conflict: &Conflict) -> Self {
        match conflict {
            Conflict::UserNameTaken(user_name) => Self::new(format!("“{user_name}” is already a member of this team")),
            Conflict::ScimOff => Self::new("SCIM provisioning is off; turn it on first (rollcall scim on --team ...)"),
            Conflict::MethodNotConfigured => Self::new("configure this method before you enable it"),
            other => Self::new(other.to_string()),
        }
    }
}

impl fmt::Display for CliError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl From<StoreError> for CliError {
    fn from(error: StoreError) -> Self {
        Self::new(error.to_string())
    }
}

impl From<SecretError> for CliError {
    fn from(error: SecretError) -> Self {
        Self::new(error.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::validation::field_error::{Field, FieldError, FieldErrors};

    #[test]
    fn an_error_is_one_line() {
        assert_eq!(CliError::new("a\n  b\r\nc ").to_string(), "a b c");
    }

    #[test]
    fn problems_name_the_flags() {
        let mut problems = FieldErrors::one(Field::SignInUrl, FieldError::NotHttps);
        problems.push(Field::ClientSecret, FieldError::Missing("the client secret".into()));
        let refusal = CliError::from_failure(&Error::Invalid(problems), "team “acme”").to_string();
        assert_eq!(
            refusal,
            "--sign-in-url: The URL must start with https:// because people sign in through it. \
             --client-secret: Enter the client secret."
        );
        assert_eq!(CliError::from_failure(&Error::NotFound, "team “acme”").to_string(), "team “acme” not found");
    }
}
