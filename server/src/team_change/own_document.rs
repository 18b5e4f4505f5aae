//! Changes of a member's document by the member itself.

use super::person::{MemberColumns, stored};
use domain::{UnixMs, person_name::PersonName, user_name::Renames, validation::text::fold};
use serde_json::{Map, Value, json};
use store::{MemberRecord, MemberSource, MemberStatus, StoreError, TeamTransaction, WriteAuthorization};

/// The document with another name. The parts of the name follow. Attributes that no page edits, such as a title, stay.
pub(crate) fn renamed(document: &str, name: &str) -> Result<String, StoreError> {
    let mut attributes = parse(document)?;
    attributes.insert("displayName".into(), name.into());
    let PersonName { given, family } = PersonName::split(name);
    let parts = attributes.entry("name").or_insert_with(|| json!({}));
    let Some(parts) = parts.as_object_mut() else { return Err(corrupt()) };
    parts.insert("formatted".into(), name.into());
    parts.insert("givenName".into(), given.into());
    parts.insert("familyName".into(), family.into());
    Ok(Value::Object(attributes).to_string())
}

/// The document with another sign-in address. A userName that equals the old address follows.
pub(crate) fn readdressed(document: &str, old: Option<&str>, email: &str) -> Result<String, StoreError> {
    let mut attributes = parse(document)?;
    let user_name = attributes.get("userName").and_then(Value::as_str).map(fold);
    if user_name.is_none() || user_name == old.map(fold) {
        attributes.insert("userName".into(), email.into());
    }
    let emails = attributes.entry("emails").or_insert_with(|| json!([]));
    let Some(emails) = emails.as_array_mut() else { return Err(corrupt()) };
    let is_old = |one: &&mut Value| {
        one.get("value").and_then(Value::as_str).is_some_and(|value| Some(fold(value)) == old.map(fold))
    };
    match emails.iter_mut().find(is_old).and_then(Value::as_object_mut) {
        Some(main) => {
            main.insert("value".into(), email.into());
        }
        None => {
            for other in emails.iter_mut().filter_map(Value::as_object_mut) {
                other.remove("primary");
            }
            emails.push(json!({"value": email, "primary": true}));
        }
    }
    Ok(Value::Object(attributes).to_string())
}

/// Rewrites a member from a document.
///
/// # Errors
/// [`StoreError::Conflict`] (the userName).
pub(crate) async fn write(
    tx: &mut TeamTransaction,
    before: &MemberRecord,
    document: &str,
    (status, source): (MemberStatus, MemberSource),
    now: UnixMs,
    grounds: impl Into<WriteAuthorization>,
) -> Result<(), StoreError> {
    let person = MemberColumns::of(stored(document, None)?).map_err(|_| corrupt())?;
    let renames = match before.status {
        // A restored member has no history of names.
        MemberStatus::Deleted => Renames::default(),
        _ => before.renames_after(&person.user_name, status, now),
    };
    let write = person.write(document, (status, before.active_present), source, renames, now);
    tx.member_write(before, &write, grounds).await
}

fn parse(document: &str) -> Result<Map<String, Value>, StoreError> {
    serde_json::from_str(document).map_err(|_| corrupt())
}

fn corrupt() -> StoreError {
    StoreError::Corrupt("column document".into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_parts_of_a_name_follow_a_new_name() {
        for (document, wanted) in [
            (
                r#"{"userName":"ada","name":{"formatted":"Ada L","givenName":"Ada","honorificPrefix":"Lady"},"title":"Countess"}"#,
                json!({"userName": "ada", "displayName": "Ada King", "title": "Countess", "name":
                    {"formatted": "Ada King", "givenName": "Ada", "familyName": "King", "honorificPrefix": "Lady"}}),
            ),
            (
                r#"{"userName":"ada"}"#,
                json!({"userName": "ada", "displayName": "Ada King", "name":
                    {"formatted": "Ada King", "givenName": "Ada", "familyName": "King"}}),
            ),
        ] {
            let renamed: Value = serde_json::from_str(&renamed(document, "Ada King").unwrap()).unwrap();
            assert_eq!(renamed, wanted);
        }
    }

    #[test]
    fn a_new_address_replaces_the_old_one() {
        let change = |document: &str, old: Option<&str>| -> Value {
            serde_json::from_str(&readdressed(document, old, "new@x.test").unwrap()).unwrap()
        };
        for (document, old, wanted) in [
            (
                r#"{"userName":"Ada@x.test","emails":[{"value":"home@x.test"},{"value":"ada@x.test","primary":true}]}"#,
                Some("ada@x.test"),
                json!({"userName": "new@x.test",
                    "emails": [{"value": "home@x.test"}, {"value": "new@x.test", "primary": true}]}),
            ),
            (
                r#"{"userName":"ada","emails":[{"value":"ada@x.test","type":"work"}]}"#,
                Some("ada@x.test"),
                json!({"userName": "ada", "emails": [{"value": "new@x.test", "type": "work"}]}),
            ),
            (
                r#"{"userName":"ada@x.test"}"#,
                Some("ada@x.test"),
                json!({"userName": "new@x.test", "emails": [{"value": "new@x.test", "primary": true}]}),
            ),
            (
                r#"{"userName":"ada"}"#,
                None,
                json!({"userName": "ada", "emails": [{"value": "new@x.test", "primary": true}]}),
            ),
        ] {
            assert_eq!(change(document, old), wanted, "{document}");
        }
    }
}
