//! Taking out what is secret, by the structure of a message and not by what values look like.
//!
//! A value stays only if its attribute stands in a schema, or its member in a message of the protocol. Passwords and
//! everything that nobody knows become [`HIDDEN`].

use super::json::Json;
use scim::schema::{self, Attribute, common};
use std::{collections::HashSet, sync::LazyLock};

/// Stands in for what is not kept.
pub(super) const HIDDEN: &str = "•••";

/// The one attribute whose values are never kept, although it is known.
const PASSWORD: &str = "password";

/// Members of messages (RFC 7644, sections 3.4.2, 3.4.3, 3.5.2, 3.7, 3.12; RFC 9865).
const OF_MESSAGES: [&str; 31] = [
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

/// Every name that is known, in lower case.
static KNOWN: LazyLock<HashSet<String>> = LazyLock::new(|| {
    fn add(known: &mut HashSet<String>, attributes: &[Attribute]) {
        for attribute in attributes {
            known.insert(attribute.name.to_ascii_lowercase());
            add(known, attribute.sub_attributes);
        }
    }
    let mut known = HashSet::from(OF_MESSAGES.map(str::to_owned));
    add(&mut known, common::ATTRIBUTES);
    for schema in schema::ALL {
        add(&mut known, schema.attributes);
    }
    known
});

/// Takes the secrets out of a message or resource.
pub(super) fn redact(json: &mut Json) {
    match json {
        Json::Object(_) => inside(json),
        // Not a message of the protocol: only what says by its name what it is can be kept.
        Json::List(values) => values.iter_mut().for_each(redact),
        _ => hide(json),
    }
}

/// Does a text name a password? Such filters compare with one.
pub(super) fn names_password(text: &str) -> bool {
    text.to_ascii_lowercase().contains(PASSWORD)
}

fn hide(json: &mut Json) {
    *json = Json::Text(HIDDEN.to_owned());
}

/// What stands under a known name.
fn inside(json: &mut Json) {
    match json {
        Json::Object(members) => object(members),
        Json::List(values) => values.iter_mut().for_each(inside),
        _ => {}
    }
}

/// What the `value` of a PATCH operation is.
#[derive(Clone, Copy)]
enum Value {
    /// Of no operation, or of a known attribute.
    Known,
    /// Of an operation without a path: a resource.
    Resource,
    /// Of a password, or of what nobody knows.
    Secret,
}

fn object(members: &mut [(String, Json)]) {
    let of_operation = value_of_operation(members);
    for (name, value) in members {
        let lower = name.to_ascii_lowercase();
        match (lower.as_str(), of_operation) {
            ("value", Some(Value::Secret)) => hide(value),
            ("value", Some(Value::Resource)) => match value {
                Json::Object(_) => inside(value),
                _ => hide(value),
            },
            ("path" | "filter", _) => match value {
                Json::Text(text) if compares_password(text) => hide(value),
                _ => inside(value),
            },
            (lower, _) if is_kept(lower) => inside(value),
            _ => hide(value),
        }
    }
}

/// `None`: the object is no PATCH operation.
fn value_of_operation(members: &[(String, Json)]) -> Option<Value> {
    let all = |wanted: &'static str| members.iter().filter(move |(name, _)| name.eq_ignore_ascii_case(wanted));
    all("op").next()?;
    let mut verdict = Value::Resource;
    // A path that stands there twice: whichever a reader takes, its value is not kept if one of them names a secret.
    for (_, path) in all("path") {
        verdict = match path {
            Json::Null => verdict,
            Json::Text(path) if is_kept(&path.to_ascii_lowercase()) => Value::Known,
            _ => return Some(Value::Secret),
        };
    }
    Some(verdict)
}

/// A path or filter that compares a password with something.
fn compares_password(text: &str) -> bool {
    names_password(text) && text.contains(['"', '[', ' '])
}

/// Is this the name or path, in lower case, of something that is kept? URNs, parts and value filters are understood:
/// `urn:…:User:name.familyName`, `emails[type eq "work"].value`.
fn is_kept(path: &str) -> bool {
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
    parts.into_iter().all(|part| part != PASSWORD && KNOWN.contains(part))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn redacted(text: &str) -> String {
        let mut json: Json = serde_json::from_str(text).unwrap();
        redact(&mut json);
        serde_json::to_string(&json).unwrap()
    }

    #[test]
    fn what_stays() {
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
            let kept = redacted(text);
            assert!(!kept.contains("SECRET") && kept.contains(HIDDEN), "{kept}");
        }
    }

    #[test]
    fn what_nobody_knows_does_not_stay() {
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
            let kept = redacted(text);
            assert!(!kept.contains("SECRET") && kept.contains(HIDDEN), "{kept}");
        }
    }
}
