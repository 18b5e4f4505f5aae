//! Responses of providers: from octets to an identity, or to the reason of a refusal.

use crate::{
    assertion::{AssertedSubject, NameId, ResponseScope, SamlAttribute, Scope, VerifiedAssertion},
    check::{self, Expectation, ResponseCheck, ResponseCheckResult},
    document, names,
    prepass::{self, Limits},
    response_error::{ResponseError, excerpt},
    structure::{self, Structure},
    verified::{self, SignatureFacts, SignedElement, Verified},
};
use domain::UnixMs;
use roxmltree::Node;
use std::borrow::Cow;

/// Upper bound of a decoded response in bytes.
pub const MAX_RESPONSE: usize = 256 * 1024;

/// The person who signed in, from octets that were verified, for the expected party, address and time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    /// The entity id of the provider.
    pub issuer: String,
    /// The name identifier.
    pub name_id: NameId,
    /// The attributes.
    pub attributes: Vec<SamlAttribute>,
    /// The id of the assertion, which may be used once.
    pub assertion_id: String,
    /// The id of the request that is answered.
    pub request_id: String,
    /// From this time on, the assertion is refused because of its age or its validity, so its id can be forgotten.
    pub expires: UnixMs,
    /// The time of the authentication.
    pub authn_instant: UnixMs,
    /// The session at the provider, for logout.
    pub session_index: Option<String>,
    /// The end of the session at the provider. It caps the session here.
    pub session_not_on_or_after: Option<UnixMs>,
    /// The verified signatures: one or two.
    pub signatures: Vec<SignatureFacts>,
    /// The own clock minus the provider's, in milliseconds, with the transport time in it.
    pub clock_difference: i64,
}

/// Everything that can be checked about a response, for the test of a connection. It signs nobody in: it has no
/// [`Identity`].
#[derive(Clone, Debug)]
pub struct ConnectionReport {
    /// The results, in the order of the checks. Checks that could not be made are missing.
    pub results: Vec<ResponseCheckResult>,
    /// The verified signatures.
    pub signatures: Vec<SignatureFacts>,
    /// The person, only if a signature was verified.
    pub subject: Option<AssertedSubject>,
    /// The own clock minus the provider's, in milliseconds. `None`: the response has no readable time.
    pub clock_difference: Option<i64>,
}

impl ConnectionReport {
    /// Whether the response would sign its subject in.
    pub fn passed(&self) -> bool {
        self.subject.is_some() && self.results.iter().all(|result| result.error.is_none())
    }
}

/// Verifies a response and reads the identity. The first failure ends it.
///
/// # Errors
/// The first failed check.
pub fn verify(octets: &[u8], expectation: &Expectation<'_>) -> Result<Identity, ResponseError> {
    let text = decode(octets)?;
    let document = document::parse(&text, &Limits::RESPONSE)?;
    let root = document.root_element();
    structure::is_response(root)?;
    succeeded(root)?;
    let structure = structure::of_response(root)?;
    let verified = verify_signatures(&structure, expectation)?;
    let assertion = VerifiedAssertion::parse(verified.assertion()?)?;
    let response = verified.response_scope(root)?;
    let scope = assertion.scope()?;
    let results = check::all(&response, verified.response.is_some(), &scope, expectation);
    if let Some(error) = results.into_iter().find_map(|result| result.error) {
        return Err(error);
    }
    identity(assertion.subject()?, &scope, verified.facts(), expectation.now)
}

/// Makes every check that is possible. After a failed signature, it still compares addresses, parties and times, because
/// they identify nobody.
pub fn report(octets: &[u8], expectation: &Expectation<'_>) -> ConnectionReport {
    let mut report =
        ConnectionReport { results: Vec::new(), signatures: Vec::new(), subject: None, clock_difference: None };
    if let Err((check, error)) = examine(octets, expectation, &mut report) {
        report.results.push(ResponseCheckResult::failed(check, error));
    }
    report
}

fn examine(
    octets: &[u8],
    expectation: &Expectation<'_>,
    report: &mut ConnectionReport,
) -> Result<(), (ResponseCheck, ResponseError)> {
    let of = |check: ResponseCheck| move |error: ResponseError| (check, error);
    let text = decode(octets).map_err(of(ResponseCheck::Document))?;
    let document =
        document::parse(&text, &Limits::RESPONSE).map_err(|error| (ResponseCheck::Document, error.into()))?;
    let root = document.root_element();
    structure::is_response(root).map_err(of(ResponseCheck::Document))?;
    succeeded(root).map_err(of(ResponseCheck::Status))?;
    let structure = structure::of_response(root).map_err(of(ResponseCheck::Document))?;
    report.results.push(ResponseCheckResult::passed(ResponseCheck::Document));
    report.results.push(ResponseCheckResult::passed(ResponseCheck::Status));
    match verify_signatures(&structure, expectation) {
        Ok(verified) => {
            let used = verified.facts().iter().map(|facts| facts.algorithm.name()).collect::<Vec<_>>().join(", ");
            report.results.push(ResponseCheckResult {
                received: Some(used),
                ..ResponseCheckResult::passed(ResponseCheck::Signature)
            });
            report.signatures = verified.facts();
            let response = verified.response_scope(root).map_err(of(ResponseCheck::Document))?;
            let octets = verified.assertion().map_err(of(ResponseCheck::Document))?;
            let assertion = VerifiedAssertion::parse(octets).map_err(of(ResponseCheck::Document))?;
            let scope = assertion.scope().map_err(of(ResponseCheck::Document))?;
            compare(&response, verified.response.is_some(), &scope, expectation, report);
            report.subject = Some(assertion.subject().map_err(of(ResponseCheck::Subject))?);
            report.results.push(ResponseCheckResult::passed(ResponseCheck::Subject));
        }
        Err(error) => {
            report.results.push(ResponseCheckResult::failed(ResponseCheck::Signature, error));
            let response = ResponseScope::read(root).map_err(of(ResponseCheck::Document))?;
            if let Ok(scope) = Scope::read(structure.assertion) {
                compare(&response, structure.response_signature.is_some(), &scope, expectation, report);
            }
        }
    }
    Ok(())
}

fn compare(
    response: &ResponseScope,
    response_is_signed: bool,
    scope: &Scope,
    expectation: &Expectation<'_>,
    report: &mut ConnectionReport,
) {
    report.results.extend(check::all(response, response_is_signed, scope, expectation));
    let issued = check::time("IssueInstant", scope.issue_instant.as_deref());
    report.clock_difference = issued.ok().map(|issued| expectation.now - issued);
}

fn decode(octets: &[u8]) -> Result<Cow<'_, str>, ResponseError> {
    if octets.len() > MAX_RESPONSE {
        return Err(ResponseError::TooLong { max: MAX_RESPONSE });
    }
    Ok(prepass::decode(octets)?)
}

/// The signed elements that were verified.
struct VerifiedElements {
    response: Option<Verified>,
    assertion: Option<Verified>,
}

/// Whatever is signed must verify, and something must be signed.
fn verify_signatures(
    structure: &Structure<'_, '_>,
    expectation: &Expectation<'_>,
) -> Result<VerifiedElements, ResponseError> {
    let certificates = expectation.certificates;
    let verify = |element, signed: Option<Node<'_, '_>>, signature: Option<Node<'_, '_>>| match (signed, signature) {
        (Some(signed), Some(signature)) => verified::verify(element, signed, signature, certificates).map(Some),
        _ => Ok(None),
    };
    let response = verify(SignedElement::Response, structure.response, structure.response_signature)?;
    let assertion = if structure::is_encrypted(structure.assertion) {
        let decryption = expectation.decryption.ok_or(ResponseError::Encrypted)?;
        Some(verified::verify_encrypted(response.as_ref(), structure.assertion, certificates, &decryption)?)
    } else {
        verify(SignedElement::Assertion, Some(structure.assertion), structure.assertion_signature)?
    };
    if response.is_none() && assertion.is_none() {
        return Err(ResponseError::Unsigned);
    }
    Ok(VerifiedElements { response, assertion })
}

impl VerifiedElements {
    /// The octets that contain the assertion: its own if it is signed, else those of the response.
    fn assertion(&self) -> Result<&Verified, ResponseError> {
        self.assertion.as_ref().or(self.response.as_ref()).ok_or(ResponseError::Unsigned)
    }

    /// The response from its octets if it is signed, else from the document.
    fn response_scope(&self, root: Node<'_, '_>) -> Result<ResponseScope, ResponseError> {
        let of_octets = match &self.response {
            Some(verified) => VerifiedAssertion::parse(verified)?.response()?,
            None => None,
        };
        of_octets.map_or_else(|| ResponseScope::read(root), Ok)
    }

    /// A decrypted assertion without a signature of its own has the facts of the response.
    fn facts(&self) -> Vec<SignatureFacts> {
        let both = [&self.response, &self.assertion].into_iter().flatten();
        let mut facts: Vec<_> = both.map(|verified| verified.facts().clone()).collect();
        facts.dedup();
        facts
    }
}

/// The status of the response (saml-core-2.0-os, section 3.2.2).
fn succeeded(response: Node<'_, '_>) -> Result<(), ResponseError> {
    let mut all = document::named(response, names::PROTOCOL, "Status");
    let status = match (all.next(), all.next()) {
        (Some(status), None) => status,
        (None, _) => return Err(ResponseError::Missing { element: "Status" }),
        _ => return Err(ResponseError::Malformed { element: "Status" }),
    };
    let code_of = |node: Node<'_, '_>| {
        let code = document::named(node, names::PROTOCOL, "StatusCode").next();
        code.and_then(|code| Some((code.id(), document::attribute(code, "Value")?.to_owned())))
    };
    let (id, code) = code_of(status).ok_or(ResponseError::Missing { element: "StatusCode" })?;
    if code == names::SUCCESS {
        return Ok(());
    }
    let last_part = |code: &str| excerpt(code.rsplit(':').next().unwrap_or_default());
    let subcode = status.document().get_node(id).and_then(code_of).map(|(_, subcode)| last_part(&subcode));
    let message = document::named(status, names::PROTOCOL, "StatusMessage").next().and_then(document::text);
    let message = message.map(|message| excerpt(message.trim())).filter(|message| !message.is_empty());
    Err(ResponseError::Status { code: last_part(&code), subcode, message })
}

fn identity(
    subject: AssertedSubject,
    scope: &Scope,
    signatures: Vec<SignatureFacts>,
    now: UnixMs,
) -> Result<Identity, ResponseError> {
    let issued = check::time("IssueInstant", scope.issue_instant.as_deref())?;
    let authentication = &scope.authentication;
    let session_end = authentication.session_not_on_or_after.as_deref();
    Ok(Identity {
        issuer: scope.issuer.clone().ok_or(ResponseError::Missing { element: "Issuer" })?,
        name_id: subject.name_id,
        attributes: subject.attributes,
        assertion_id: scope.id.clone(),
        request_id: scope.confirmation.in_response_to.clone().ok_or(ResponseError::Unsolicited)?,
        expires: issued + check::MAX_AGE + 1,
        authn_instant: check::time("AuthnInstant", authentication.instant.as_deref())?,
        session_index: authentication.session_index.clone(),
        session_not_on_or_after: session_end.map(|end| check::time("SessionNotOnOrAfter", Some(end))).transpose()?,
        signatures,
        clock_difference: now - issued,
    })
}
