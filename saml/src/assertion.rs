//! Assertions and responses as data (saml-core-2.0-os, sections 2 and 3.2).
//!
//! [`Scope`] is what an assertion is valid for. It identifies nobody, so a report may show it although nothing is verified.
//! [`AssertedSubject`] identifies a person and is read from a [`Verified`] only.

use crate::{
    document, names,
    response_error::{ResponseError, excerpt},
    structure,
    verified::Verified,
};
use domain::validation::text;
use roxmltree::{Document, Node};

/// Upper bound of a name identifier in bytes.
pub const MAX_NAME_ID: usize = 1_024;

/// The attributes of a response, and its issuer.
#[derive(Clone, Debug, Default)]
pub(crate) struct ResponseScope {
    pub(crate) issuer: Option<String>,
    pub(crate) destination: Option<String>,
    pub(crate) in_response_to: Option<String>,
}

impl ResponseScope {
    pub(crate) fn read(response: Node<'_, '_>) -> Result<Self, ResponseError> {
        Ok(Self {
            issuer: issuer(response)?,
            destination: owned(response, "Destination"),
            in_response_to: owned(response, "InResponseTo").filter(|id| !id.is_empty()),
        })
    }
}

/// What an assertion is valid for. Times are as written.
#[derive(Clone, Debug)]
pub(crate) struct Scope {
    pub(crate) id: String,
    pub(crate) issuer: Option<String>,
    pub(crate) issue_instant: Option<String>,
    pub(crate) not_before: Option<String>,
    pub(crate) not_on_or_after: Option<String>,
    /// The audiences of each restriction.
    pub(crate) audiences: Vec<Vec<String>>,
    /// The name of a condition that is not known.
    pub(crate) unknown_condition: Option<String>,
    /// The number of bearer confirmations.
    pub(crate) bearers: usize,
    /// The first bearer confirmation.
    pub(crate) confirmation: SubjectConfirmation,
    pub(crate) authentication: AuthnStatement,
}

/// `SubjectConfirmationData`.
#[derive(Clone, Debug, Default)]
pub(crate) struct SubjectConfirmation {
    pub(crate) recipient: Option<String>,
    pub(crate) in_response_to: Option<String>,
    pub(crate) not_before: Option<String>,
    pub(crate) not_on_or_after: Option<String>,
}

/// `AuthnStatement`.
#[derive(Clone, Debug)]
pub(crate) struct AuthnStatement {
    pub(crate) instant: Option<String>,
    pub(crate) session_index: Option<String>,
    pub(crate) session_not_on_or_after: Option<String>,
}

impl Scope {
    pub(crate) fn read(assertion: Node<'_, '_>) -> Result<Self, ResponseError> {
        let conditions = required(assertion, "Conditions")?;
        let subject = required(assertion, "Subject")?;
        let statement = required(assertion, "AuthnStatement")?;
        let bearers: Vec<_> = document::named(subject, names::ASSERTION, "SubjectConfirmation")
            .filter(|confirmation| document::attribute(*confirmation, "Method") == Some(names::BEARER))
            .collect();
        let mut audiences = Vec::new();
        for restriction in document::named(conditions, names::ASSERTION, "AudienceRestriction") {
            audiences.push(texts(restriction, "Audience")?);
        }
        Ok(Self {
            id: owned(assertion, "ID")
                .filter(|id| !id.is_empty())
                .ok_or(ResponseError::Missing { element: "Assertion/@ID" })?,
            issuer: issuer(assertion)?,
            issue_instant: owned(assertion, "IssueInstant"),
            not_before: owned(conditions, "NotBefore"),
            not_on_or_after: owned(conditions, "NotOnOrAfter"),
            audiences,
            unknown_condition: unknown_condition(conditions),
            bearers: bearers.len(),
            confirmation: bearers
                .first()
                .map_or(Ok(SubjectConfirmation::default()), |first| SubjectConfirmation::read(*first))?,
            authentication: AuthnStatement {
                instant: owned(statement, "AuthnInstant"),
                session_index: owned(statement, "SessionIndex"),
                session_not_on_or_after: owned(statement, "SessionNotOnOrAfter"),
            },
        })
    }
}

impl SubjectConfirmation {
    fn read(confirmation: Node<'_, '_>) -> Result<Self, ResponseError> {
        let data = required(confirmation, "SubjectConfirmationData")?;
        Ok(Self {
            recipient: owned(data, "Recipient"),
            in_response_to: owned(data, "InResponseTo").filter(|id| !id.is_empty()),
            not_before: owned(data, "NotBefore"),
            not_on_or_after: owned(data, "NotOnOrAfter"),
        })
    }
}

/// `NameID` with its qualifiers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NameId {
    /// The identifier, as the provider wrote it.
    pub value: String,
    /// The format; `unspecified` if the provider named none.
    pub format: String,
    /// `NameQualifier`.
    pub name_qualifier: Option<String>,
    /// `SPNameQualifier`.
    pub sp_name_qualifier: Option<String>,
}

impl NameId {
    /// Whether the identifier changes with each sign-in. Such an identifier identifies nobody.
    pub fn is_transient(&self) -> bool {
        self.format == names::TRANSIENT
    }
}

/// One attribute with its values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SamlAttribute {
    /// The full name.
    pub name: String,
    /// `NameFormat`.
    pub name_format: Option<String>,
    /// `FriendlyName`.
    pub friendly_name: Option<String>,
    /// The values that are texts. A `NameID` as a value counts as its text.
    pub values: Vec<String>,
}

/// The person in an assertion.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AssertedSubject {
    /// The name identifier.
    pub name_id: NameId,
    /// The attributes, in the order of the assertion.
    pub attributes: Vec<SamlAttribute>,
}

/// Scope and subject of an assertion whose octets were verified, parsed from these octets.
pub(crate) struct VerifiedAssertion<'a> {
    document: Document<'a>,
}

impl<'a> VerifiedAssertion<'a> {
    pub(crate) fn parse(verified: &'a Verified) -> Result<Self, ResponseError> {
        Ok(Self { document: document::parse_trusted(verified.octets())? })
    }

    /// The response, if it is what was signed.
    pub(crate) fn response(&self) -> Result<Option<ResponseScope>, ResponseError> {
        let root = self.document.root_element();
        let is_response = document::is(root, names::PROTOCOL, "Response");
        is_response.then(|| ResponseScope::read(root)).transpose()
    }

    pub(crate) fn scope(&self) -> Result<Scope, ResponseError> {
        Scope::read(self.assertion()?)
    }

    pub(crate) fn subject(&self) -> Result<AssertedSubject, ResponseError> {
        let assertion = self.assertion()?;
        Ok(AssertedSubject { name_id: name_id(required(assertion, "Subject")?)?, attributes: attributes(assertion)? })
    }

    fn assertion(&self) -> Result<Node<'_, 'a>, ResponseError> {
        let root = self.document.root_element();
        let structure = if document::is(root, names::PROTOCOL, "Response") {
            structure::of_response(root)?
        } else {
            structure::of_assertion(root)?
        };
        Ok(structure.assertion)
    }
}

fn name_id(subject: Node<'_, '_>) -> Result<NameId, ResponseError> {
    let node = required(subject, "NameID")?;
    let value = document::text(node).ok_or(ResponseError::Malformed { element: "NameID" })?;
    let length = value.len();
    let is_accepted = !value.is_empty() && length <= MAX_NAME_ID && value.trim() == value && !text::has_hidden(&value);
    if !is_accepted {
        return Err(ResponseError::NameId { length });
    }
    Ok(NameId {
        value,
        format: owned(node, "Format").unwrap_or_else(|| names::UNSPECIFIED.to_owned()),
        name_qualifier: owned(node, "NameQualifier"),
        sp_name_qualifier: owned(node, "SPNameQualifier"),
    })
}

fn attributes(assertion: Node<'_, '_>) -> Result<Vec<SamlAttribute>, ResponseError> {
    document::named(assertion, names::ASSERTION, "AttributeStatement")
        .flat_map(|statement| document::named(statement, names::ASSERTION, "Attribute"))
        .map(|attribute| {
            Ok(SamlAttribute {
                name: owned(attribute, "Name").ok_or(ResponseError::Missing { element: "Attribute/@Name" })?,
                name_format: owned(attribute, "NameFormat"),
                friendly_name: owned(attribute, "FriendlyName"),
                values: document::named(attribute, names::ASSERTION, "AttributeValue").filter_map(value).collect(),
            })
        })
        .collect()
}

fn value(value: Node<'_, '_>) -> Option<String> {
    document::text(value).or_else(|| {
        let mut elements = document::elements(value);
        let only = elements.next().filter(|only| document::is(*only, names::ASSERTION, "NameID"))?;
        elements.next().is_none().then(|| document::text(only))?
    })
}

fn issuer(parent: Node<'_, '_>) -> Result<Option<String>, ResponseError> {
    let malformed = ResponseError::Malformed { element: "Issuer" };
    let issuer = optional(parent, "Issuer")?;
    issuer.map(|issuer| document::text(issuer).ok_or(malformed)).transpose()
}

/// The first condition besides those of saml-core-2.0-os, section 2.5.1.
fn unknown_condition(conditions: Node<'_, '_>) -> Option<String> {
    let is_known = |node: &Node<'_, '_>| {
        ["AudienceRestriction", "OneTimeUse", "ProxyRestriction"]
            .iter()
            .any(|name| document::is(*node, names::ASSERTION, name))
    };
    document::elements(conditions).find(|node| !is_known(node)).map(|node| excerpt(node.tag_name().name()))
}

fn texts(parent: Node<'_, '_>, name: &'static str) -> Result<Vec<String>, ResponseError> {
    document::named(parent, names::ASSERTION, name)
        .map(|node| document::text(node).ok_or(ResponseError::Malformed { element: name }))
        .collect()
}

/// The only child with this name.
fn optional<'a, 'i>(parent: Node<'a, 'i>, name: &'static str) -> Result<Option<Node<'a, 'i>>, ResponseError> {
    let mut nodes = document::named(parent, names::ASSERTION, name);
    match (nodes.next(), nodes.next()) {
        (node, None) => Ok(node),
        (_, Some(_)) => Err(ResponseError::Malformed { element: name }),
    }
}

fn required<'a, 'i>(parent: Node<'a, 'i>, name: &'static str) -> Result<Node<'a, 'i>, ResponseError> {
    optional(parent, name)?.ok_or(ResponseError::Missing { element: name })
}

fn owned(node: Node<'_, '_>, name: &str) -> Option<String> {
    document::attribute(node, name).map(ToOwned::to_owned)
}
