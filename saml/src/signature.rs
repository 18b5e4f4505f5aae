//! The one accepted shape of an XML signature, and the values in it.
//!
//! `Signature(SignedInfo(CanonicalizationMethod, SignatureMethod, Reference(Transforms(enveloped, exclusive),
//! DigestMethod, DigestValue)), SignatureValue, KeyInfo?)`. `KeyInfo` is never read, because the keys are the method's.

use crate::{
    algorithm::{Hash, SignatureAlgorithm},
    canonical::Canonicalization,
    document, names,
    response_error::{ResponseError, excerpt},
};
use base64ct::{Base64, Encoding};
use roxmltree::Node;

/// Upper bound of a `PrefixList`, because each element is compared with it before anything is verified.
const MAX_PREFIXES: usize = 64;

/// A signature whose shape is accepted. Nothing is verified.
pub(crate) struct SignatureParts<'a, 'i> {
    pub(crate) element: Node<'a, 'i>,
    pub(crate) signed_info: Node<'a, 'i>,
    /// How `SignedInfo` is canonicalised.
    pub(crate) signed_info_method: Canonicalization,
    /// How the signed element is canonicalised.
    pub(crate) reference_method: Canonicalization,
    pub(crate) algorithm: SignatureAlgorithm,
    pub(crate) digest: Hash,
    pub(crate) digest_value: Vec<u8>,
    pub(crate) value: Vec<u8>,
}

/// Reads the signature of `parent`.
///
/// # Errors
/// [`ResponseError::SignatureShape`], [`ResponseError::Sha1`] and [`ResponseError::Algorithm`].
pub(crate) fn parts<'a, 'i>(
    signature: Node<'a, 'i>,
    parent: Node<'a, 'i>,
) -> Result<SignatureParts<'a, 'i>, ResponseError> {
    let children = children(signature, &[])?;
    let (signed_info, value) = match children.as_slice() {
        [signed_info, value] => (*signed_info, *value),
        [signed_info, value, key_info] if is(*key_info, "KeyInfo") => (*signed_info, *value),
        _ => return Err(shape("Signature has other parts than SignedInfo, SignatureValue and KeyInfo")),
    };
    let value = binary(value, "SignatureValue")?;

    let children = self::children(expect(signed_info, "SignedInfo")?, &[])?;
    let [canonicalization, signature_method, reference] = children.as_slice() else {
        return Err(shape("SignedInfo has other parts than CanonicalizationMethod, SignatureMethod and one Reference"));
    };
    let canonicalization = expect(*canonicalization, "CanonicalizationMethod")?;
    let signed_info_method = match algorithm(canonicalization)? {
        names::EXCLUSIVE => Canonicalization::Exclusive(prefix_list(canonicalization)?),
        names::INCLUSIVE => {
            is_leaf(canonicalization)?;
            Canonicalization::Inclusive
        }
        other => return Err(not_accepted(other)),
    };
    let signature_method = expect(*signature_method, "SignatureMethod")?;
    is_leaf(signature_method)?;
    let uri = algorithm(signature_method)?;
    let algorithm = SignatureAlgorithm::from_uri(uri).ok_or_else(|| not_accepted(uri))?;

    let reference = expect(*reference, "Reference")?;
    let (reference_method, digest, digest_value) = read_reference(reference, parent)?;
    Ok(SignatureParts {
        element: signature,
        signed_info,
        signed_info_method,
        reference_method,
        algorithm,
        digest,
        digest_value,
        value,
    })
}

fn read_reference(
    reference: Node<'_, '_>,
    parent: Node<'_, '_>,
) -> Result<(Canonicalization, Hash, Vec<u8>), ResponseError> {
    let id = document::attribute(parent, "ID").filter(|id| !id.is_empty());
    let uri = document::attribute(reference, "URI").and_then(|uri| uri.strip_prefix('#'));
    if uri.is_none() || uri != id {
        return Err(shape("the URI of Reference is not the ID of the signed element"));
    }
    let children = children(reference, &["URI"])?;
    let [transforms, digest_method, digest_value] = children.as_slice() else {
        return Err(shape("Reference has other parts than Transforms, DigestMethod and DigestValue"));
    };
    let transforms = self::children(expect(*transforms, "Transforms")?, &[])?;
    let [enveloped, exclusive] = transforms.as_slice() else {
        return Err(shape("Transforms are other than two"));
    };
    let (enveloped, exclusive) = (expect(*enveloped, "Transform")?, expect(*exclusive, "Transform")?);
    is_leaf(enveloped)?;
    if algorithm(enveloped)? != names::ENVELOPED || algorithm(exclusive)? != names::EXCLUSIVE {
        return Err(shape("Transforms are other than enveloped-signature and exclusive canonicalization"));
    }
    let digest_method = expect(*digest_method, "DigestMethod")?;
    is_leaf(digest_method)?;
    let uri = algorithm(digest_method)?;
    let digest = Hash::from_uri(uri).ok_or_else(|| not_accepted(uri))?;
    let digest_value = binary(*digest_value, "DigestValue")?;
    Ok((Canonicalization::Exclusive(prefix_list(exclusive)?), digest, digest_value))
}

fn shape(problem: &'static str) -> ResponseError {
    ResponseError::SignatureShape { problem }
}

fn not_accepted(uri: &str) -> ResponseError {
    let received = excerpt(uri);
    if uri.ends_with("sha1") { ResponseError::Sha1 { received } } else { ResponseError::Algorithm { received } }
}

fn is(node: Node<'_, '_>, name: &str) -> bool {
    document::is(node, names::SIGNATURE, name)
}

fn expect<'a, 'i>(node: Node<'a, 'i>, name: &str) -> Result<Node<'a, 'i>, ResponseError> {
    if is(node, name) { Ok(node) } else { Err(shape("an element is missing, or at another place")) }
}

/// The child elements of a container. White space between them is accepted, but nothing else, and no attributes besides
/// `Id` and those listed.
fn children<'a, 'i>(node: Node<'a, 'i>, attributes: &[&str]) -> Result<Vec<Node<'a, 'i>>, ResponseError> {
    has_only(node, attributes)?;
    let is_blank = |child: Node<'_, '_>| child.is_text() && child.text().unwrap_or_default().trim().is_empty();
    let (elements, others): (Vec<_>, Vec<_>) = node.children().partition(Node::is_element);
    if others.into_iter().all(is_blank) { Ok(elements) } else { Err(shape("text or a comment between elements")) }
}

fn has_only(node: Node<'_, '_>, attributes: &[&str]) -> Result<(), ResponseError> {
    let is_listed = |name: roxmltree::Attribute<'_, '_>| {
        name.namespace().is_none() && (name.name() == "Id" || attributes.contains(&name.name()))
    };
    if node.attributes().all(is_listed) { Ok(()) } else { Err(shape("an attribute that is not accepted")) }
}

/// The identifier in `Algorithm`, the only attribute.
fn algorithm<'a>(node: Node<'a, '_>) -> Result<&'a str, ResponseError> {
    has_only(node, &["Algorithm"])?;
    document::attribute(node, "Algorithm").ok_or_else(|| shape("an element has no Algorithm"))
}

/// An element with nothing in it.
fn is_leaf(node: Node<'_, '_>) -> Result<(), ResponseError> {
    match children(node, &["Algorithm"])?.as_slice() {
        [] => Ok(()),
        _ => Err(shape("an algorithm has parameters")),
    }
}

/// `InclusiveNamespaces/@PrefixList` of exclusive canonicalization.
fn prefix_list(node: Node<'_, '_>) -> Result<Vec<String>, ResponseError> {
    match children(node, &["Algorithm"])?.as_slice() {
        [] => Ok(Vec::new()),
        [parameters] if document::is(*parameters, names::EXCLUSIVE, "InclusiveNamespaces") => {
            if !children(*parameters, &["PrefixList"])?.is_empty() {
                return Err(shape("InclusiveNamespaces has elements"));
            }
            let list = document::attribute(*parameters, "PrefixList").unwrap_or_default();
            let prefixes: Vec<String> =
                list.split_ascii_whitespace().take(MAX_PREFIXES + 1).map(ToOwned::to_owned).collect();
            if prefixes.len() > MAX_PREFIXES { Err(shape("PrefixList is too long")) } else { Ok(prefixes) }
        }
        _ => Err(shape("an algorithm has other parameters than InclusiveNamespaces")),
    }
}

/// Base64 in an element of text only. A comment could hide a part of it from other readers.
fn binary(node: Node<'_, '_>, name: &str) -> Result<Vec<u8>, ResponseError> {
    let node = expect(node, name)?;
    has_only(node, &[])?;
    if !node.children().all(|child| child.is_text()) {
        return Err(shape("DigestValue or SignatureValue is not text only"));
    }
    let text = document::text(node).unwrap_or_default();
    let base64: String = text.split_ascii_whitespace().collect();
    match Base64::decode_vec(&base64) {
        Ok(bytes) if !bytes.is_empty() => Ok(bytes),
        _ => Err(shape("DigestValue or SignatureValue is not base64")),
    }
}
