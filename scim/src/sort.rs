//! Sort orders of lists (RFC 7644, section 3.4.2.3).

use crate::{
    AttributePath, ResourceType, ScimError,
    attribute_path::find,
    document::primary::is_primary,
    filter::Instant,
    fold,
    schema::{Returned, Type},
};
use serde_json::{Map, Value};
use std::cmp::Ordering;

/// The attribute and direction by which a list is sorted.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sort {
    /// The attribute; never a complex one.
    pub path: AttributePath,
    /// Whether the greatest value is first.
    pub descending: bool,
}

/// The position of a resource in a sorted list. The server orders resources with equal keys, which should be stable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SortKey {
    value: Option<SortValue>,
    descending: bool,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum SortValue {
    Boolean(bool),
    DateTime(Instant),
    Text(String),
}

/// Texts are compared by their first bytes up to this length, because a key is stored for each resource and is part of
/// cursors. The limit covers a whole Group name of 1,024 characters of four bytes.
const MAX_TEXT: usize = 4_096;

impl SortKey {
    /// The length of the key's text in bytes.
    pub fn len(&self) -> usize {
        match &self.value {
            Some(SortValue::Text(text)) => text.len(),
            _ => 0,
        }
    }

    /// Whether the key has no text.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The key as text, for a cursor. [`Sort::parse_key`] parses it.
    pub fn encode(&self) -> String {
        match &self.value {
            None => "-".to_owned(),
            Some(SortValue::Boolean(value)) => format!("b{}", u8::from(*value)),
            Some(SortValue::DateTime(Instant { ms, ns })) => format!("d{ms}.{ns}"),
            Some(SortValue::Text(text)) => format!("t{text}"),
        }
    }
}

/// The text, or its first bytes, in whole characters.
fn bounded(mut text: String) -> String {
    if text.len() > MAX_TEXT {
        text.truncate(text.floor_char_boundary(MAX_TEXT));
    }
    text
}

impl Sort {
    /// Reads the parameters `sortBy` and `sortOrder`. `None`: there is no `sortBy`, so `sortOrder` is ignored.
    ///
    /// # Errors
    /// `invalidValue`: the attribute is unknown, not readable, or complex without a `value`, or the order is neither
    /// `ascending` nor `descending`.
    pub fn read(
        sort_by: Option<&str>,
        sort_order: Option<&str>,
        kind: ResourceType,
    ) -> Result<Option<Self>, ScimError> {
        let Some(name) = sort_by.map(str::trim).filter(|name| !name.is_empty()) else { return Ok(None) };
        let mut path = AttributePath::parse(name, kind)
            .map_err(|unknown| ScimError::invalid_value(format!("sortBy: {unknown}")))?;
        if path.leaf().kind == Type::Complex {
            path.sub = find(path.attribute.sub_attributes, "value");
            if path.sub.is_none() {
                let first = path.attribute.sub_attributes.first().map_or("", |part| part.name);
                let detail = format!("sortBy: {path} is complex. Use a sub-attribute such as {path}.{first}");
                return Err(ScimError::invalid_value(detail));
            }
        }
        if path.attribute.returned == Returned::Never {
            return Err(ScimError::invalid_value(format!("sortBy: {path} isn't sortable")));
        }
        let descending = match sort_order.map(str::trim) {
            None | Some("") => false,
            Some(order) if order.eq_ignore_ascii_case("ascending") => false,
            Some(order) if order.eq_ignore_ascii_case("descending") => true,
            Some(_) => return Err(ScimError::invalid_value("sortOrder must be “ascending” or “descending”")),
        };
        Ok(Some(Self { path, descending }))
    }

    /// The sort key of a resource with canonical names. For several values, the primary one counts, or else the first.
    pub fn key(&self, resource: &Map<String, Value>) -> SortKey {
        let mut wholes = self.path.whole().get(resource);
        let whole = match self.path.attribute.multi_valued {
            true => {
                let values: Vec<_> = wholes.collect();
                values.iter().copied().find(|value| is_primary(value)).or_else(|| values.first().copied())
            }
            false => wholes.next(),
        };
        let value = match self.path.sub {
            Some(part) => whole.and_then(|whole| whole.get(part.name)),
            None => whole,
        };
        SortKey { value: value.and_then(|value| self.value(value)), descending: self.descending }
    }

    /// Parses a key of [`SortKey::encode`] for a list in this order. `None` for any other text.
    pub fn parse_key(&self, text: &str) -> Option<SortKey> {
        let (kind, rest) = text.split_at_checked(1)?;
        let value = match (kind, rest) {
            ("-", "") => None,
            ("b", "0") => Some(SortValue::Boolean(false)),
            ("b", "1") => Some(SortValue::Boolean(true)),
            ("d", rest) => {
                let (ms, ns) = rest.split_once('.')?;
                Some(SortValue::DateTime(Instant { ms: ms.parse().ok()?, ns: ns.parse().ok()? }))
            }
            ("t", text) => Some(SortValue::Text(text.to_owned())),
            _ => return None,
        };
        Some(SortKey { value, descending: self.descending })
    }

    fn value(&self, value: &Value) -> Option<SortValue> {
        let attribute = self.path.leaf();
        match (attribute.kind, value) {
            (Type::Boolean, Value::Bool(value)) => Some(SortValue::Boolean(*value)),
            (Type::DateTime, Value::String(text)) => Instant::parse(text).map(SortValue::DateTime),
            (_, Value::String(text)) if attribute.case_exact == Some(true) => {
                Some(SortValue::Text(bounded(text.clone())))
            }
            (_, Value::String(text)) => Some(SortValue::Text(bounded(fold(text)))),
            _ => None,
        }
    }
}

impl Ord for SortKey {
    /// Resources without a value are last in ascending order. Descending order is the reverse.
    fn cmp(&self, other: &Self) -> Ordering {
        let ascending = match (&self.value, &other.value) {
            (Some(a), Some(b)) => a.cmp(b),
            (a, b) => a.is_none().cmp(&b.is_none()),
        };
        if self.descending { ascending.reverse() } else { ascending }
    }
}

impl PartialOrd for SortKey {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn sorted(sort_by: &str, order: Option<&str>) -> String {
        let sort = Sort::read(Some(sort_by), order, ResourceType::User).unwrap().unwrap();
        let users = [
            json!({"id":"b","userName":"Bob","active":true,"emails":[{"value":"z@x"},{"value":"a@x","primary":true}],
                "meta":{"created":"2015-10-10T14:38:21.8617979-07:00"}}),
            json!({"id":"a","userName":"alice","active":false,"emails":[{"value":"M@x"},{"value":"a@x"}],
                "meta":{"created":"2015-10-10T14:38:22Z"}}),
            json!({"id":"C","userName":"Élodie","meta":{"created":"2014-01-01T00:00:00Z"}}),
        ];
        let mut users: Vec<_> = users.iter().map(|user| user.as_object().unwrap()).collect();
        users.sort_by_key(|user| sort.key(user));
        users.iter().map(|user| user["id"].as_str().unwrap()).collect()
    }

    #[test]
    fn keys_follow_the_values() {
        for (sort_by, ascending) in [
            ("userName", "abC"),
            ("USERNAME", "abC"),
            ("id", "Cab"),
            ("active", "abC"),
            ("emails", "baC"),
            ("emails.value", "baC"),
            ("meta.created", "Cab"),
            ("title", "baC"),
        ] {
            assert_eq!(sorted(sort_by, None), ascending, "{sort_by}");
            assert_eq!(sorted(sort_by, Some("Ascending")), ascending, "{sort_by}");
            if sort_by != "title" {
                let descending: String = ascending.chars().rev().collect();
                assert_eq!(sorted(sort_by, Some("descending")), descending, "{sort_by}");
            }
        }
    }

    #[test]
    fn unsupported_orders_are_rejected() {
        let read = |by, order| Sort::read(Some(by), order, ResourceType::User).map_err(|error| error.to_string());
        assert_eq!(read("foo", None), Err("sortBy: Users have no attribute “foo”".to_owned()));
        assert_eq!(
            read("name", None),
            Err("sortBy: name is complex. Use a sub-attribute such as name.formatted".to_owned())
        );
        assert_eq!(read("password", None), Err("sortBy: password isn't sortable".to_owned()));
        assert_eq!(read("userName", Some("up")), Err("sortOrder must be “ascending” or “descending”".to_owned()));
        assert_eq!(Sort::read(None, Some("up"), ResourceType::User), Ok(None));
        assert_eq!(read("", None), Ok(None));
    }

    #[test]
    fn an_encoded_key_keeps_its_position() {
        let long = "é".repeat(3_000);
        let user = json!({"userName": "Ada: t1", "active": false, "nickName": long,
            "meta": {"created": "2015-10-10T14:38:21.8617979-07:00"}});
        for by in ["userName", "active", "nickName", "title", "meta.created"] {
            let sort = Sort::read(Some(by), Some("descending"), ResourceType::User).unwrap().unwrap();
            let key = sort.key(user.as_object().unwrap());
            assert_eq!(sort.parse_key(&key.encode()), Some(key.clone()), "{by}");
            assert!(key.encode().len() <= MAX_TEXT + 1);
        }
        let sort = Sort::read(Some("userName"), None, ResourceType::User).unwrap().unwrap();
        for wrong in ["", "x", "b2", "d1", "d1.x", "-1", "é"] {
            assert_eq!(sort.parse_key(wrong), None, "{wrong}");
        }
    }
}
