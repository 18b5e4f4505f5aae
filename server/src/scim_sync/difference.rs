//! Differences between two versions of a User, as text for the activity log.

use domain::activity::AttributeChange;
use serde_json::{Map, Value};

/// Upper bound of the attributes in an entry.
const MAX_ATTRIBUTES: usize = 30;
/// Upper bound of a value, in characters.
const MAX_VALUE: usize = 200;
/// The placeholder of a secret value.
const HIDDEN: &str = "•••";

/// The attributes that differ. Attributes of an extension and parts of a name are listed one by one.
pub(super) fn between(before: &Map<String, Value>, after: &Map<String, Value>) -> Vec<AttributeChange> {
    let mut differences = Vec::new();
    collect(before, after, &mut differences);
    differences.truncate(MAX_ATTRIBUTES);
    differences
}

fn collect(before: &Map<String, Value>, after: &Map<String, Value>, differences: &mut Vec<AttributeChange>) {
    let none = Map::new();
    let names = before.keys().chain(after.keys().filter(|name| !before.contains_key(*name)));
    for name in names {
        let (was, is) = (before.get(name), after.get(name));
        if was == is {
            continue;
        }
        let has_parts = name == "name" || name.starts_with("urn:");
        match (was.and_then(Value::as_object), is.and_then(Value::as_object)) {
            (None, None) => differences.push(difference(name, was, is)),
            (was, is) if has_parts => collect(was.unwrap_or(&none), is.unwrap_or(&none), differences),
            _ => differences.push(difference(name, was, is)),
        }
    }
}

fn difference(name: &str, was: Option<&Value>, is: Option<&Value>) -> AttributeChange {
    let text = |value: Option<&Value>| {
        let value = value.and_then(|value| describe(name, value))?;
        Some(if is_secret(name) { HIDDEN.to_owned() } else { truncate(&value) })
    };
    AttributeChange { attribute: name.to_owned(), was: text(was), is: text(is) }
}

/// No attribute of the schema is secret, but a client may send an extension that has one.
fn is_secret(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    ["password", "secret", "token"].iter().any(|mark| name.contains(mark))
}

/// A value in one line. `None`: it is empty.
fn describe(name: &str, value: &Value) -> Option<String> {
    match value {
        Value::Null => None,
        Value::Bool(yes) => Some(if *yes { "yes" } else { "no" }.to_owned()),
        Value::Number(number) => Some(number.to_string()),
        Value::String(text) => Some(text.clone()).filter(|text| !text.is_empty()),
        Value::Array(all) if name == "x509Certificates" => Some(format!("{} kept", all.len())),
        Value::Array(all) => join(all.iter().filter_map(|one| describe(name, one)), "; "),
        Value::Object(parts) => {
            let text = |part: &str| parts.get(part).and_then(Value::as_str).filter(|text| !text.is_empty());
            let main = ["displayName", "formatted", "value", "display"].into_iter().find_map(text).map(str::to_owned);
            let rest = || {
                let rest = parts.iter().filter(|(part, _)| !matches!(part.as_str(), "type" | "primary" | "$ref"));
                join(rest.filter_map(|(part, value)| if is_secret(part) { None } else { describe(part, value) }), ", ")
            };
            let main = main.or_else(rest)?;
            let primary = parts.get("primary").and_then(Value::as_bool) == Some(true);
            let about =
                join(text("type").map(str::to_owned).into_iter().chain(primary.then(|| "primary".to_owned())), ", ");
            Some(about.map_or_else(|| main.clone(), |about| format!("{main} ({about})")))
        }
    }
}

fn join(texts: impl Iterator<Item = String>, between: &str) -> Option<String> {
    let texts: Vec<String> = texts.collect();
    (!texts.is_empty()).then(|| texts.join(between))
}

fn truncate(text: &str) -> String {
    match text.char_indices().nth(MAX_VALUE) {
        Some((end, _)) => [text.get(..end).unwrap_or_default(), "…"].concat(),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn described(before: Value, after: Value) -> Vec<String> {
        let map = |value: Value| value.as_object().unwrap().clone();
        let one = |difference: AttributeChange| {
            let side = |side: Option<String>| side.unwrap_or_else(|| "-".into());
            format!("{}: {} > {}", difference.attribute, side(difference.was), side(difference.is))
        };
        between(&map(before), &map(after)).into_iter().map(one).collect()
    }

    #[test]
    fn differences_are_described() {
        for (before, after, expected) in [
            (json!({"title": "x"}), json!({"title": "x"}), vec![]),
            (json!({"title": "x"}), json!({"title": "y"}), vec!["title: x > y"]),
            (json!({}), json!({"title": "y"}), vec!["title: - > y"]),
            (json!({"title": "x"}), json!({}), vec!["title: x > -"]),
            (
                json!({"name": {"givenName": "Ada", "familyName": "B"}}),
                json!({"name": {"givenName": "Ada", "familyName": "L"}}),
                vec!["familyName: B > L"],
            ),
            (
                json!({"emails": [{"value": "a@x", "type": "work", "primary": true}]}),
                json!({"emails": [{"value": "b@x", "type": "work", "primary": true}, {"value": "c@x"}]}),
                vec!["emails: a@x (work, primary) > b@x (work, primary); c@x"],
            ),
            (
                json!({"urn:x:User": {"department": "A", "manager": {"value": "7", "$ref": "/x"}}}),
                json!({"urn:x:User": {"department": "B", "manager": {"value": "8", "$ref": "/y"}}}),
                vec!["department: A > B", "manager: 7 > 8"],
            ),
            (json!({"urn:x:User": {"apiToken": "SECRET"}}), json!({}), vec!["apiToken: ••• > -"]),
            (json!({"Password": "SECRET"}), json!({"Password": "SECRET2"}), vec!["Password: ••• > •••"]),
            (json!({"x509Certificates": [{"value": "MIIB"}]}), json!({}), vec!["x509Certificates: 1 kept > -"]),
        ] {
            assert_eq!(described(before.clone(), after.clone()), expected, "{before} {after}");
        }
    }

    #[test]
    fn long_values_are_cut_and_long_lists_end() {
        let described = described(json!({"title": "é".repeat(500)}), json!({}));
        assert_eq!(described[0].chars().count(), "title: ".len() + MAX_VALUE + 1 + " > -".len());
        let many = Value::Object((0..90).map(|number| (format!("a{number}"), json!("x"))).collect());
        assert_eq!(between(many.as_object().unwrap(), &Map::new()).len(), MAX_ATTRIBUTES);
    }
}
