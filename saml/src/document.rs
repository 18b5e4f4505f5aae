//! XML documents: one parser with one set of options for everything that is read, and access by namespace.

use crate::{document_error::XmlError, prepass, prepass::Limits};
use roxmltree::{Document, Node, ParsingOptions};
use std::collections::BTreeSet;

/// Upper bound of the nodes of a document, texts and comments among them.
const MAX_NODES: u32 = 1_000_000;

/// Parses a document after the [pre-pass](prepass::scan).
///
/// # Errors
/// Those of the pre-pass, [`XmlError::NotWellFormed`] and [`XmlError::RepeatedId`].
pub(crate) fn parse<'a>(text: &'a str, limits: &Limits) -> Result<Document<'a>, XmlError> {
    prepass::scan(text, limits)?;
    let document = parse_trusted(text)?;
    distinct_ids(&document)?;
    Ok(document)
}

/// Parses a text without limits: one that was parsed before or one of our own.
///
/// # Errors
/// [`XmlError::NotWellFormed`].
pub(crate) fn parse_trusted(text: &str) -> Result<Document<'_>, XmlError> {
    let options = ParsingOptions { allow_dtd: false, nodes_limit: MAX_NODES, ..ParsingOptions::default() };
    Document::parse_with_options(text, options).map_err(|_| XmlError::NotWellFormed)
}

/// No two attributes called `ID`, in any spelling and any namespace, have one value. So a reference has one target,
/// regardless of what the reader takes for an id.
fn distinct_ids(document: &Document<'_>) -> Result<(), XmlError> {
    let mut ids = BTreeSet::new();
    for attribute in document.descendants().flat_map(|node| node.attributes()) {
        if attribute.name().eq_ignore_ascii_case("id") && !ids.insert(attribute.value()) {
            return Err(XmlError::RepeatedId(attribute.value().chars().take(200).collect()));
        }
    }
    Ok(())
}

/// Whether the node is an element with this name.
pub(crate) fn is(node: Node<'_, '_>, namespace: &str, name: &str) -> bool {
    node.is_element() && node.tag_name().name() == name && node.tag_name().namespace() == Some(namespace)
}

/// The child elements.
pub(crate) fn elements<'a, 'i>(node: Node<'a, 'i>) -> impl Iterator<Item = Node<'a, 'i>> {
    node.children().filter(Node::is_element)
}

/// The child elements with this name.
pub(crate) fn named<'a, 'i>(
    node: Node<'a, 'i>,
    namespace: &'a str,
    name: &'a str,
) -> impl Iterator<Item = Node<'a, 'i>> {
    node.children().filter(move |child| is(*child, namespace, name))
}

/// The value of an attribute without namespace.
pub(crate) fn attribute<'a>(node: Node<'a, '_>, name: &str) -> Option<&'a str> {
    node.attributes()
        .find(|attribute| attribute.namespace().is_none() && attribute.name() == name)
        .map(|attribute| attribute.value())
}

/// The whole text of an element, also if comments split it. `None`: it contains elements.
pub(crate) fn text(node: Node<'_, '_>) -> Option<String> {
    let mut text = String::new();
    for child in node.children() {
        if child.is_element() {
            return None;
        }
        if child.is_text() {
            text.push_str(child.text().unwrap_or_default());
        }
    }
    Some(text)
}

/// Escapes a text for an element or an attribute in double quotes.
pub(crate) fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
