//! JSON of providers, parsed more strictly than JSON itself requires.
//!
//! A duplicate name in an object is refused (RFC 7515, section 4; RFC 7519, section 4), because parsers differ in the
//! value that they use. `serde_json` limits the nesting to 128 levels.

use crate::error::DocumentError;
use serde::de::{Deserialize, DeserializeSeed, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};
use std::{cell::RefCell, fmt};

/// Upper bound of what is parsed, in bytes.
pub(crate) const MAX_BYTES: usize = 256 * 1024;
/// The last second of the year 9999. A larger number is a time in another unit.
const MAX_SECONDS: i64 = 253_402_300_799;

/// A JSON object whose names are unique.
pub(crate) type Object = Map<String, Value>;

/// Parses a text that must be one JSON object. A byte order mark is skipped.
pub(crate) fn parse_object(body: &[u8]) -> Result<Object, DocumentError> {
    if body.len() > MAX_BYTES {
        return Err(DocumentError::TooLarge { max: MAX_BYTES });
    }
    let body = body.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(body);
    let text = std::str::from_utf8(body).map_err(|_| DocumentError::NotUtf8)?;
    if text.trim_start().starts_with('<') {
        return Err(DocumentError::Html);
    }
    let duplicate = RefCell::new(None);
    let mut reader = serde_json::Deserializer::from_str(text);
    let value = Strict { duplicate: &duplicate }
        .deserialize(&mut reader)
        .and_then(|value| reader.end().map(|()| value))
        .map_err(|error| match duplicate.take() {
            Some(name) => DocumentError::DuplicateMember(crate::excerpt::excerpt(&name)),
            None => DocumentError::NotJson { line: error.line(), column: error.column() },
        })?;
    match value {
        Value::Object(object) => Ok(object),
        _ => Err(DocumentError::NotObject),
    }
}

/// A member that is not null. Providers write null for values that they do not have.
pub(crate) fn member<'a>(object: &'a Object, name: &str) -> Option<&'a Value> {
    object.get(name).filter(|value| !value.is_null())
}

/// A string member.
pub(crate) fn text<'a>(object: &'a Object, name: &'static str) -> Result<Option<&'a str>, DocumentError> {
    typed(object, name, "a string", Value::as_str)
}

/// A string member that must be present.
pub(crate) fn required_text<'a>(object: &'a Object, name: &'static str) -> Result<&'a str, DocumentError> {
    text(object, name)?.ok_or(DocumentError::MissingMember(name))
}

/// A boolean member; `false` if absent.
pub(crate) fn flag(object: &Object, name: &'static str) -> Result<bool, DocumentError> {
    Ok(typed(object, name, "a boolean", Value::as_bool)?.unwrap_or(false))
}

/// A member that is a list of strings.
pub(crate) fn texts(object: &Object, name: &'static str) -> Result<Option<Vec<String>>, DocumentError> {
    typed(object, name, "a list of strings", |value| {
        value.as_array()?.iter().map(|item| item.as_str().map(str::to_owned)).collect()
    })
}

/// A `NumericDate` (RFC 7519, section 2) in milliseconds. It may have a fraction.
pub(crate) fn numeric_date(object: &Object, name: &'static str) -> Result<Option<i64>, DocumentError> {
    typed(object, name, "a number of seconds since 1970", |value| match value.as_i64() {
        Some(seconds) => (0..=MAX_SECONDS).contains(&seconds).then(|| seconds.saturating_mul(1000)),
        None => {
            let seconds = value.as_f64().filter(|seconds| (0.0..=MAX_SECONDS as f64).contains(seconds))?;
            Some((seconds * 1000.0) as i64)
        }
    })
}

fn typed<'a, T>(
    object: &'a Object,
    name: &'static str,
    expected: &'static str,
    convert: impl FnOnce(&'a Value) -> Option<T>,
) -> Result<Option<T>, DocumentError> {
    member(object, name).map(|value| convert(value).ok_or(DocumentError::InvalidMember { name, expected })).transpose()
}

/// Builds a value, and stores the first duplicate name.
#[derive(Clone, Copy)]
struct Strict<'a> {
    duplicate: &'a RefCell<Option<String>>,
}

impl<'de> DeserializeSeed<'de> for Strict<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Strict<'_> {
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
        while let Some(MemberName(name)) = members.next_key()? {
            let value = members.next_value_seed(self)?;
            if object.contains_key(&name) {
                self.duplicate.replace(Some(name));
                return Err(A::Error::custom("duplicate name"));
            }
            object.insert(name, value);
        }
        Ok(Value::Object(object))
    }
}

struct MemberName(String);

impl<'de> Deserialize<'de> for MemberName {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(Self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn objects_are_read_as_they_are() {
        let text = r#"{"a":[1,-2,1.5,18446744073709551615,true,null,"ü\u00fc\ud83d\ude00"],"b":{"c":{}}}"#;
        let value = serde_json::from_str::<Value>(text).unwrap();
        assert_eq!(parse_object(text.as_bytes()).map(Value::Object), Ok(value.clone()));
        assert_eq!(parse_object(format!("\u{feff}{text}").as_bytes()).map(Value::Object), Ok(value));
    }

    #[test]
    fn other_texts_are_refused_with_the_reason() {
        let nested = format!("{{\"a\":{}", "[".repeat(100_000));
        for (body, error) in [
            (&b""[..], DocumentError::NotJson { line: 1, column: 0 }),
            (b"[]", DocumentError::NotObject),
            (b"null", DocumentError::NotObject),
            (b"{\"a\":\"\xff\"}", DocumentError::NotUtf8),
            (b" \n<!doctype html>", DocumentError::Html),
            (b"{} {}", DocumentError::NotJson { line: 1, column: 4 }),
            (b"{\"a\":1,\"a\":1}", DocumentError::DuplicateMember("a".to_owned())),
            (b"{\"x\":[{\"a\":1,\"\\u0061\":2}]}", DocumentError::DuplicateMember("a".to_owned())),
            (nested.as_bytes(), DocumentError::NotJson { line: 1, column: 132 }),
            (&[b' '; MAX_BYTES + 1], DocumentError::TooLarge { max: MAX_BYTES }),
        ] {
            assert_eq!(parse_object(body), Err(error));
        }
        assert!(parse_object(br#"{"a":1,"A":2}"#).is_ok());
    }

    #[test]
    fn dates_may_have_a_fraction_but_no_other_unit() {
        for (value, date) in [
            ("1763474531", Some(1_763_474_531_000)),
            ("1763474531.25", Some(1_763_474_531_250)),
            ("1.763474531e9", Some(1_763_474_531_000)),
            ("0", Some(0)),
            ("-1", None),
            ("1763474531000", None),
            ("1e300", None),
            ("\"1763474531\"", None),
            ("true", None),
            ("[1]", None),
        ] {
            let object = parse_object(format!("{{\"exp\":{value}}}").as_bytes()).unwrap();
            let invalid = DocumentError::InvalidMember { name: "exp", expected: "a number of seconds since 1970" };
            assert_eq!(numeric_date(&object, "exp"), date.map(Some).ok_or(invalid), "{value}");
        }
        assert_eq!(numeric_date(&parse_object(b"{\"exp\":null}").unwrap(), "exp"), Ok(None));
    }

    proptest! {
        #[test]
        fn never_panics(body in proptest::collection::vec(any::<u8>(), 0..200), text in r#"[\[\]{}":,a0\\ ]{0,60}"#) {
            let _ = parse_object(&body);
            if let Ok(object) = parse_object(text.as_bytes()) {
                prop_assert_eq!(Value::Object(object), serde_json::from_str::<Value>(&text).unwrap());
            }
        }
    }
}
