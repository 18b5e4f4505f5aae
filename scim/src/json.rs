//! The JSON of a request (RFC 7159 as in RFC 7644, section 3.8), parsed more strictly than JSON itself requires.
//!
//! The nesting is checked before a value is built, so later functions may recurse over it. A duplicate name in an
//! object is refused, because parsers differ in the value that they use. Such a difference between a firewall and a
//! server allows attacks.

use crate::{Normalizations, ScimError};
use serde::de::{Deserialize, DeserializeSeed, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};
use std::{collections::HashSet, fmt};

/// Upper bound of the nesting of objects and lists.
pub const MAX_DEPTH: usize = 64;

/// Parses a body that must be one JSON object.
///
/// A byte order mark is skipped with a note.
///
/// # Errors
/// `invalidSyntax` with the reason and position: the body is empty, not UTF-8, not JSON, nested deeper than
/// [`MAX_DEPTH`], has a duplicate name in an object (ignoring case), or is not an object.
pub fn parse_object(body: &[u8], notes: &mut Normalizations) -> Result<Map<String, Value>, ScimError> {
    let body = match body.strip_prefix(b"\xEF\xBB\xBF") {
        Some(rest) => {
            notes.add("body: byte order mark skipped");
            rest
        }
        None => body,
    };
    if body.trim_ascii().is_empty() {
        return Err(ScimError::invalid_syntax("The request body is empty, expected a JSON object"));
    }
    let text = std::str::from_utf8(body).map_err(|error| {
        ScimError::invalid_syntax(format!(
            "The request body isn't valid UTF-8 (byte {})",
            error.valid_up_to().saturating_add(1)
        ))
    })?;
    check_depth(text)?;
    let mut reader = serde_json::Deserializer::from_str(text);
    let value = Strict.deserialize(&mut reader).and_then(|value| reader.end().map(|()| value));
    match value.map_err(|error| ScimError::invalid_syntax(format!("Invalid JSON in the request body: {error}")))? {
        Value::Object(object) => Ok(object),
        other => {
            Err(ScimError::invalid_syntax(format!("The request body is {}, expected a JSON object", kind(&other))))
        }
    }
}

/// The type of a value with its article, for error messages.
pub(crate) const fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "an array",
        Value::Object(_) => "an object",
    }
}

/// Checks the nesting in one pass over the text, which counts open brackets outside of strings.
fn check_depth(text: &str) -> Result<(), ScimError> {
    let (mut depth, mut in_string, mut escaped) = (0usize, false, false);
    for (at, byte) in text.bytes().enumerate() {
        if in_string {
            match byte {
                _ if escaped => escaped = false,
                b'\\' => escaped = true,
                b'"' => in_string = false,
                _ => {}
            }
            continue;
        }
        match byte {
            b'"' => in_string = true,
            b'{' | b'[' => depth = depth.saturating_add(1),
            b'}' | b']' => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth > MAX_DEPTH {
            let before = text.get(..at).unwrap_or_default();
            let line = before.matches('\n').count().saturating_add(1);
            let column = before.rsplit('\n').next().map_or(0, str::len).saturating_add(1);
            return Err(ScimError::invalid_syntax(format!(
                "The request body is nested more than {MAX_DEPTH} levels deep (line {line}, column {column})"
            )));
        }
    }
    Ok(())
}

/// Builds a value and rejects duplicate names. It recurses as deep as the text nests, which was checked before.
#[derive(Clone, Copy)]
struct Strict;

impl<'de> DeserializeSeed<'de> for Strict {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Strict {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(Value::Number(value.into()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(Value::Number(value.into()))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(Number::from_f64(value).map_or(Value::Null, Value::Number))
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(Value::String(value.to_owned()))
    }

    fn visit_string<E>(self, value: String) -> Result<Value, E> {
        Ok(Value::String(value))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut values = Vec::new();
        while let Some(value) = items.next_element_seed(self)? {
            values.push(value);
        }
        Ok(Value::Array(values))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Value, A::Error> {
        let mut object = Map::new();
        let mut names = Names::default();
        while let Some(Name(name)) = members.next_key()? {
            if !names.insert(&name, &object) {
                return Err(A::Error::custom(format_args!("duplicate key {name:?}")));
            }
            object.insert(name, members.next_value_seed(self)?);
        }
        Ok(Value::Object(object))
    }
}

struct Name(String);

impl<'de> Deserialize<'de> for Name {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(Self)
    }
}

/// The names of one object so far, ignoring case. In small objects they are compared one by one.
#[derive(Default)]
struct Names(HashSet<String>);

impl Names {
    const FEW: usize = 16;

    /// Whether the name is new.
    fn insert(&mut self, name: &str, object: &Map<String, Value>) -> bool {
        if object.len() < Self::FEW {
            return !object.keys().any(|other| other.eq_ignore_ascii_case(name));
        }
        if self.0.is_empty() {
            self.0.extend(object.keys().map(|name| name.to_ascii_lowercase()));
        }
        self.0.insert(name.to_ascii_lowercase())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    fn parse(body: impl AsRef<[u8]>) -> Result<Value, String> {
        let mut notes = Normalizations::new();
        parse_object(body.as_ref(), &mut notes).map(Value::Object).map_err(|error| {
            assert_eq!((error.status(), error.scim_type()), (400, Some(crate::ScimType::InvalidSyntax)));
            error.to_string()
        })
    }

    #[test]
    fn objects_are_read_as_they_are() {
        let text = r#"{"a":[1,-2,1.5,18446744073709551615,true,null,"ü\u00fc\ud83d\ude00"],"b":{"c":{}}}"#;
        assert_eq!(parse(text).unwrap(), serde_json::from_str::<Value>(text).unwrap());
    }

    #[test]
    fn invalid_bodies_are_rejected_with_the_reason() {
        for (body, wanted) in [
            (&b""[..], "The request body is empty, expected a JSON object"),
            (b" \r\n\t", "The request body is empty, expected a JSON object"),
            (b"{\"a\":\"\xff\"}", "The request body isn't valid UTF-8 (byte 7)"),
            (b"[]", "The request body is an array, expected a JSON object"),
            (b"\"x\"", "The request body is a string, expected a JSON object"),
            (b"null", "The request body is null, expected a JSON object"),
            (b"{", "Invalid JSON in the request body: EOF while parsing an object at line 1 column 1"),
            (b"{\"a\":1} {}", "Invalid JSON in the request body: trailing characters at line 1 column 9"),
            (b"{\"a\":NaN}", "Invalid JSON in the request body: expected value at line 1 column 6"),
            (b"{\"a\":1e999}", "Invalid JSON in the request body: number out of range at line 1 column 10"),
            (b"{'a':1}", "Invalid JSON in the request body: key must be a string at line 1 column 2"),
            (b"{\"a\":1,\n\"a\":2}", "Invalid JSON in the request body: duplicate key \"a\" at line 2 column 3"),
            (
                b"{\"x\":{\"active\":true,\"Active\":false}}",
                "Invalid JSON in the request body: duplicate key \"Active\" at line 1 column 28",
            ),
        ] {
            assert_eq!(parse(body), Err(wanted.to_owned()));
        }
    }

    #[test]
    fn a_duplicate_among_many_names_is_rejected() {
        let many: Vec<_> = (0..100).map(|i| format!("\"k{i}\":0")).collect();
        assert!(parse(format!("{{{}}}", many.join(","))).is_ok());
        let twice = parse(format!("{{{},\"K42\":0}}", many.join(","))).unwrap_err();
        assert!(twice.contains("duplicate key \"K42\""), "{twice}");
    }

    #[test]
    fn a_byte_order_mark_is_skipped() {
        let mut notes = Normalizations::new();
        assert!(parse_object("\u{feff}{}".as_bytes(), &mut notes).unwrap().is_empty());
        assert_eq!(notes.iter().collect::<Vec<_>>(), ["body: byte order mark skipped"]);
    }

    #[test]
    fn depth_is_limited_before_anything_is_built() {
        let nested = |depth: usize| format!("{{\"a\":{}{}}}", "[".repeat(depth - 1), "]".repeat(depth - 1));
        assert!(parse(nested(64)).is_ok());
        for depth in [65, 100, 100_000] {
            assert_eq!(
                parse(nested(depth)),
                Err("The request body is nested more than 64 levels deep (line 1, column 69)".to_owned())
            );
        }
        assert!(parse("[".repeat(100_000)).unwrap_err().contains("more than 64 levels"));
        assert_eq!(parse(json!({ "a": "[".repeat(100), "b": "\\\"[" }).to_string()).map(|_| ()), Ok(()));
    }

    proptest! {
        #[test]
        fn never_panics(body in proptest::collection::vec(any::<u8>(), 0..200), text in r#"[\[\]{}":,a0\\ ]{0,60}"#) {
            let _ = parse(body);
            if let Ok(value) = parse(&text) {
                prop_assert_eq!(value, serde_json::from_str::<Value>(&text).unwrap());
            }
        }
    }
}
