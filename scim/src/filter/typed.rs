//! Type checks of comparisons (RFC 7644, section 3.4.2.2): operators and values against the attribute's type.

use super::{Instant, Literal, Operator};
use crate::{AttributePath, Normalizations, schema::Type};

/// A value in the text of a filter.
pub(super) enum Written<'t> {
    /// In double quotes, the correct form of text.
    Quoted(String),
    /// Without quotes.
    Bare(&'t str),
}

/// The attribute and the typed value of a comparison. For a complex attribute, the comparison is with its `value`.
/// Tolerated deviations are noted.
///
/// # Errors
/// The reason, for the admin.
pub(super) fn typed(
    path: AttributePath,
    op: Operator,
    written: Written<'_>,
    notes: &mut Normalizations,
) -> Result<(AttributePath, Literal), String> {
    let path = match path.leaf().kind {
        Type::Complex => path.part("value").map_err(|_| {
            let parts: Vec<_> = path.attribute.sub_attributes.iter().map(|sub| sub.name).collect();
            format!("{path} is complex. Compare one of its sub-attributes: {}", parts.join(", "))
        })?,
        _ => path,
    };
    let (kind, allowed) = (path.leaf().kind, operators(path.leaf().kind));
    if !allowed.contains(&op) {
        let operators = allowed.iter().map(|op| op.as_str()).collect::<Vec<_>>().join(", ");
        let (kind, operator) = (type_name(kind), op.as_str());
        return Err(format!("{path} is a {kind}: use {operators}, not {operator}"));
    }
    if matches!(written, Written::Bare(word) if word.eq_ignore_ascii_case("null")) {
        let equality = matches!(op, Operator::Eq | Operator::Ne);
        return if equality {
            Ok((path, Literal::Null))
        } else {
            Err("null can only be used with eq and ne".to_owned())
        };
    }
    let literal = match kind {
        Type::Boolean => Literal::Boolean(boolean(path, written, notes)?),
        Type::DateTime => {
            let text = text(path, written, notes);
            let at = Instant::parse(&text);
            let at =
                at.ok_or_else(|| format!("{path} must be compared with a dateTime such as 2011-05-13T04:42:34Z"))?;
            Literal::DateTime { text, at }
        }
        Type::String | Type::Reference | Type::Binary | Type::Complex => {
            Literal::Text(text(path, written, notes).into())
        }
    };
    Ok((path, literal))
}

/// The operators that a type supports.
const fn operators(kind: Type) -> &'static [Operator] {
    use Operator::*;
    match kind {
        Type::String | Type::Reference => &Operator::ALL,
        Type::DateTime => &[Eq, Ne, Gt, Ge, Lt, Le],
        Type::Boolean | Type::Binary => &[Eq, Ne],
        Type::Complex => &[],
    }
}

const fn type_name(kind: Type) -> &'static str {
    match kind {
        Type::String => "string",
        Type::Boolean => "boolean",
        Type::DateTime => "dateTime",
        Type::Binary => "binary",
        Type::Reference => "reference",
        Type::Complex => "complex",
    }
}

fn boolean(path: AttributePath, written: Written<'_>, notes: &mut Normalizations) -> Result<bool, String> {
    let word = match &written {
        Written::Quoted(text) => {
            notes.add(format!("{path}: string converted to boolean"));
            text
        }
        Written::Bare(word) => *word,
    };
    match word {
        _ if word.eq_ignore_ascii_case("true") => Ok(true),
        _ if word.eq_ignore_ascii_case("false") => Ok(false),
        _ => Err(format!("{path} must be compared with true or false")),
    }
}

/// The text of a value. Without quotes it may also look like a number or a boolean: Entra ID's own examples compare
/// `externalId` in that form.
fn text(path: AttributePath, written: Written<'_>, notes: &mut Normalizations) -> String {
    match written {
        Written::Quoted(text) => text,
        Written::Bare(word) => {
            notes.add(format!("{path}: unquoted value"));
            word.to_owned()
        }
    }
}
