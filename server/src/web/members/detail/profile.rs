//! A SCIM User in words: every attribute with a value.

use app::model::Fact;
use serde_json::{Map, Value};

/// The document's facts, in its order. Parts of a name and of an extension are separate facts.
pub(super) fn facts(document: &str) -> Vec<Fact> {
    let attributes: Map<String, Value> = serde_json::from_str(document).unwrap_or_default();
    let mut facts = Vec::new();
    for (name, value) in &attributes {
        match value {
            _ if name == "schemas" => {}
            Value::Object(parts) if name == "name" || name.starts_with("urn:") => {
                facts.extend(parts.iter().filter_map(|(name, value)| fact(name, value)));
            }
            value => facts.extend(fact(name, value)),
        }
    }
    facts
}

fn fact(name: &str, value: &Value) -> Option<Fact> {
    let values = match value {
        Value::Array(all) if name == "x509Certificates" => vec![format!("{} kept", all.len())],
        Value::Array(all) => all.iter().filter_map(value_text).collect(),
        value => value_text(value).into_iter().collect(),
    };
    (!values.is_empty()).then(|| Fact { label: label(name), values })
}

/// One value: "ada@acme.test (work, primary)".
fn value_text(value: &Value) -> Option<String> {
    match value {
        Value::Null => None,
        Value::Bool(yes) => Some(if *yes { "Yes" } else { "No" }.to_owned()),
        Value::Number(number) => Some(number.to_string()),
        Value::String(text) => Some(text.clone()).filter(|text| !text.trim().is_empty()),
        Value::Array(all) => join(all.iter().filter_map(value_text)),
        Value::Object(parts) => {
            let text = |name: &str| parts.get(name).and_then(Value::as_str).filter(|text| !text.trim().is_empty());
            let main = ["displayName", "display", "value", "formatted"].into_iter().find_map(text);
            let rest =
                || join(parts.iter().filter(|(name, _)| !is_about(name)).filter_map(|(_, value)| value_text(value)));
            let main = main.map(str::to_owned).or_else(rest)?;
            let primary = parts.get("primary").and_then(Value::as_bool).unwrap_or_default();
            let about = join(text("type").map(str::to_owned).into_iter().chain(primary.then(|| "primary".to_owned())));
            Some(about.map_or_else(|| main.clone(), |about| format!("{main} ({about})")))
        }
    }
}

/// Whether this sub-attribute describes a value instead of being one.
fn is_about(name: &str) -> bool {
    matches!(name, "type" | "primary" | "$ref")
}

fn join(texts: impl Iterator<Item = String>) -> Option<String> {
    let texts: Vec<String> = texts.collect();
    (!texts.is_empty()).then(|| texts.join(", "))
}

/// The label of an attribute: "Given name" for "givenName".
fn label(name: &str) -> String {
    match name {
        "userName" => return "User name".to_owned(),
        "externalId" => return "External ID".to_owned(),
        "displayName" => return "Display name".to_owned(),
        "formatted" => return "Full name".to_owned(),
        "emails" => return "Email".to_owned(),
        "ims" => return "Instant messaging".to_owned(),
        "profileUrl" => return "Profile URL".to_owned(),
        "x509Certificates" => return "Certificates".to_owned(),
        _ => {}
    }
    let mut words = String::with_capacity(name.len() + 4);
    for c in name.chars() {
        match c {
            c if words.is_empty() => words.extend(c.to_uppercase()),
            c if c.is_uppercase() => {
                words.push(' ');
                words.extend(c.to_lowercase());
            }
            c => words.push(c),
        }
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn every_attribute_with_a_value_is_a_fact() {
        let document = json!({
            "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"],
            "userName": "ada",
            "name": {"givenName": "Ada", "familyName": "Lovelace", "honorificPrefix": ""},
            "emails": [{"value": "ada@acme.test", "type": "work", "primary": true}, {"value": "ada@home.test"}],
            "addresses": [{"type": "home", "locality": "London", "country": "GB"}],
            "x509Certificates": [{"value": "MIIB"}],
            "title": " ",
            "nickName": null,
            "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {
                "employeeNumber": "7",
                "manager": {"value": "26118915", "$ref": "../Users/26118915", "displayName": "Grace Hopper"},
            },
            "urn:example:custom": {"remote": true, "floor": 3},
        });
        let mut texts: Vec<String> = facts(&document.to_string())
            .into_iter()
            .map(|fact| format!("{}: {}", fact.label, fact.values.join(" | ")))
            .collect();
        texts.sort();
        assert_eq!(
            texts,
            [
                "Addresses: GB, London (home)",
                "Certificates: 1 kept",
                "Email: ada@acme.test (work, primary) | ada@home.test",
                "Employee number: 7",
                "Family name: Lovelace",
                "Floor: 3",
                "Given name: Ada",
                "Manager: Grace Hopper",
                "Remote: Yes",
                "User name: ada",
            ]
        );
        assert_eq!(facts("no JSON"), []);
    }
}
