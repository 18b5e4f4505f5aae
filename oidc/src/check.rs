//! The result of one check. A sign-in uses the first error, the test of a connection lists all results.

use crate::{error::OidcError, facts::Facts};

/// The result of one check, with what was compared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CheckResult<C> {
    /// What was checked.
    pub check: C,
    /// What was compared.
    pub facts: Facts,
    /// Why the check failed.
    pub error: Option<OidcError>,
}

impl<C> CheckResult<C> {
    pub(crate) fn passed(check: C, facts: Facts) -> Self {
        Self { check, facts, error: None }
    }

    pub(crate) fn failed(check: C, error: OidcError) -> Self {
        Self { check, facts: error.facts(), error: Some(error) }
    }

    /// Whether the check passed.
    pub const fn is_passed(&self) -> bool {
        self.error.is_none()
    }
}

/// The results of several checks, in their order.
#[derive(Clone, Debug)]
pub(crate) struct CheckResults<C>(pub(crate) Vec<CheckResult<C>>);

impl<C> CheckResults<C> {
    pub(crate) const fn new() -> Self {
        Self(Vec::new())
    }

    /// Stores the result of a check, and returns its value if it passed.
    pub(crate) fn add<T>(&mut self, check: C, result: Result<(T, Facts), OidcError>) -> Option<T> {
        match result {
            Ok((value, facts)) => {
                self.0.push(CheckResult::passed(check, facts));
                Some(value)
            }
            Err(error) => {
                self.0.push(CheckResult::failed(check, error));
                None
            }
        }
    }

    /// The first error of a required check.
    pub(crate) fn first_error(&mut self, is_required: impl Fn(&C) -> bool) -> Option<OidcError> {
        self.0.iter_mut().filter(|result| is_required(&result.check)).find_map(|result| result.error.take())
    }
}
