//! A query in a body: POST to `/.search` (RFC 7644, section 3.4.3).

use crate::{Normalizations, ScimError, json};
use serde_json::{Map, Value};

/// The URI that marks a message as a query.
pub const SCHEMA: &str = "urn:ietf:params:scim:api:messages:2.0:SearchRequest";

/// The decoded parameters of a query.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SearchRequest(Vec<(&'static str, String)>);

const TEXTS: [&str; 4] = ["filter", "sortBy", "sortOrder", "cursor"];
const NUMBERS: [&str; 2] = ["startIndex", "count"];
const LISTS: [&str; 2] = ["attributes", "excludedAttributes"];

impl SearchRequest {
    /// Parses a message. Names are case-insensitive, unknown ones are ignored with a note. The values of the parameters
    /// are checked later, together with those of a URL.
    ///
    /// # Errors
    /// `invalidSyntax` for another kind of message, `invalidValue` for a parameter of a wrong type.
    pub fn read(body: Map<String, Value>, notes: &mut Normalizations) -> Result<Self, ScimError> {
        let mut parameters = Vec::new();
        let mut has_schemas = false;
        for (name, value) in body {
            let known = |names: &[&'static str]| names.iter().copied().find(|known| known.eq_ignore_ascii_case(&name));
            if value.is_null() {
                continue;
            }
            if name.eq_ignore_ascii_case("schemas") {
                has_schemas = check_schemas(&value)?;
            } else if let Some(name) = known(&TEXTS) {
                let Value::String(text) = value else { return Err(expected(name, "a string", &value)) };
                parameters.push((name, text));
            } else if let Some(name) = known(&NUMBERS) {
                parameters.push((name, number(name, value, notes)?));
            } else if let Some(name) = known(&LISTS) {
                parameters.push((name, list(name, value, notes)?));
            } else {
                notes.add(format!("{name}: unknown parameter, ignored"));
            }
        }
        if !has_schemas {
            notes.add("schemas: missing, treated as SearchRequest");
        }
        Ok(Self(parameters))
    }

    /// The parameters by name, each at most once.
    pub fn parameters(&self) -> impl Iterator<Item = (&str, &str)> + Clone {
        self.0.iter().map(|(name, value)| (*name, value.as_str()))
    }
}

fn check_schemas(value: &Value) -> Result<bool, ScimError> {
    let is_search = |uri: &Value| uri.as_str().is_some_and(|uri| uri.eq_ignore_ascii_case(SCHEMA));
    match value {
        Value::Array(uris) if uris.is_empty() => Ok(false),
        Value::Array(uris) if uris.iter().any(is_search) => Ok(true),
        uri if is_search(uri) => Ok(true),
        _ => Err(ScimError::invalid_syntax(format!("schemas: expected an array that includes {SCHEMA}"))),
    }
}

fn number(name: &'static str, value: Value, notes: &mut Normalizations) -> Result<String, ScimError> {
    match value {
        Value::Number(number) if !number.is_f64() => Ok(number.to_string()),
        // A number too large for the type is out of the parameter's range, so it is adjusted later.
        Value::Number(number) if number.as_f64().is_some_and(|n| n.fract() == 0.0 && n.abs() >= 1e18) => {
            Ok(if number.as_f64().is_some_and(|n| n < 0.0) { i64::MIN.to_string() } else { u64::MAX.to_string() })
        }
        Value::String(text) => {
            notes.add(format!("{name}: string converted to number"));
            Ok(text)
        }
        other => Err(expected(name, "an integer", &other)),
    }
}

fn list(name: &'static str, value: Value, notes: &mut Normalizations) -> Result<String, ScimError> {
    match value {
        Value::Array(names) => {
            let texts: Option<Vec<&str>> = names.iter().map(Value::as_str).collect();
            let texts = texts.ok_or_else(|| ScimError::invalid_value(format!("{name}: expected an array of names")))?;
            Ok(texts.join(","))
        }
        Value::String(names) => {
            notes.add(format!("{name}: string treated as an array"));
            Ok(names)
        }
        other => Err(expected(name, "an array of names", &other)),
    }
}

fn expected(name: &str, expected: &str, value: &Value) -> ScimError {
    ScimError::invalid_value(format!("{name}: expected {expected}, got {}", json::kind(value)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn read(body: Value) -> Result<(String, Vec<String>), String> {
        let mut notes = Normalizations::new();
        let search = SearchRequest::read(body.as_object().unwrap().clone(), &mut notes);
        let search = search.map_err(|error| error.to_string())?;
        let parameters: Vec<_> = search.parameters().map(|(name, value)| format!("{name}={value}")).collect();
        Ok((parameters.join("&"), notes.iter().map(str::to_owned).collect()))
    }

    #[test]
    fn the_rfcs_example() {
        let body = json!({"schemas":["urn:ietf:params:scim:api:messages:2.0:SearchRequest"],
            "attributes":["displayName","userName"],"filter":"displayName sw \"smith\"","startIndex":1,"count":10});
        let expected = "attributes=displayName,userName&count=10&filter=displayName sw \"smith\"&startIndex=1";
        assert_eq!(read(body), Ok((expected.to_owned(), vec![])));
    }

    #[test]
    fn other_spellings() {
        for (body, parameters, notes) in [
            (json!({}), "", &["schemas: missing, treated as SearchRequest"][..]),
            (json!({"SCHEMAS":SCHEMA,"SORTBY":"id","SortOrder":"descending"}), "sortBy=id&sortOrder=descending", &[]),
            (json!({"schemas":[SCHEMA],"filter":null,"count":null}), "", &[]),
            (json!({"schemas":[SCHEMA],"count":"5"}), "count=5", &["count: string converted to number"]),
            (json!({"schemas":[SCHEMA],"count":-1}), "count=-1", &[]),
            (json!({"schemas":[SCHEMA],"count":1e30}), "count=18446744073709551615", &[]),
            (
                json!({"schemas":[SCHEMA],"attributes":"a,b"}),
                "attributes=a,b",
                &["attributes: string treated as an array"],
            ),
            (json!({"schemas":[SCHEMA],"cursor":""}), "cursor=", &[]),
            (json!({"schemas":[SCHEMA],"foo":1}), "", &["foo: unknown parameter, ignored"]),
        ] {
            let expected = (parameters.to_owned(), notes.iter().map(|&note| note.to_owned()).collect());
            assert_eq!(read(body.clone()), Ok(expected), "{body}");
        }
    }

    #[test]
    fn invalid_parameters_are_rejected() {
        for (body, expected) in [
            (
                json!({"schemas":["x"]}),
                "schemas: expected an array that includes urn:ietf:params:scim:api:messages:2.0:SearchRequest",
            ),
            (json!({"filter":1}), "filter: expected a string, got a number"),
            (json!({"count":1.5}), "count: expected an integer, got a number"),
            (json!({"startIndex":[]}), "startIndex: expected an integer, got an array"),
            (json!({"attributes":[1]}), "attributes: expected an array of names"),
            (json!({"excludedAttributes":{}}), "excludedAttributes: expected an array of names, got an object"),
        ] {
            assert_eq!(read(body), Err(expected.to_owned()));
        }
    }
}
