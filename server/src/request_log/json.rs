//! JSON that keeps the order of members and repeated names.

use serde::{
    Deserialize, Deserializer, Serialize, Serializer,
    de::{MapAccess, SeqAccess, Visitor},
    ser::{SerializeMap as _, SerializeSeq as _},
};
use std::fmt;

/// A JSON value. The parser accepts at most 128 levels, so code that visits one may recurse.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum CapturedJson {
    Null,
    Bool(bool),
    Number(serde_json::Number),
    Text(String),
    List(Vec<CapturedJson>),
    Object(Vec<(String, CapturedJson)>),
}

impl CapturedJson {
    /// The text of the first of these members that exists. Names are case-insensitive.
    pub(super) fn text_of(&self, names: &[&str]) -> Option<&str> {
        let CapturedJson::Object(members) = self else { return None };
        names.iter().find_map(|name| {
            members.iter().find_map(|(at, value)| match value {
                CapturedJson::Text(text) if at.eq_ignore_ascii_case(name) => Some(text.as_str()),
                _ => None,
            })
        })
    }
}

impl Serialize for CapturedJson {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            CapturedJson::Null => serializer.serialize_unit(),
            CapturedJson::Bool(value) => serializer.serialize_bool(*value),
            CapturedJson::Number(value) => value.serialize(serializer),
            CapturedJson::Text(value) => serializer.serialize_str(value),
            CapturedJson::List(values) => {
                let mut list = serializer.serialize_seq(Some(values.len()))?;
                for value in values {
                    list.serialize_element(value)?;
                }
                list.end()
            }
            CapturedJson::Object(members) => {
                let mut object = serializer.serialize_map(Some(members.len()))?;
                for (name, value) in members {
                    object.serialize_entry(name, value)?;
                }
                object.end()
            }
        }
    }
}

impl<'de> Deserialize<'de> for CapturedJson {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(CapturedJsonVisitor)
    }
}

struct CapturedJsonVisitor;

impl<'de> Visitor<'de> for CapturedJsonVisitor {
    type Value = CapturedJson;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<CapturedJson, E> {
        Ok(CapturedJson::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<CapturedJson, E> {
        Ok(CapturedJson::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<CapturedJson, E> {
        Ok(CapturedJson::Number(value.into()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<CapturedJson, E> {
        Ok(CapturedJson::Number(value.into()))
    }

    fn visit_f64<E: serde::de::Error>(self, value: f64) -> Result<CapturedJson, E> {
        serde_json::Number::from_f64(value).map(CapturedJson::Number).ok_or_else(|| E::custom("not a number"))
    }

    fn visit_str<E>(self, value: &str) -> Result<CapturedJson, E> {
        Ok(CapturedJson::Text(value.to_owned()))
    }

    fn visit_string<E>(self, value: String) -> Result<CapturedJson, E> {
        Ok(CapturedJson::Text(value))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<CapturedJson, A::Error> {
        let mut values = Vec::new();
        while let Some(value) = list.next_element()? {
            values.push(value);
        }
        Ok(CapturedJson::List(values))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<CapturedJson, A::Error> {
        let mut members = Vec::new();
        while let Some(member) = object.next_entry()? {
            members.push(member);
        }
        Ok(CapturedJson::Object(members))
    }
}

#[cfg(test)]
mod tests {
    use super::CapturedJson;

    #[test]
    fn writing_inverts_reading() {
        let text = r#"{"b":[1,-2,3.5,true,false,null,"x\u0000"],"a":{"z":{},"y":[]},"b":0}"#;
        let json: CapturedJson = serde_json::from_str(text).unwrap();
        assert_eq!(serde_json::to_string(&json).unwrap(), text);
        assert!(serde_json::from_str::<CapturedJson>(&"[".repeat(200)).is_err());
    }

    #[test]
    fn members_are_found_regardless_of_case() {
        let json: CapturedJson = serde_json::from_str(r#"{"USERNAME":"ada","displayName":7}"#).unwrap();
        assert_eq!(json.text_of(&["displayName", "userName"]), Some("ada"));
        assert_eq!(CapturedJson::Null.text_of(&["x"]), None);
    }
}
