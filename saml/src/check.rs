//! The checks of a response against what was expected: parties, addresses, request and times.
//!
//! A sign-in ends at the first failure. A report shows all results. Both use the same list.

use crate::{
    assertion::{ResponseScope, Scope},
    certificate::SigningCertificate,
    decryption::Decryption,
    instant,
    response_error::{Comparison, ResponseError, excerpt},
};
use domain::{DAY, MINUTE, UnixMs};

/// The accepted difference of two clocks.
pub const MAX_CLOCK_DIFFERENCE: UnixMs = MINUTE;
/// The accepted age of an assertion. Some providers issue assertions that are valid for a day.
pub const MAX_AGE: UnixMs = 10 * MINUTE;
/// The longest accepted validity.
const MAX_VALIDITY: UnixMs = 366 * DAY;

/// What a response must be for.
#[derive(Clone, Copy, Debug)]
pub struct Expectation<'a> {
    /// The entity id of the service provider: the audience.
    pub entity_id: &'a str,
    /// The address of the assertion consumer service, built from the public URL.
    pub acs: &'a str,
    /// The entity id of the provider.
    pub idp_entity_id: &'a str,
    /// The pinned certificates of the provider.
    pub certificates: &'a [SigningCertificate],
    /// The keys for encrypted assertions. `None`: these are refused.
    pub decryption: Option<Decryption<'a>>,
    /// The id of the request. `None` at the assertion consumer service, which gets no cookie from a cross-site POST.
    /// The caller then compares [`Identity::request_id`](crate::Identity::request_id) where the cookie is there.
    pub request_id: Option<&'a str>,
    /// The time of the request, if it demanded a new authentication.
    pub authenticated_since: Option<UnixMs>,
    /// The time.
    pub now: UnixMs,
}

/// One check, in the order of the checks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ResponseCheck {
    /// Base64, XML, limits, and the structure of the response.
    Document,
    /// The status of the response.
    Status,
    /// The signatures.
    Signature,
    /// The issuer of the response, if it has one.
    ResponseIssuer,
    /// The issuer of the assertion.
    Issuer,
    /// The destination of the response.
    Destination,
    /// The recipient of the assertion.
    Recipient,
    /// The audience of the assertion.
    Audience,
    /// Other conditions.
    Conditions,
    /// The confirmation of the subject.
    SubjectConfirmation,
    /// The request that is answered.
    Request,
    /// The validity of the assertion.
    Validity,
    /// The validity of the confirmation.
    ConfirmationValidity,
    /// The age of the assertion, and with it the difference of the clocks.
    IssueInstant,
    /// The end of the session at the provider.
    Session,
    /// The age of the authentication.
    Authentication,
    /// The subject.
    Subject,
}

/// The result of one check.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResponseCheckResult {
    /// The check.
    pub check: ResponseCheck,
    /// The accepted value.
    pub expected: Option<String>,
    /// The received value, possibly cut.
    pub received: Option<String>,
    /// The reason of a failure.
    pub error: Option<ResponseError>,
}

impl ResponseCheckResult {
    pub(crate) fn passed(check: ResponseCheck) -> Self {
        Self { check, expected: None, received: None, error: None }
    }

    pub(crate) fn failed(check: ResponseCheck, error: ResponseError) -> Self {
        let comparison = error.comparison();
        let (expected, received) = comparison.map_or((None, None), |c| (Some(c.expected), c.received));
        Self { check, expected, received, error: Some(error) }
    }
}

/// Runs every check, in order.
pub(crate) fn all(
    response: &ResponseScope,
    response_is_signed: bool,
    scope: &Scope,
    expectation: &Expectation<'_>,
) -> Vec<ResponseCheckResult> {
    let Expectation { entity_id, acs, idp_entity_id, now, .. } = *expectation;
    let confirmation = &scope.confirmation;
    let window = format!("a time around {}", instant::format(now));
    let mut results = Vec::new();
    let mut add = |check, expected: Option<&str>, received: Option<&str>, result: Result<(), ResponseError>| {
        let (expected, received) = (expected.map(ToOwned::to_owned), received.map(excerpt));
        results.push(ResponseCheckResult { check, expected, received, error: result.err() });
    };
    let response_issuer = response.issuer.as_deref();
    if response_issuer.is_some() {
        let result = equal(idp_entity_id, response_issuer, ResponseError::Issuer);
        add(ResponseCheck::ResponseIssuer, Some(idp_entity_id), response_issuer, result);
    }
    let issuer = scope.issuer.as_deref();
    add(ResponseCheck::Issuer, Some(idp_entity_id), issuer, equal(idp_entity_id, issuer, ResponseError::Issuer));
    let destination = response.destination.as_deref();
    if response_is_signed || destination.is_some() {
        let result = equal(acs, destination, ResponseError::Destination);
        add(ResponseCheck::Destination, Some(acs), destination, result);
    }
    add(ResponseCheck::SubjectConfirmation, None, None, one_bearer(scope));
    let recipient = confirmation.recipient.as_deref();
    add(ResponseCheck::Recipient, Some(acs), recipient, equal(acs, recipient, ResponseError::Recipient));
    let audiences = scope.audiences.concat().join(", ");
    add(ResponseCheck::Audience, Some(entity_id), Some(&audiences), audience(&scope.audiences, entity_id));
    add(ResponseCheck::Conditions, None, scope.unknown_condition.as_deref(), conditions(scope));
    let in_response_to = confirmation.in_response_to.as_deref();
    let result = request(response.in_response_to.as_deref(), in_response_to, expectation.request_id);
    add(ResponseCheck::Request, expectation.request_id, in_response_to, result);
    let end = scope.not_on_or_after.as_deref();
    let validity = valid(scope.not_before.as_deref(), end, "NotOnOrAfter of Conditions", now);
    add(ResponseCheck::Validity, Some(&window), end, validity);
    let end = confirmation.not_on_or_after.as_deref();
    let validity = valid(None, end, "NotOnOrAfter of SubjectConfirmationData", now);
    add(ResponseCheck::ConfirmationValidity, Some(&window), end, validity);
    let issued = scope.issue_instant.as_deref();
    add(ResponseCheck::IssueInstant, Some(&window), issued, issued_recently(issued, now));
    let end = scope.authentication.session_not_on_or_after.as_deref();
    add(ResponseCheck::Session, None, end, session(end, now));
    let instant = scope.authentication.instant.as_deref();
    let since = expectation.authenticated_since;
    add(
        ResponseCheck::Authentication,
        since.map(instant::format).as_deref(),
        instant,
        authenticated(instant, since, now),
    );
    results
}

fn equal(expected: &str, received: Option<&str>, error: fn(Comparison) -> ResponseError) -> Result<(), ResponseError> {
    if received == Some(expected) {
        return Ok(());
    }
    Err(error(Comparison::new(expected, received.map(excerpt).as_deref())))
}

/// Every restriction names the entity, and there is one.
fn audience(restrictions: &[Vec<String>], entity_id: &str) -> Result<(), ResponseError> {
    let names_us = |audiences: &Vec<String>| audiences.iter().any(|audience| audience == entity_id);
    if !restrictions.is_empty() && restrictions.iter().all(names_us) {
        return Ok(());
    }
    let received = restrictions.concat().join(", ");
    let received = (!received.is_empty()).then(|| excerpt(&received));
    Err(ResponseError::Audience(Comparison::new(entity_id, received.as_deref())))
}

fn conditions(scope: &Scope) -> Result<(), ResponseError> {
    scope.unknown_condition.clone().map_or(Ok(()), |received| Err(ResponseError::Condition { received }))
}

/// A bearer confirmation has no `NotBefore` (saml-profiles-2.0-os, section 4.1.4.2).
fn one_bearer(scope: &Scope) -> Result<(), ResponseError> {
    if scope.bearers == 1 && scope.confirmation.not_before.is_none() {
        return Ok(());
    }
    Err(ResponseError::SubjectConfirmation { bearers: scope.bearers })
}

/// `InResponseTo` of the response and of the confirmation, against the request if it is known here.
fn request(of_response: Option<&str>, confirmed: Option<&str>, expected: Option<&str>) -> Result<(), ResponseError> {
    let Some(confirmed) = confirmed else {
        let Some(expected) = of_response else { return Err(ResponseError::Unsolicited) };
        return Err(ResponseError::Request(Comparison::new(excerpt(expected), None)));
    };
    for other in [of_response, expected].into_iter().flatten() {
        if other != confirmed {
            return Err(ResponseError::Request(Comparison::new(excerpt(other), Some(&excerpt(confirmed)))));
        }
    }
    Ok(())
}

/// Compares the request that an identity answers with the request of the browser, where the latter is known only later.
///
/// # Errors
/// [`ResponseError::Request`].
pub fn answers(received: &str, expected: &str) -> Result<(), ResponseError> {
    request(None, Some(received), Some(expected))
}

fn valid(start: Option<&str>, end: Option<&str>, element: &'static str, now: UnixMs) -> Result<(), ResponseError> {
    if start.is_some() {
        not_ahead("NotBefore", time("NotBefore", start)?, now)?;
    }
    let end = time(element, end)?;
    if end > now.saturating_add(MAX_VALIDITY) {
        return Err(ResponseError::ValidTooLong { element, received: end });
    }
    not_past(element, end, now)
}

fn issued_recently(issued: Option<&str>, now: UnixMs) -> Result<(), ResponseError> {
    let received = time("IssueInstant", issued)?;
    not_ahead("IssueInstant", received, now)?;
    if now - received > MAX_AGE {
        let seconds = (now - received) / 1_000;
        return Err(ResponseError::Expired { element: "IssueInstant", received, seconds });
    }
    Ok(())
}

fn session(end: Option<&str>, now: UnixMs) -> Result<(), ResponseError> {
    if end.is_none() {
        return Ok(());
    }
    not_past("SessionNotOnOrAfter", time("SessionNotOnOrAfter", end)?, now)
}

/// Checks that the member authenticated since the request, if it demanded this (saml-core-2.0-os, section 3.4.1,
/// `ForceAuthn`).
fn authenticated(instant: Option<&str>, since: Option<UnixMs>, now: UnixMs) -> Result<(), ResponseError> {
    let at = time("AuthnInstant", instant)?;
    let Some(since) = since else { return Ok(()) };
    not_ahead("AuthnInstant", at, now)?;
    authenticated_since(at, since)
}

/// Checks that an authentication is not older than the request that demanded it, where the request is known only later.
///
/// # Errors
/// [`ResponseError::AuthenticationAge`].
pub fn authenticated_since(authenticated: UnixMs, since: UnixMs) -> Result<(), ResponseError> {
    if authenticated >= since.saturating_sub(MAX_CLOCK_DIFFERENCE) {
        return Ok(());
    }
    let received = instant::format(authenticated);
    Err(ResponseError::AuthenticationAge(Comparison::new(instant::format(since), Some(&received))))
}

fn not_ahead(element: &'static str, received: UnixMs, now: UnixMs) -> Result<(), ResponseError> {
    if received - MAX_CLOCK_DIFFERENCE <= now {
        return Ok(());
    }
    Err(ResponseError::NotYetValid { element, received, seconds: (received - now) / 1_000 })
}

/// The end itself is not part of the validity.
fn not_past(element: &'static str, received: UnixMs, now: UnixMs) -> Result<(), ResponseError> {
    if now < received + MAX_CLOCK_DIFFERENCE {
        return Ok(());
    }
    Err(ResponseError::Expired { element, received, seconds: (now - received) / 1_000 })
}

/// Reads a required time.
pub(crate) fn time(element: &'static str, text: Option<&str>) -> Result<UnixMs, ResponseError> {
    let text = text.ok_or(ResponseError::Missing { element })?;
    instant::parse(text).ok_or_else(|| ResponseError::Time { element, received: excerpt(text) })
}
