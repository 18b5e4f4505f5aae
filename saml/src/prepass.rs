//! A linear scan of XML before it is parsed. It bounds what the parser and the checks after it can be made to do.
//!
//! The scan reads markup as far as its limits need. The parser decides whether the document is well-formed.

use crate::document_error::XmlError;
use std::borrow::Cow;

/// Upper bounds of a document.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limits {
    /// Nested elements.
    pub(crate) depth: usize,
    /// Elements of the document.
    pub(crate) elements: usize,
    /// Attributes of one element. The parser compares each with each.
    pub(crate) attributes: usize,
    /// Namespace declarations of one element.
    pub(crate) declarations: usize,
    /// Attributes and namespace declarations of the document.
    pub(crate) all_attributes: usize,
    /// Namespace declarations of an element and its ancestors. The parser copies them for each element that declares one.
    pub(crate) in_scope: usize,
    /// Whether processing instructions are skipped. Otherwise they are an error.
    pub(crate) instructions: bool,
}

impl Limits {
    /// A response of a provider.
    pub(crate) const RESPONSE: Self = Self {
        depth: 32,
        elements: 2_000,
        attributes: 64,
        declarations: 32,
        all_attributes: 8_000,
        in_scope: 64,
        instructions: false,
    };
    /// Metadata, which may describe a whole federation.
    pub(crate) const METADATA: Self =
        Self { elements: 100_000, all_attributes: 400_000, instructions: true, ..Self::RESPONSE };
}

/// Decodes UTF-8 without a byte order mark, and translates line ends as XML 1.0 prescribes before parsing (section 2.11). The
/// parser keeps a single CR before a reference, so it would digest other octets than the signer.
///
/// # Errors
/// [`XmlError::Encoding`].
pub(crate) fn decode(bytes: &[u8]) -> Result<Cow<'_, str>, XmlError> {
    let text = utf8(bytes)?;
    if text.contains('\r') {
        Ok(Cow::Owned(text.replace("\r\n", "\n").replace('\r', "\n")))
    } else {
        Ok(Cow::Borrowed(text))
    }
}

fn utf8(bytes: &[u8]) -> Result<&str, XmlError> {
    let encoding = match bytes {
        [0xEF, 0xBB, 0xBF, ..] => "UTF-8 with a byte order mark",
        [0xFE, 0xFF, ..] | [0xFF, 0xFE, ..] | [0, ..] | [b'<', 0, ..] => "UTF-16 or UTF-32",
        _ => return std::str::from_utf8(bytes).map_err(|_| XmlError::Encoding("not UTF-8".to_owned())),
    };
    Err(XmlError::Encoding(encoding.to_owned()))
}

/// Scans a document.
///
/// # Errors
/// The first limit that is exceeded, or the first construct that is not accepted.
pub(crate) fn scan(text: &str, limits: &Limits) -> Result<(), XmlError> {
    // NUL and other control characters are never part of XML 1.0.
    let is_character =
        |c: char| !matches!(c, '\0'..='\u{8}' | '\u{B}' | '\u{C}' | '\u{E}'..='\u{1F}' | '\u{FFFE}' | '\u{FFFF}');
    if !text.chars().all(is_character) {
        return Err(XmlError::Character);
    }
    let mut rest = declaration(text)?;
    // The number of namespace declarations of each open element.
    let mut open: Vec<usize> = Vec::new();
    let (mut elements, mut all_attributes, mut in_scope) = (0, 0, 0);
    while let Some((_, markup)) = rest.split_once('<') {
        rest = if let Some(comment) = markup.strip_prefix("!--") {
            after(comment, "-->")?
        } else if let Some(data) = markup.strip_prefix("![CDATA[") {
            after(data, "]]>")?
        } else if markup.starts_with('!') {
            return Err(XmlError::Doctype);
        } else if let Some(instruction) = markup.strip_prefix('?') {
            if !limits.instructions {
                return Err(XmlError::ProcessingInstruction);
            }
            after(instruction, "?>")?
        } else if let Some(end) = markup.strip_prefix('/') {
            in_scope -= open.pop().ok_or(XmlError::NotWellFormed)?;
            after(end, ">")?
        } else {
            let tag = start_tag(markup, limits)?;
            elements += 1;
            within(elements, limits.elements, "elements")?;
            all_attributes += tag.attributes + tag.declarations;
            within(all_attributes, limits.all_attributes, "attributes and namespace declarations")?;
            within(open.len() + 1, limits.depth, "nested elements")?;
            within(in_scope + tag.declarations, limits.in_scope, "namespace declarations in scope")?;
            if !tag.is_empty {
                open.push(tag.declarations);
                in_scope += tag.declarations;
            }
            tag.rest
        };
    }
    Ok(())
}

fn within(actual: usize, max: usize, what: &'static str) -> Result<(), XmlError> {
    if actual > max { Err(XmlError::TooLarge { what, max }) } else { Ok(()) }
}

fn after<'a>(text: &'a str, end: &str) -> Result<&'a str, XmlError> {
    text.split_once(end).map(|(_, rest)| rest).ok_or(XmlError::NotWellFormed)
}

/// Skips the XML declaration, and checks its encoding.
fn declaration(text: &str) -> Result<&str, XmlError> {
    let Some(declaration) = text.strip_prefix("<?xml").filter(|rest| rest.starts_with(is_space)) else {
        return Ok(text);
    };
    let (mut fields, rest) = declaration.split_once("?>").ok_or(XmlError::NotWellFormed)?;
    loop {
        fields = fields.trim_start_matches(is_space);
        if fields.is_empty() {
            return Ok(rest);
        }
        let (name, value, others) = attribute(fields)?;
        fields = others;
        match name {
            "version" if value != "1.0" => return Err(XmlError::NotWellFormed),
            "encoding" if !value.eq_ignore_ascii_case("utf-8") => {
                return Err(XmlError::Encoding(value.chars().take(40).collect()));
            }
            _ => {}
        }
    }
}

/// A start tag.
struct StartTag<'a> {
    attributes: usize,
    declarations: usize,
    is_empty: bool,
    rest: &'a str,
}

fn start_tag<'a>(markup: &'a str, limits: &Limits) -> Result<StartTag<'a>, XmlError> {
    let mut rest = markup.trim_start_matches(|c| !is_space(c) && !matches!(c, '/' | '>' | '<' | '='));
    let (mut attributes, mut declarations) = (0, 0);
    loop {
        rest = rest.trim_start_matches(is_space);
        if let Some(rest) = rest.strip_prefix("/>") {
            return Ok(StartTag { attributes, declarations, is_empty: true, rest });
        }
        if let Some(rest) = rest.strip_prefix('>') {
            return Ok(StartTag { attributes, declarations, is_empty: false, rest });
        }
        let (name, value, others) = attribute(rest)?;
        rest = others;
        if name == "xmlns" || name.starts_with("xmlns:") {
            declarations += 1;
            within(declarations, limits.declarations, "namespace declarations of one element")?;
            // `xmlns=""` takes the default namespace back.
            let undeclares = value.is_empty() && name == "xmlns";
            if !is_absolute(value) && !undeclares {
                return Err(XmlError::RelativeNamespace(value.chars().take(200).collect()));
            }
        } else {
            attributes += 1;
            within(attributes, limits.attributes, "attributes of one element")?;
        }
    }
}

/// The name and the raw value of the first attribute, and the text after it.
fn attribute(text: &str) -> Result<(&str, &str, &str), XmlError> {
    let (name, rest) = text.split_once('=').ok_or(XmlError::NotWellFormed)?;
    let name = name.trim_end_matches(is_space);
    let rest = rest.trim_start_matches(is_space);
    let (value, rest) = if let Some(quoted) = rest.strip_prefix('"') {
        quoted.split_once('"').ok_or(XmlError::NotWellFormed)?
    } else {
        rest.strip_prefix('\'').and_then(|quoted| quoted.split_once('\'')).ok_or(XmlError::NotWellFormed)?
    };
    let is_name = !name.is_empty() && !name.contains(|c| is_space(c) || matches!(c, '<' | '>' | '"' | '\'' | '/'));
    if is_name && !value.contains('<') { Ok((name, value, rest)) } else { Err(XmlError::NotWellFormed) }
}

const fn is_space(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\r' | '\n')
}

/// Whether a URI starts with a scheme (RFC 3986, section 3.1). libxml2 refuses to canonicalise relative namespaces and
/// then returns an empty text, which attackers used to have anything verified.
fn is_absolute(uri: &str) -> bool {
    uri.split_once(':').is_some_and(|(scheme, _)| {
        scheme.starts_with(|c: char| c.is_ascii_alphabetic())
            && scheme.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'-' | b'.'))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn response(text: &str) -> Result<(), XmlError> {
        scan(text, &Limits::RESPONSE)
    }

    #[test]
    fn markup_of_every_kind_is_skipped() {
        let text = "<?xml version='1.0' encoding=\"utf-8\"?>\n<a b='>' c=\"/>\"><!-- <x> --><![CDATA[<y>]]><d/ ></a>";
        assert_eq!(response(text), Err(XmlError::NotWellFormed), "a space in a tag's end");
        assert_eq!(response(&text.replace("/ >", "/>")), Ok(()));
    }

    #[test]
    fn each_limit_has_a_last_accepted_document() {
        let list = |piece: &str, n: usize| (0..n).map(|i| piece.replace('#', &i.to_string())).collect::<String>();
        let nested = |n: usize| format!("{}{}", "<a>".repeat(n), "</a>".repeat(n));
        let siblings = |n: usize| format!("<a>{}</a>", "<b/>".repeat(n - 1));
        let attributes = |n: usize| format!("<a {}/>", list("b#='' ", n));
        let declarations = |n: usize| format!("<a {}/>", list("xmlns:b#='u:x' ", n));
        let all_attributes = |n: usize| {
            let element = format!("<b {}/>", list("c#='' ", 50));
            format!("<a>{}<b {}/></a>", element.repeat(n / 50), list("c#='' ", n % 50))
        };
        let in_scope = |n: usize| {
            format!(
                "<a {}><b {}><c {}/></b></a>",
                list("xmlns:b#='u:x' ", 30),
                list("xmlns:c#='u:x' ", 30),
                list("xmlns:d#='u:x' ", n - 60)
            )
        };
        let limits: [(&dyn Fn(usize) -> String, usize); 6] = [
            (&nested, 32),
            (&siblings, 2_000),
            (&attributes, 64),
            (&declarations, 32),
            (&all_attributes, 8_000),
            (&in_scope, 64),
        ];
        for (document, max) in limits {
            assert_eq!(response(&document(max)), Ok(()), "{max}");
            assert!(matches!(response(&document(max + 1)), Err(XmlError::TooLarge { .. })), "{max}");
        }
    }

    #[test]
    fn constructs_that_are_not_accepted_have_their_own_errors() {
        for (text, error) in [
            ("<!DOCTYPE a><a/>", XmlError::Doctype),
            ("<a><!ENTITY b 'c'></a>", XmlError::Doctype),
            ("<a><?b c?></a>", XmlError::ProcessingInstruction),
            (" <?xml version='1.0'?><a/>", XmlError::ProcessingInstruction),
            ("<?xml version='1.1'?><a/>", XmlError::NotWellFormed),
            ("<?xml version='1.0' encoding='UTF-16'?><a/>", XmlError::Encoding("UTF-16".to_owned())),
            ("<a xmlns='b'/>", XmlError::RelativeNamespace("b".to_owned())),
            ("<a xmlns:c='../b'/>", XmlError::RelativeNamespace("../b".to_owned())),
            ("<a xmlns:c=''/>", XmlError::RelativeNamespace(String::new())),
            ("<a>\0</a>", XmlError::Character),
            ("</a>", XmlError::NotWellFormed),
            ("<a", XmlError::NotWellFormed),
            ("<a b", XmlError::NotWellFormed),
            ("<a b='<'/>", XmlError::NotWellFormed),
            ("<!--", XmlError::NotWellFormed),
        ] {
            assert_eq!(response(text), Err(error), "{text}");
        }
        assert_eq!(response("<a xmlns=''/>"), Ok(()));
        assert_eq!(scan("<?b c?><a/>", &Limits::METADATA), Ok(()));
    }

    proptest! {
        #[test]
        fn no_text_panics(text in "[<>/!?'\"= a:\\[\\]x-]{0,40}") {
            let _ = response(&text);
        }
    }
}
