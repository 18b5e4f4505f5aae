//! Redaction of messages by their structure, not by the form of their values.
//!
//! A value stays only if a schema has its attribute, or a message of the protocol has its member. Passwords and unknown values
//! become [`HIDDEN`].

use super::json::CapturedJson;
use scim::schema::{self, Attribute, Returned, common};
use std::{collections::HashSet, sync::LazyLock};

/// The placeholder of a redacted value.
pub(super) const HIDDEN: &str = "•••";

/// Members of messages (RFC 7644, sections 3.4.2, 3.4.3, 3.5.2, 3.7, 3.12; RFC 9865).
const MESSAGE_MEMBERS: [&str; 31] = [
    "attributes",
    "bulkid",
    "count",
    "cursor",
    "data",
    "detail",
    "excludedattributes",
    "failonerrors",
    "filter",
    "itemsperpage",
    "location",
    "method",
    "nextcursor",
    "op",
    "operations",
    "path",
    "previouscursor",
    "resources",
    "response",
    "schemas",
    "scimtype",
    "sortby",
    "sortorder",
    "startindex",
    "status",
    "totalresults",
    "value",
    "version",
    "id",
    "meta",
    "externalid",
];

/// The names of all schemas and messages, in lower case.
static KNOWN: LazyLock<HashSet<String>> = LazyLock::new(|| {
    fn add(names: &mut HashSet<String>, attributes: &[Attribute]) {
        for attribute in attributes {
            names.insert(attribute.name.to_ascii_lowercase());
            add(names, attribute.sub_attributes);
        }
    }
    let mut names = HashSet::from(MESSAGE_MEMBERS.map(str::to_owned));
    add(&mut names, common::ATTRIBUTES);
    for schema in schema::ALL {
        add(&mut names, schema.attributes);
    }
    names
});

/// The names of attributes that are never returned (RFC 7643, section 7), in lower case: passwords. Their values are never
/// logged.
static NEVER_RETURNED: LazyLock<HashSet<String>> = LazyLock::new(|| {
    fn add(names: &mut HashSet<String>, attributes: &[Attribute]) {
        for attribute in attributes {
            if attribute.returned == Returned::Never {
                names.insert(attribute.name.to_ascii_lowercase());
            }
            add(names, attribute.sub_attributes);
        }
    }
    let mut names = HashSet::new();
    for schema in schema::ALL {
        add(&mut names, schema.attributes);
    }
    names
});

/// Redacts a message or resource.
pub(super) fn redact(json: &mut CapturedJson) {
    match json {
        CapturedJson::Object(members) => object(members, Context::Message),
        // Not a message of the protocol, so only members with known names stay.
        CapturedJson::List(values) => values.iter_mut().for_each(redact),
        _ => hide(json),
    }
}

/// Whether the text names a password. A filter that does so compares with one.
pub(super) fn names_password(text: &str) -> bool {
    let text = text.to_ascii_lowercase();
    NEVER_RETURNED.iter().any(|name| text.contains(name))
}

pub(super) fn hide(json: &mut CapturedJson) {
    *json = CapturedJson::Text(HIDDEN.to_owned());
}

/// The context of an object.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Context {
    /// A message, an operation or a resource. A `value` is that of a PATCH operation here, with or without an `op`.
    Message,
    /// Within a known attribute, such as an element of `emails`. A `value` is that of the attribute.
    Attribute,
}

/// The target of the `path` of an operation.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Target {
    /// The value is a resource, or part of one.
    Resource,
    /// A public attribute.
    Attribute,
    /// The endpoint of an operation of a Bulk request, which has no value.
    Endpoint,
    /// A password or an unknown path.
    Secret,
}

fn object(members: &mut [(String, CapturedJson)], context: Context) {
    let has = |expected: &str| members.iter().any(|(name, _)| name.eq_ignore_ascii_case(expected));
    let target = match context {
        Context::Attribute if !has("op") && !has("path") => Target::Attribute,
        _ => target(members),
    };
    for (name, value) in members {
        let lower = name.to_ascii_lowercase();
        match lower.as_str() {
            "op" => hide_unless(value, is_op),
            "path" => hide_unless(value, is_plain_path),
            "filter" => hide_unless(value, |text| !names_password(text)),
            "method" | "bulkid" | "version" => attribute(value),
            _ if target == Target::Secret => hide(value),
            "value" => match target {
                Target::Attribute => attribute(value),
                Target::Resource => resource(value),
                Target::Endpoint | Target::Secret => hide(value),
            },
            "data" | "response" => resource(value),
            "operations" | "resources" => match value {
                CapturedJson::List(values) => values.iter_mut().for_each(resource),
                value => resource(value),
            },
            lower if is_schema(lower) => resource(value),
            lower if is_public(lower) => attribute(value),
            _ => hide(value),
        }
    }
}

/// Redacts a resource or an operation. Any value that is no object is hidden.
fn resource(json: &mut CapturedJson) {
    match json {
        CapturedJson::Object(members) => object(members, Context::Message),
        CapturedJson::Null => {}
        _ => hide(json),
    }
}

/// Redacts the value of a known attribute.
fn attribute(json: &mut CapturedJson) {
    match json {
        CapturedJson::Object(members) => object(members, Context::Attribute),
        CapturedJson::List(values) => values.iter_mut().for_each(attribute),
        // JSON within a text may contain anything.
        CapturedJson::Text(text) if text.trim_start().starts_with(['{', '[']) => hide(json),
        _ => {}
    }
}

fn hide_unless(json: &mut CapturedJson, is_public: impl Fn(&str) -> bool) {
    match json {
        CapturedJson::Null => {}
        CapturedJson::Text(text) if is_public(text) => {}
        _ => hide(json),
    }
}

/// The target of an operation. With several `path` members, one that leads to a secret decides, because readers differ in which
/// of them they use.
fn target(members: &[(String, CapturedJson)]) -> Target {
    let mut target = Target::Resource;
    for (_, path) in members.iter().filter(|(name, _)| name.eq_ignore_ascii_case("path")) {
        target = match path {
            CapturedJson::Null => target,
            CapturedJson::Text(path) if path.starts_with('/') => Target::Endpoint,
            CapturedJson::Text(path) if is_schema(&path.trim().to_ascii_lowercase()) => Target::Resource,
            CapturedJson::Text(path) if is_public(&path.to_ascii_lowercase()) => Target::Attribute,
            _ => return Target::Secret,
        };
    }
    target
}

/// The operations of JSON Patch (RFC 6902), some of which clients send although SCIM has three.
fn is_op(text: &str) -> bool {
    ["add", "replace", "remove", "move", "copy", "test"].iter().any(|op| op.eq_ignore_ascii_case(text))
}

/// Whether the path has no filter, or one that compares no password.
fn is_plain_path(text: &str) -> bool {
    let is_name = |c: char| c.is_alphanumeric() || "$-_.:/".contains(c);
    text.trim().chars().all(is_name) || is_public(&text.to_ascii_lowercase()) && !names_password(text)
}

/// Whether it is the URI of a known schema.
fn is_schema(name: &str) -> bool {
    schema::ALL.into_iter().any(|schema| schema.id.eq_ignore_ascii_case(name))
}

/// Whether it is the name or path, in lower case, of a public attribute. URNs, sub-attributes and value filters are supported:
/// `urn:…:User:name.familyName`, `emails[type eq "work"].value`.
pub(super) fn is_public(path: &str) -> bool {
    let path = path.trim();
    let path = match schema::ALL.into_iter().find_map(|schema| path.strip_prefix(&schema.id.to_ascii_lowercase())) {
        Some("") => return true,
        Some(rest) => match rest.strip_prefix(':') {
            Some(rest) => rest,
            None => return false,
        },
        None => path,
    };
    let (head, tail) = match (path.split_once('['), path.rsplit_once(']')) {
        (Some((head, _)), Some((_, tail))) => (head, tail.strip_prefix('.').or(tail.is_empty().then_some(tail))),
        (None, None) => (path, Some("")),
        _ => return false,
    };
    let Some(tail) = tail else { return false };
    let parts = head.split('.').chain(tail.split('.').filter(|_| !tail.is_empty()));
    parts.into_iter().all(|part| !NEVER_RETURNED.contains(part) && KNOWN.contains(part))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn redacted(text: &str) -> String {
        let mut json: CapturedJson = serde_json::from_str(text).unwrap();
        redact(&mut json);
        serde_json::to_string(&json).unwrap()
    }

    #[test]
    fn public_values_stay() {
        for text in [
            r#"{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"userName":"ada","name":{"givenName":"Ada"},"emails":[{"value":"a@b","primary":true}],"active":true,"groups":[]}"#,
            r#"{"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User":{"manager":{"value":"1","$ref":"x"},"department":"R&D"}}"#,
            r#"{"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],"Operations":[{"op":"Replace","path":"active","value":"False"}]}"#,
            r#"{"operations":[{"op":"add","path":"emails[type eq \"work\"].value","value":"x@y"},{"op":"remove","path":"members","value":[{"value":"1"}]}]}"#,
            r#"{"Operations":[{"op":"replace","value":{"displayName":"B","name.givenName":"K","urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:employeeNumber":"A"}}]}"#,
            r#"{"Operations":[{"op":"replace","path":"urn:ietf:params:scim:schemas:core:2.0:User:title","value":"Dr"}]}"#,
            r#"{"Operations":[{"op":"add","path":"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User","value":{"division":"X"}}]}"#,
            r#"{"failOnErrors":1,"Operations":[{"method":"POST","path":"/Users","bulkId":"q","data":{"userName":"ada"}}]}"#,
            r#"{"totalResults":1,"itemsPerPage":1,"startIndex":1,"Resources":[{"id":"1","meta":{"version":"W/1"},"displayName":"G","members":[{"value":"2","type":"User"}]}]}"#,
            r#"{"schemas":["e"],"status":"409","scimType":"uniqueness","detail":"userName is already in use"}"#,
            r#"{"schemas":["s"],"filter":"userName eq \"ada\"","attributes":["userName"],"startIndex":1,"count":10}"#,
            "{}",
        ] {
            assert_eq!(redacted(text), text);
        }
    }

    #[test]
    fn no_password_stays() {
        for text in [
            r#"{"password":"SECRET"}"#,
            r#"{"PassWord":"SECRET","userName":"ada"}"#,
            r#"{"password":{"value":"SECRET"}}"#,
            r#"{"password":["SECRET"]}"#,
            r#"{"name":{"password":"SECRET"}}"#,
            r#"{"urn:ietf:params:scim:schemas:core:2.0:User:password":"SECRET"}"#,
            r#"{"URN:ietf:params:scim:schemas:core:2.0:user":{"password":"SECRET"}}"#,
            r#"{"Operations":[{"op":"replace","path":"password","value":"SECRET"}]}"#,
            r#"{"Operations":[{"value":"SECRET","path":"PASSWORD","op":"Add"}]}"#,
            r#"{"Operations":[{"op":"replace","path":" password ","value":"SECRET"}]}"#,
            r#"{"Operations":[{"op":"replace","path":"urn:ietf:params:scim:schemas:core:2.0:User:password","value":"SECRET"}]}"#,
            r#"{"Operations":[{"op":"replace","path":"name.password","value":"SECRET"}]}"#,
            r#"{"Operations":[{"op":"replace","path":"active","path":"password","value":"SECRET"}]}"#,
            r#"{"Operations":[{"op":"replace","value":{"password":"SECRET"}}]}"#,
            r#"{"Operations":[{"op":"replace","value":"SECRET"}]}"#,
            r#"{"Operations":[{"op":"replace","value":["SECRET"]}]}"#,
            r#"{"Operations":[{"op":"replace","path":7,"value":"SECRET"}]}"#,
            r#"{"Operations":[{"op":"remove","path":"emails[password eq \"SECRET\"]"}]}"#,
            r#"{"Operations":[{"method":"POST","path":"/Users","data":{"password":"SECRET"}}]}"#,
            r#"{"Operations":[{"method":"PATCH","path":"/Users/1","data":{"Operations":[{"op":"add","path":"password","value":"SECRET"}]}}]}"#,
            r#"{"filter":"password eq \"SECRET\""}"#,
        ] {
            let redacted_text = redacted(text);
            assert!(!redacted_text.contains("SECRET") && redacted_text.contains(HIDDEN), "{redacted_text}");
        }
    }

    /// A `path` or a `value` makes an object an operation, with any other members.
    #[test]
    fn passwords_of_malformed_operations_are_redacted() {
        let user = "urn:ietf:params:scim:schemas:core:2.0:User";
        for text in [
            r#"{"Operations":[{"path":"password","value":"SECRET"}]}"#,
            r#"{"Operations":[{"op":"put","path":"password","value":"SECRET"}]}"#,
            r#"{"Operations":[{"op":"SECRET","path":"password","value":"SECRET"}]}"#,
            r#"{"Operations":[{"op":null,"path":"password","value":{"value":"SECRET"}}]}"#,
            r#"{"Operations":[{"op":7,"Path":"PassWord","Value":["SECRET"]}]}"#,
            r#"{"Operations":[{"path":"password","values":"SECRET","data":{"title":"SECRET"},"name":"SECRET"}]}"#,
            r#"{"Operations":{"path":"password","value":"SECRET"}}"#,
            r#"{"Operations":[{"value":"SECRET"}]}"#,
            r#"{"Operations":[{"value":{"value":"SECRET"}}]}"#,
            r#"{"Operations":["SECRET"]}"#,
            r#"{"Operations":[["SECRET"]]}"#,
            r#"{"Operations":"SECRET"}"#,
            r#"{"path":"password","value":"SECRET"}"#,
            r#"{"value":"SECRET"}"#,
            r#"{"emails":[{"path":"password","value":"SECRET"}]}"#,
            r#"{"name":{"op":"add","value":"SECRET"}}"#,
            r#"{"members":[{"value":{"password":"SECRET"}}]}"#,
            r#"{"Operations":[{"method":"PATCH","path":"/Users/1","data":{"Operations":[{"path":"password","value":"SECRET"}]}}]}"#,
            r#"{"Operations":[{"method":"PATCH","path":"/Users/1","data":{"path":"password","value":"SECRET"}}]}"#,
            r#"{"Operations":[{"method":"PATCH","path":"/Users/1","value":"SECRET"}]}"#,
            r#"{"Operations":[{"method":"POST","path":"/Users","data":"SECRET"}]}"#,
            r#"{"Operations":[{"method":"POST","path":"/Users","data":["SECRET"]}]}"#,
            r#"{"Operations":[{"value":{"URN:IETF:params:scim:schemas:CORE:2.0:User:PASSWORD":"SECRET"}}]}"#,
            r#"{"Operations":[{"op":"add","path":"password eq \"SECRET\"","value":1}]}"#,
            r#"{"Operations":[{"op":"add","path":"password[value eq \"SECRET\"]","value":1}]}"#,
            r#"{"Operations":[{"op":"add","path":"my secret is SECRET","value":1}]}"#,
            r#"{"Operations":[{"op":"replace","path":"emails","value":"{\"password\":\"SECRET\"}"}]}"#,
            r#"{"title":" [{\"password\":\"SECRET\"}]"}"#,
            &format!(r#"{{"Operations":[{{"path":"{user}:Password","value":"SECRET"}}]}}"#),
            &format!(r#"{{"Operations":[{{"path":"{user}.password","value":"SECRET"}}]}}"#),
            &format!(r#"{{"Operations":[{{"path":"{user}","value":{{"password":"SECRET"}}}}]}}"#),
            &format!(r#"{{"Operations":[{{"path":"{user}","value":"SECRET"}}]}}"#),
            &format!(r#"{{"Operations":[{{"value":{{"{user}":{{"Password":"SECRET"}}}}}}]}}"#),
            &format!(r#"{{"{user}":"SECRET"}}"#),
        ] {
            let redacted_text = redacted(text);
            assert!(!redacted_text.contains("SECRET") && redacted_text.contains(HIDDEN), "{text}: {redacted_text}");
        }
    }

    #[test]
    fn every_attribute_that_is_never_returned_is_hidden() {
        assert!(NEVER_RETURNED.contains("password"));
        for name in NEVER_RETURNED.iter() {
            assert_eq!(redacted(&format!(r#"{{"{name}":"SECRET"}}"#)), format!(r#"{{"{name}":"{HIDDEN}"}}"#));
        }
    }

    #[test]
    fn unknown_values_are_redacted() {
        for text in [
            r#"{"apiToken":"SECRET"}"#,
            r#"{"apiToken":{"value":"SECRET"}}"#,
            r#"{"urn:acme:custom:1.0:User":{"userName":"SECRET"}}"#,
            r#"{"urn:ietf:params:scim:schemas:core:2.0:Users":"SECRET"}"#,
            r#"{"Operations":[{"op":"add","path":"apiToken","value":"SECRET"}]}"#,
            r#"{"Operations":[{"op":"add","path":"name.apiToken","value":"SECRET"}]}"#,
            r#"{"Operations":[{"op":"add","path":"emails[type eq \"work\"]x","value":"SECRET"}]}"#,
            r#"{"Operations":[{"op":"add","path":"emails[type","value":"SECRET"}]}"#,
            r#"{"Operations":[{"op":"add","path":"","value":"SECRET"}]}"#,
            r#""SECRET""#,
            r#"["SECRET",["SECRET"]]"#,
        ] {
            let redacted_text = redacted(text);
            assert!(!redacted_text.contains("SECRET") && redacted_text.contains(HIDDEN), "{redacted_text}");
        }
    }
}
