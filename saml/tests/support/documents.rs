//! Random documents with namespaces, prefixes, attributes, references, CDATA, comments and line ends of every kind.

use proptest::{collection::vec, prelude::*};
use std::collections::{BTreeMap, BTreeSet};

const PREFIXES: [&str; 4] = ["", "a", "b", "saml"];
/// Without `&`, because libxml2 does not escape it in a namespace and so writes a text that is not well-formed.
const URIS: [&str; 4] = ["urn:x", "http://y.test/z?a=b", "urn:oasis:names:tc:SAML:2.0:assertion", "a:"];
const NAMES: [&str; 4] = ["e", "f", "É", "g-1.x"];

/// A generated element. Numbers are indexes, so that every value renders to a well-formed document.
#[derive(Clone, Debug)]
pub struct Element {
    prefix: usize,
    name: usize,
    declarations: Vec<(usize, usize)>,
    /// Prefix (4 is `xml`), name, quote and pieces of the value.
    attributes: Vec<(usize, usize, bool, Vec<usize>)>,
    declarations_first: bool,
    children: Vec<Child>,
}

#[derive(Clone, Debug)]
enum Child {
    Element(Element),
    Text(usize),
    /// Followed by a letter, so that without the comment no CR and LF meet.
    Comment,
}

const VALUES: [&str; 20] = [
    "a",
    "B",
    " ",
    "  ",
    "&amp;",
    "&lt;",
    "&gt;",
    "&quot;",
    "&apos;",
    "&#9;",
    "&#10;",
    "&#13;",
    "\t",
    "\n",
    "\r\n",
    ">",
    "\u{e9}",
    "\u{1d11e}",
    "&#x1F600;",
    "/",
];
const TEXTS: [&str; 18] = [
    "a",
    " ",
    "\n  ",
    "\r\n",
    "\r",
    "\t",
    "&amp;",
    "&lt;",
    "&gt;",
    ">",
    "\"",
    "'",
    "&#13;",
    "&#xA;",
    "\u{e9}",
    "<![CDATA[ <&>]] ]]>",
    "<![CDATA[]]>",
    "<?p d e?>",
];

/// A strategy for elements of a bounded size.
pub fn element() -> impl Strategy<Value = Element> {
    let leaf = tag(Just(Vec::new()).boxed());
    leaf.prop_recursive(4, 40, 5, |inner| {
        let child = prop_oneof![
            3 => inner.prop_map(Child::Element),
            3 => (0..TEXTS.len()).prop_map(Child::Text),
            1 => Just(Child::Comment),
        ];
        tag(vec(child, 0..6).boxed())
    })
}

fn tag(children: BoxedStrategy<Vec<Child>>) -> BoxedStrategy<Element> {
    let declarations = vec((0..PREFIXES.len(), 0..=URIS.len()), 0..4);
    let attributes = vec((0..5usize, 0..NAMES.len(), any::<bool>(), vec(0..VALUES.len(), 0..4)), 0..5);
    (0..PREFIXES.len(), 0..NAMES.len(), declarations, attributes, any::<bool>(), children)
        .prop_map(|(prefix, name, declarations, attributes, declarations_first, children)| Element {
            prefix,
            name,
            declarations,
            attributes,
            declarations_first,
            children,
        })
        .boxed()
}

type Scope = BTreeMap<&'static str, String>;

impl Element {
    pub fn render(&self, with_comments: bool) -> String {
        let mut xml = String::new();
        self.write(&mut xml, &Scope::new(), with_comments, "");
        xml
    }

    /// Renders the document with `inner` as the first child of its first nested element, or of its root.
    pub fn render_around(&self, inner: &str) -> String {
        let mut xml = String::new();
        self.write(&mut xml, &Scope::new(), true, inner);
        xml
    }

    fn write(&self, xml: &mut String, outer: &Scope, with_comments: bool, inner: &str) {
        let mut scope = outer.clone();
        let mut declared: BTreeMap<&'static str, &'static str> = BTreeMap::new();
        for (prefix, uri) in &self.declarations {
            let uri = URIS.get(*uri).copied().unwrap_or_default();
            // Only the default namespace can be taken back.
            if !uri.is_empty() || *prefix == 0 {
                declared.insert(PREFIXES[*prefix], uri);
            }
        }
        for (prefix, uri) in &declared {
            scope.insert(prefix, (*uri).to_owned());
        }
        let prefixes = self.attributes.iter().map(|attribute| attribute.0).filter(|prefix| (1..4).contains(prefix));
        for prefix in prefixes.chain((self.prefix > 0).then_some(self.prefix)) {
            if !scope.contains_key(PREFIXES[prefix]) {
                declared.insert(PREFIXES[prefix], URIS[prefix]);
                scope.insert(PREFIXES[prefix], URIS[prefix].to_owned());
            }
        }
        let mut declarations = String::new();
        for (prefix, uri) in declared.iter().rev() {
            let name = if prefix.is_empty() { "xmlns".to_owned() } else { format!("xmlns:{prefix}") };
            declarations.push_str(&format!("\n {name} = \"{uri}\""));
        }
        let mut attributes = String::new();
        let mut expanded = BTreeSet::new();
        for (prefix, name, quote, value) in &self.attributes {
            let prefix = if *prefix == 4 { "xml" } else { PREFIXES[*prefix] };
            let uri = if prefix.is_empty() { "" } else { scope.get(prefix).map_or(prefix, String::as_str) };
            if expanded.insert((uri.to_owned(), *name)) {
                let quote = if *quote { '"' } else { '\'' };
                let value: String = value.iter().map(|piece| VALUES[*piece]).collect();
                attributes.push_str(&format!(" {}={quote}{value}{quote}", qualified(prefix, NAMES[*name])));
            }
        }
        let name = qualified(PREFIXES[self.prefix], NAMES[self.name]);
        let tag = if self.declarations_first { declarations + &attributes } else { attributes + &declarations };
        if self.children.is_empty() && inner.is_empty() {
            xml.push_str(&format!("<{name}{tag} />"));
            return;
        }
        xml.push_str(&format!("<{name}{tag}>"));
        let mut inner = inner;
        if !self.children.iter().any(|child| matches!(child, Child::Element(_))) {
            xml.push_str(std::mem::take(&mut inner));
        }
        for child in &self.children {
            match child {
                Child::Element(element) => element.write(xml, &scope, with_comments, std::mem::take(&mut inner)),
                Child::Text(text) => xml.push_str(TEXTS[*text]),
                Child::Comment => xml.push_str(if with_comments { "<!-- <c/> & -->x" } else { "x" }),
            }
        }
        xml.push_str(&format!("</{name}\t>"));
    }
}

fn qualified(prefix: &str, name: &str) -> String {
    if prefix.is_empty() { name.to_owned() } else { format!("{prefix}:{name}") }
}
