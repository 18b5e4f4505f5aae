//! Shapes of rejected bodies: names, types and values of closed lists (an `op`, a path, the URI of a schema). The API did not
//! understand such a body, so any of its other values could be secret.

use super::{
    json::CapturedJson,
    redact::{HIDDEN, hide, is_public, names_password},
};

/// Upper bound of a name, in bytes. All paths of the known schemas are shorter.
const MAX_NAME: usize = 120;

/// Removes all values from a redacted message.
pub(super) fn reduce_to_shape(json: &mut CapturedJson) {
    match json {
        CapturedJson::Null => {}
        CapturedJson::Bool(_) => *json = type_only("boolean"),
        CapturedJson::Number(_) => *json = type_only("number"),
        CapturedJson::Text(_) => hide(json),
        CapturedJson::List(values) => values.iter_mut().for_each(reduce_to_shape),
        CapturedJson::Object(members) => members.iter_mut().for_each(|(name, value)| reduce_member(name, value)),
    }
}

fn reduce_member(name: &mut String, value: &mut CapturedJson) {
    match (name.to_ascii_lowercase().as_str(), &mut *value) {
        // Redaction has left values of a closed list only.
        ("op", CapturedJson::Text(_)) => {}
        ("method", CapturedJson::Text(text)) if is_method(text) => {}
        ("path", CapturedJson::Text(text)) => *text = without_comparison(text),
        ("schemas", CapturedJson::List(uris)) => {
            uris.iter_mut().filter(|uri| !is_schema(uri)).for_each(reduce_to_shape)
        }
        _ => reduce_to_shape(value),
    }
    if !is_name(name) {
        *name = HIDDEN.to_owned();
    }
}

fn type_only(kind: &str) -> CapturedJson {
    CapturedJson::Text(format!("{HIDDEN} ({kind})"))
}

fn is_method(text: &str) -> bool {
    ["POST", "PUT", "PATCH", "DELETE"].iter().any(|method| method.eq_ignore_ascii_case(text))
}

/// Whether it is a URI of the protocol.
fn is_schema(uri: &CapturedJson) -> bool {
    matches!(uri, CapturedJson::Text(uri) if is_name(uri) && uri.to_ascii_lowercase().starts_with("urn:ietf:params:scim:"))
}

/// Whether it has the form of the name or path of an attribute.
fn is_name(text: &str) -> bool {
    text.len() <= MAX_NAME && text.chars().all(|c| c.is_ascii_alphanumeric() || "$-_.:/".contains(c))
}

/// The path without the values of its filter: `emails[•••].value`.
fn without_comparison(path: &str) -> String {
    match (path.split_once('['), path.rsplit_once(']')) {
        (Some((head, _)), Some((_, tail))) if is_public(&path.to_ascii_lowercase()) && !names_password(path) => {
            format!("{head}[{HIDDEN}]{tail}")
        }
        _ if is_name(path) => path.to_owned(),
        _ => HIDDEN.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::{super::redact::redact, *};

    fn shaped(text: &str) -> String {
        let mut json: CapturedJson = serde_json::from_str(text).unwrap();
        redact(&mut json);
        reduce_to_shape(&mut json);
        serde_json::to_string(&json).unwrap()
    }

    #[test]
    fn names_and_types_stay() {
        for (text, expected) in [
            (
                r#"{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User","x y"],"userName":["ada"],"active":true,"count":7,"title":null}"#,
                r#"{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User","•••"],"userName":["•••"],"active":"••• (boolean)","count":"••• (number)","title":null}"#,
            ),
            (
                r#"{"Operations":[{"path":"password","value":"SECRET"}]}"#,
                r#"{"Operations":[{"path":"password","value":"•••"}]}"#,
            ),
            (
                r#"{"Operations":[{"op":"Add","path":"emails[value eq \"ada@acme.test\"].type","value":"work"}]}"#,
                r#"{"Operations":[{"op":"Add","path":"emails[•••].type","value":"•••"}]}"#,
            ),
            (
                r#"{"Operations":[{"method":"POST","path":"/Users","bulkId":"b","data":{"emails":[{"value":"a@b"}]}}]}"#,
                r#"{"Operations":[{"method":"POST","path":"/Users","bulkId":"•••","data":{"emails":[{"value":"•••"}]}}]}"#,
            ),
            (r#"{"password=SECRET":1,"apiToken":{"a":1}}"#, r#"{"•••":"•••","apiToken":"•••"}"#),
            (r#"["SECRET"]"#, r#"["•••"]"#),
        ] {
            assert_eq!(shaped(text), expected);
        }
    }
}
