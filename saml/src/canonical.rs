//! Canonicalization: an element as the octets that are digested.
//!
//! Exclusive XML Canonicalization 1.0 (W3C, 18 July 2002) and Canonical XML 1.0 (W3C, 15 March 2001), both without
//! comments. The input is one element with its descendants, possibly without one of them (the enveloped signature).

use roxmltree::{Node, NodeId};

const XML: &str = "http://www.w3.org/XML/1998/namespace";

/// The method of canonicalization.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Canonicalization {
    /// Exclusive, with the prefixes of `InclusiveNamespaces/@PrefixList`. `#default` is the default namespace.
    Exclusive(Vec<String>),
    /// Inclusive.
    Inclusive,
}

/// The canonical form of `apex`, without the element `omitted`.
///
/// The tree is walked with a stack of its own, because input decides how deep it is.
pub fn canonicalize(apex: Node<'_, '_>, method: &Canonicalization, omitted: Option<NodeId>) -> String {
    let mut writer = Writer { method, output: String::new(), rendered: Vec::new(), marks: Vec::new() };
    let is_open = |node: Node<'_, '_>| node.is_element() && Some(node.id()) != omitted;
    let mut node = apex;
    loop {
        if is_open(node) {
            writer.start(node, node == apex);
            if let Some(child) = node.first_child() {
                node = child;
                continue;
            }
        } else if !node.is_element() {
            writer.leaf(node);
        }
        loop {
            if is_open(node) {
                writer.end(node);
            }
            if node == apex {
                return writer.output;
            }
            if let Some(sibling) = node.next_sibling() {
                node = sibling;
                break;
            }
            let Some(parent) = node.parent() else { return writer.output };
            node = parent;
        }
    }
}

struct Writer<'m, 'a> {
    method: &'m Canonicalization,
    output: String,
    /// The rendered namespace declarations of the open elements, the innermost last.
    rendered: Vec<(&'a str, &'a str)>,
    /// The length of `rendered` before each open element.
    marks: Vec<usize>,
}

impl<'a> Writer<'_, 'a> {
    fn start(&mut self, element: Node<'a, '_>, is_apex: bool) {
        self.marks.push(self.rendered.len());
        self.output.push('<');
        self.output.push_str(qualified_name(element));
        for prefix in self.prefixes(element) {
            let uri = in_scope(element, prefix);
            if uri == self.last_rendered(prefix) {
                continue;
            }
            self.rendered.push((prefix, uri));
            self.output.push_str(if prefix.is_empty() { " xmlns" } else { " xmlns:" });
            self.value(prefix, uri);
        }
        let mut attributes: Vec<Attribute<'a>> = element.attributes().map(|a| attribute(element, a)).collect();
        if is_apex && *self.method == Canonicalization::Inclusive {
            inherit(element, &mut attributes);
        }
        attributes.sort_by_key(|attribute| (attribute.namespace, attribute.local));
        for attribute in attributes {
            self.output.push(' ');
            self.value(attribute.name, attribute.value);
        }
        self.output.push('>');
    }

    fn end(&mut self, element: Node<'a, '_>) {
        self.rendered.truncate(self.marks.pop().unwrap_or_default());
        self.output.push_str("</");
        self.output.push_str(qualified_name(element));
        self.output.push('>');
    }

    /// A text or a processing instruction. Comments are left out.
    fn leaf(&mut self, node: Node<'a, '_>) {
        if let Some(instruction) = node.pi() {
            self.output.push_str("<?");
            self.output.push_str(instruction.target);
            if let Some(value) = instruction.value {
                self.output.push(' ');
                self.output.push_str(value);
            }
            self.output.push_str("?>");
        } else if node.is_text() {
            for c in node.text().unwrap_or_default().chars() {
                match c {
                    '&' => self.output.push_str("&amp;"),
                    '<' => self.output.push_str("&lt;"),
                    '>' => self.output.push_str("&gt;"),
                    '\r' => self.output.push_str("&#xD;"),
                    _ => self.output.push(c),
                }
            }
        }
    }

    /// `name="value"`.
    fn value(&mut self, name: &str, value: &str) {
        self.output.push_str(name);
        self.output.push_str("=\"");
        for c in value.chars() {
            match c {
                '&' => self.output.push_str("&amp;"),
                '<' => self.output.push_str("&lt;"),
                '"' => self.output.push_str("&quot;"),
                '\t' => self.output.push_str("&#x9;"),
                '\n' => self.output.push_str("&#xA;"),
                '\r' => self.output.push_str("&#xD;"),
                _ => self.output.push(c),
            }
        }
        self.output.push('"');
    }

    /// The prefixes whose declarations belong to this element, in canonical order. The default namespace is "".
    fn prefixes(&self, element: Node<'a, '_>) -> Vec<&'a str> {
        let declared = element.namespaces().map(|namespace| namespace.name().unwrap_or_default());
        let mut prefixes: Vec<&'a str> = match self.method {
            Canonicalization::Inclusive => declared.chain([""]).collect(),
            Canonicalization::Exclusive(listed) => {
                let is_listed = |prefix: &&str| {
                    listed.iter().any(|listed| listed == prefix || (prefix.is_empty() && listed == "#default"))
                };
                let mut prefixes: Vec<&'a str> = declared.chain([""]).filter(is_listed).collect();
                prefixes.push(prefix(qualified_name(element)));
                let of_attributes = element.attributes().map(|a| prefix(attribute(element, a).name));
                prefixes.extend(of_attributes.filter(|prefix| !prefix.is_empty()));
                prefixes
            }
        };
        prefixes.retain(|prefix| *prefix != "xml");
        prefixes.sort_unstable();
        prefixes.dedup();
        prefixes
    }

    fn last_rendered(&self, prefix: &str) -> &'a str {
        self.rendered.iter().rev().find(|(rendered, _)| *rendered == prefix).map_or("", |(_, uri)| uri)
    }
}

/// An attribute with its name as written.
struct Attribute<'a> {
    name: &'a str,
    namespace: &'a str,
    local: &'a str,
    value: &'a str,
}

fn attribute<'a>(element: Node<'a, '_>, attribute: roxmltree::Attribute<'a, '_>) -> Attribute<'a> {
    let name = element.document().input_text().get(attribute.range_qname()).unwrap_or_default();
    Attribute {
        name,
        namespace: attribute.namespace().unwrap_or_default(),
        local: attribute.name(),
        value: attribute.value(),
    }
}

/// Canonical XML gives the apex the `xml:` attributes of its ancestors, the nearest first.
fn inherit<'a>(apex: Node<'a, '_>, attributes: &mut Vec<Attribute<'a>>) {
    for ancestor in apex.ancestors().skip(1) {
        for inherited in ancestor.attributes().filter(|a| a.namespace() == Some(XML)) {
            if !attributes.iter().any(|own| own.namespace == XML && own.local == inherited.name()) {
                attributes.push(attribute(ancestor, inherited));
            }
        }
    }
}

/// The name of an element as written, because the tree keeps no prefixes.
fn qualified_name<'a>(element: Node<'a, '_>) -> &'a str {
    let tag = element.document().input_text().get(element.range()).unwrap_or_default();
    let tag = tag.strip_prefix('<').unwrap_or(tag);
    tag.split([' ', '\t', '\r', '\n', '/', '>']).next().unwrap_or_default()
}

fn prefix(name: &str) -> &str {
    name.split_once(':').map_or("", |(prefix, _)| prefix)
}

/// The URI that a prefix has at this element. "": none.
fn in_scope<'a>(element: Node<'a, '_>, prefix: &str) -> &'a str {
    element
        .namespaces()
        .find(|namespace| namespace.name().unwrap_or_default() == prefix)
        .map_or("", |namespace| namespace.uri())
}
