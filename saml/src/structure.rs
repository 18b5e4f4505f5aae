//! The structure of a response: which element is the assertion, and which signatures there are.

use crate::{
    document, names,
    response_error::{ResponseError, excerpt},
};
use roxmltree::Node;

/// A response or an assertion whose structure is accepted. Nothing is verified.
#[derive(Clone, Copy)]
pub(crate) struct Structure<'a, 'i> {
    /// The root, if it is a response.
    pub(crate) response: Option<Node<'a, 'i>>,
    /// `Assertion` or `EncryptedAssertion`.
    pub(crate) assertion: Node<'a, 'i>,
    pub(crate) response_signature: Option<Node<'a, 'i>>,
    pub(crate) assertion_signature: Option<Node<'a, 'i>>,
}

/// Checks that the root is a response of SAML 2.0.
///
/// # Errors
/// [`ResponseError::NotAResponse`].
pub(crate) fn is_response(root: Node<'_, '_>) -> Result<(), ResponseError> {
    if document::is(root, names::PROTOCOL, "Response") { has_version(root) } else { Err(not_a_response(root)) }
}

fn has_version(node: Node<'_, '_>) -> Result<(), ResponseError> {
    if document::attribute(node, "Version") == Some("2.0") { Ok(()) } else { Err(not_a_response(node)) }
}

fn not_a_response(node: Node<'_, '_>) -> ResponseError {
    let name = node.tag_name();
    let version = document::attribute(node, "Version").unwrap_or("without version");
    let received = format!("{} {} {version}", name.namespace().unwrap_or_default(), name.name());
    ResponseError::NotAResponse { received: excerpt(&received) }
}

/// The structure of a response.
///
/// # Errors
/// [`ResponseError::AssertionCount`] and [`ResponseError::Position`].
pub(crate) fn of_response<'a, 'i>(root: Node<'a, 'i>) -> Result<Structure<'a, 'i>, ResponseError> {
    is_response(root)?;
    for child in document::elements(root) {
        let is_protocol = ["Extensions", "Status"].iter().any(|name| document::is(child, names::PROTOCOL, name));
        let is_assertion = ["Issuer", "Assertion", "EncryptedAssertion"]
            .iter()
            .any(|name| document::is(child, names::ASSERTION, name));
        if !is_protocol && !is_assertion && !document::is(child, names::SIGNATURE, "Signature") {
            return Err(position(child));
        }
    }
    let assertion = only_assertion(root)?;
    if assertion.parent() != Some(root) {
        return Err(position(assertion));
    }
    let response_signature = signature(root)?;
    let structure = Structure { response: Some(root), response_signature, ..of_assertion_element(assertion)? };
    all_signatures_are_known(root, &structure)?;
    Ok(structure)
}

/// The structure of a document that is one assertion.
///
/// # Errors
/// Those of [`of_response`].
pub(crate) fn of_assertion<'a, 'i>(root: Node<'a, 'i>) -> Result<Structure<'a, 'i>, ResponseError> {
    if only_assertion(root)? != root || !document::is(root, names::ASSERTION, "Assertion") {
        return Err(position(root));
    }
    let structure = of_assertion_element(root)?;
    all_signatures_are_known(root, &structure)?;
    Ok(structure)
}

fn of_assertion_element<'a, 'i>(assertion: Node<'a, 'i>) -> Result<Structure<'a, 'i>, ResponseError> {
    if document::is(assertion, names::ASSERTION, "Assertion") {
        has_version(assertion)?;
    } else if !is_encrypted(assertion) {
        return Err(position(assertion));
    }
    let assertion_signature = signature(assertion)?;
    // The signature of an encrypted assertion is inside of it.
    if let Some(signature) = assertion_signature.filter(|_| is_encrypted(assertion)) {
        return Err(position(signature));
    }
    Ok(Structure { response: None, assertion, response_signature: None, assertion_signature })
}

/// Whether an assertion of the structure is encrypted.
pub(crate) fn is_encrypted(assertion: Node<'_, '_>) -> bool {
    document::is(assertion, names::ASSERTION, "EncryptedAssertion")
}

/// The only assertion of the document. Elements of other namespaces with the same name count, because another reader
/// could take them for assertions.
fn only_assertion<'a, 'i>(root: Node<'a, 'i>) -> Result<Node<'a, 'i>, ResponseError> {
    let is_assertion =
        |node: &Node<'_, '_>| node.is_element() && matches!(node.tag_name().name(), "Assertion" | "EncryptedAssertion");
    let mut assertions = root.descendants().filter(is_assertion);
    match (assertions.next(), assertions.count()) {
        (Some(assertion), 0) => Ok(assertion),
        (None, _) => Err(ResponseError::AssertionCount { count: 0 }),
        (Some(_), others) => Err(ResponseError::AssertionCount { count: others + 1 }),
    }
}

/// The signature that is a direct child, at most one.
fn signature<'a, 'i>(parent: Node<'a, 'i>) -> Result<Option<Node<'a, 'i>>, ResponseError> {
    let mut signatures = document::named(parent, names::SIGNATURE, "Signature");
    match (signatures.next(), signatures.next()) {
        (signature, None) => Ok(signature),
        (_, Some(second)) => Err(position(second)),
    }
}

/// Every element called `Signature` is one of the two of the structure.
fn all_signatures_are_known(root: Node<'_, '_>, structure: &Structure<'_, '_>) -> Result<(), ResponseError> {
    let is_known =
        |node: Node<'_, '_>| Some(node) == structure.response_signature || Some(node) == structure.assertion_signature;
    let unknown = root.descendants().find(|node| node.tag_name().name() == "Signature" && !is_known(*node));
    unknown.map_or(Ok(()), |node| Err(position(node)))
}

fn position(node: Node<'_, '_>) -> ResponseError {
    ResponseError::Position { element: excerpt(node.tag_name().name()) }
}
