//! Checks of responses. Each error is a sentence about the unexpected part.

use crate::outbound::OwnResponse;
use serde_json::Value;

/// The body of a response. Null if there is no body.
pub(super) type JsonDocument = Value;

/// Parses the body of a response of Rollcall. Any other response came from a proxy in front of it.
///
/// # Errors
/// One sentence about the server that seems to have answered.
pub(super) fn scim_json(answer: &OwnResponse) -> Result<JsonDocument, String> {
    let is_scim = answer.content_type.to_ascii_lowercase().starts_with("application/scim+json");
    let json = if answer.body.is_empty() { Ok(Value::Null) } else { serde_json::from_str(&answer.body) };
    match json {
        Ok(json) if is_scim => Ok(json),
        _ => {
            let kind = if answer.content_type.is_empty() { "no content type" } else { answer.content_type.as_str() };
            let server = answer.server.as_deref().map(|name| format!(", from {name}")).unwrap_or_default();
            let status = answer.status;
            if let Some(location) = &answer.location {
                let target = target(location);
                return Err(format!(
                    "something in front of Rollcall redirected the request: {status} to {target}{server}"
                ));
            }
            Err(format!("something in front of Rollcall answered instead: {status}, {kind}{server}"))
        }
    }
}

/// The target of a redirect, without its query, which may be secret, and not longer than a line.
fn target(location: &str) -> String {
    let place = location.split(['?', '#']).next().unwrap_or_default();
    place.chars().filter(|one| !one.is_control()).take(200).collect()
}

/// # Errors
/// The status differs: the actual one, and the reason.
pub(super) fn status(answer: &OwnResponse, json: &JsonDocument, expected: u16) -> Result<(), String> {
    if answer.status == expected {
        return Ok(());
    }
    let detail = json.get("detail").and_then(Value::as_str);
    let detail = detail.map(|detail| format!(": {detail}")).unwrap_or_default();
    let hint = match answer.status {
        401 => " (is that server using this database?)",
        405 | 501 => " (is a proxy changing the method?)",
        _ => "",
    };
    Err(format!("got {} instead of {expected}{detail}{hint}", answer.status))
}

/// The ids of the listed resources.
///
/// # Errors
/// The body is not a list.
pub(super) fn ids(json: &JsonDocument) -> Result<Vec<String>, String> {
    match (json.get("totalResults").and_then(Value::as_i64), json.get("Resources").and_then(Value::as_array)) {
        (Some(_), Some(resources)) => resources.iter().map(id).collect(),
        _ => Err("the response isn't a list of resources".to_owned()),
    }
}

/// # Errors
/// The list has other resources.
pub(super) fn only(json: &JsonDocument, expected: &[&str]) -> Result<(), String> {
    let actual = ids(json)?;
    if actual == expected {
        Ok(())
    } else {
        Err(format!("the list has {} instead of {}", actual.len(), expected.len()))
    }
}

/// The id of a resource.
///
/// # Errors
/// It has none.
pub(super) fn id(json: &JsonDocument) -> Result<String, String> {
    let id = json.get("id").and_then(Value::as_str);
    id.map(str::to_owned).ok_or_else(|| "the response has no id".to_owned())
}

/// # Errors
/// The value at this place (RFC 6901) differs.
pub(super) fn has(json: &JsonDocument, pointer: &str, expected: &Value) -> Result<(), String> {
    match json.pointer(pointer) {
        Some(value) if value == expected => Ok(()),
        Some(value) => Err(format!("{} is {value} instead of {expected}", attribute(pointer))),
        None => Err(format!("{} is missing", attribute(pointer))),
    }
}

/// # Errors
/// The value exists.
pub(super) fn lacks(json: &JsonDocument, pointer: &str) -> Result<(), String> {
    match json.pointer(pointer) {
        None => Ok(()),
        Some(_) => Err(format!("the response contains {}", attribute(pointer))),
    }
}

/// # Errors
/// The group has other members.
pub(super) fn has_members(json: &JsonDocument, expected: &[&str]) -> Result<(), String> {
    let members = json.get("members").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let actual: Vec<&str> = members.iter().filter_map(|member| member.get("value")?.as_str()).collect();
    if actual == expected {
        Ok(())
    } else {
        Err(format!("the group has {} members instead of {}", actual.len(), expected.len()))
    }
}

/// `name/familyName` of `/name/familyName`.
fn attribute(pointer: &str) -> &str {
    pointer.trim_start_matches('/')
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn answer(status: u16, content_type: &str, body: &str) -> OwnResponse {
        OwnResponse { status, content_type: content_type.into(), body: body.into(), ..OwnResponse::default() }
    }

    #[test]
    fn responses_of_a_proxy_are_recognized() {
        let own = answer(200, "application/scim+json; charset=utf-8", "{}");
        assert_eq!(scim_json(&own), Ok(json!({})));
        assert_eq!(scim_json(&answer(204, "application/scim+json", "")), Ok(Value::Null));
        let page = OwnResponse { server: Some("nginx".into()), ..answer(502, "text/html", "<h1>Bad Gateway</h1>") };
        assert_eq!(
            scim_json(&page).unwrap_err(),
            "something in front of Rollcall answered instead: 502, text/html, from nginx"
        );
        let moved = OwnResponse {
            location: Some("https://sso.example.com/login?next=secret".into()),
            ..answer(302, "text/html", "")
        };
        assert_eq!(
            scim_json(&moved).unwrap_err(),
            "something in front of Rollcall redirected the request: 302 to https://sso.example.com/login"
        );
        assert!(scim_json(&answer(200, "application/scim+json", "<html>")).is_err());
        assert!(scim_json(&answer(200, "application/json", "{}")).is_err());
    }

    #[test]
    fn errors_name_the_unexpected_part() {
        let error = json!({"detail": "userName is required", "status": "400"});
        let error = status(&answer(400, "", ""), &error, 201).unwrap_err();
        assert_eq!(error, "got 400 instead of 201: userName is required");
        let list = json!({"totalResults": 1, "Resources": [{"id": "a"}]});
        assert_eq!(only(&list, &["a"]), Ok(()));
        assert_eq!(only(&list, &[]).unwrap_err(), "the list has 1 instead of 0");
        assert!(ids(&json!([])).is_err() && id(&json!({})).is_err());
        let user = json!({"active": false, "name": {"familyName": "x"}});
        assert_eq!(has(&user, "/name/familyName", &json!("x")), Ok(()));
        assert_eq!(has(&user, "/active", &json!(true)).unwrap_err(), "active is false instead of true");
        assert_eq!(has(&user, "/title", &json!("x")).unwrap_err(), "title is missing");
        assert_eq!(lacks(&user, "/active").unwrap_err(), "the response contains active");
        let group = json!({"members": [{"value": "a"}]});
        assert_eq!(has_members(&group, &["a"]), Ok(()));
        assert!(has_members(&json!({}), &["a"]).is_err() && has_members(&json!({}), &[]).is_ok());
    }
}
