//! The authorization response (Core 1.0, sections 3.1.2.5 to 3.1.2.7; RFC 9207).

use crate::{
    error::OidcError,
    excerpt::excerpt,
    issuer::Issuer,
    secret::{AuthorizationCode, StateParameter},
};

/// Upper bound of the query, in bytes.
const MAX_QUERY: usize = 16 * 1024;

/// The parameters of a callback, before any of them was checked.
#[derive(Clone, Debug)]
pub struct Callback {
    state: Option<StateParameter>,
    iss: Option<String>,
    error: Option<String>,
    error_description: Option<String>,
    code: Option<AuthorizationCode>,
}

/// What a callback must match.
#[derive(Clone, Copy, Debug)]
pub struct CallbackExpectation<'a> {
    /// The state of the sign-in that this browser started, if there is one for the callback's state and method.
    pub state: Option<&'a StateParameter>,
    /// The issuer of the method.
    pub issuer: &'a Issuer,
    /// Whether the provider advertises the parameter `iss`.
    pub iss_parameter_supported: bool,
}

impl Callback {
    /// Parses the query of the callback. Parameters without a value count as absent (RFC 6749, section 3.1), and
    /// unknown ones are ignored.
    ///
    /// # Errors
    /// The query is longer than 16 KiB, or repeats a parameter.
    pub fn parse(query: &str) -> Result<Self, OidcError> {
        if query.len() > MAX_QUERY {
            return Err(OidcError::CallbackTooLong { received: query.len(), max: MAX_QUERY });
        }
        let mut names: Vec<_> = url::form_urlencoded::parse(query.as_bytes()).map(|(name, _)| name).collect();
        names.sort_unstable();
        if let Some([name, _]) = names.array_windows().find(|[name, next]| name == next) {
            return Err(OidcError::CallbackDuplicate(excerpt(name)));
        }
        let value = |name| {
            let mut parameters = url::form_urlencoded::parse(query.as_bytes());
            parameters.find(|(other, _)| other == name).map(|(_, value)| value.into_owned()).filter(|it| !it.is_empty())
        };
        Ok(Self {
            state: value("state").map(StateParameter::new),
            iss: value("iss"),
            error: value("error"),
            error_description: value("error_description"),
            code: value("code").map(AuthorizationCode::new),
        })
    }

    /// The parameter `state`, by which the caller finds the sign-in.
    pub const fn state(&self) -> Option<&StateParameter> {
        self.state.as_ref()
    }

    /// Checks `state`, then `iss`, then `error`, and returns the code.
    ///
    /// # Errors
    /// The first of them that is wrong.
    pub fn authorization_code(self, expectation: &CallbackExpectation<'_>) -> Result<AuthorizationCode, OidcError> {
        let state = self.state.as_ref().ok_or(OidcError::StateMissing)?;
        if !expectation.state.is_some_and(|expected| expected.matches(state.expose())) {
            return Err(OidcError::StateUnknown);
        }
        let expected = expectation.issuer.as_str();
        match &self.iss {
            Some(iss) if iss == expected => {}
            Some(iss) => {
                return Err(OidcError::CallbackIssuer { expected: expected.to_owned(), received: excerpt(iss) });
            }
            // Keycloak omits it beside some errors.
            None if expectation.iss_parameter_supported && self.error.is_none() => {
                return Err(OidcError::CallbackIssuerMissing { expected: expected.to_owned() });
            }
            None => {}
        }
        if let Some(error) = &self.error {
            let description = self.error_description.as_deref().map(excerpt);
            return Err(OidcError::AuthorizationRefused { error: excerpt(error), description });
        }
        let code = self.code.ok_or(OidcError::CodeMissing)?;
        // RFC 6749, appendix A.11.
        if code.expose().bytes().all(|byte| (0x20..=0x7e).contains(&byte)) {
            Ok(code)
        } else {
            Err(OidcError::CodeInvalid)
        }
    }
}
