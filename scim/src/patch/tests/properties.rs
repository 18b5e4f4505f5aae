//! Properties of every PATCH.

use super::*;
use crate::document::tests::properties::resource;
use proptest::prelude::*;

fn operation() -> impl Strategy<Value = Value> {
    let op = "add|replace|remove|Replace";
    let path = prop_oneof![
        4 => "userName|title|active|name|name\\.givenName|emails|emails\\.value|phoneNumbers|externalId|manager|manager\\.value|photos|\
            urn:ietf:params:scim:schemas:extension:enterprise:2\\.0:User(:department)?",
        4 => "(emails|phoneNumbers|addresses|photos)\\[(type|value) (eq|co|ne) \"[a-c]\"( (and|or) primary eq true)?\\](\\.(value|type|primary|display))?",
        1 => "id|roles|schemas|password|foo",
        1 => "",
    ];
    (op, path, resource(ResourceType::User), any::<bool>(), "[a-c]|[A-C]").prop_map(|(op, path, value, whole, text)| {
        let value = if whole { Value::Object(value) } else { value.into_values().next().unwrap_or(Value::from(text)) };
        let mut operation = object(json!({"op":op,"value":value}));
        if !path.is_empty() {
            operation.insert("path".into(), Value::from(path));
        }
        Value::Object(operation)
    })
}

proptest! {
    #[test]
    fn a_result_never_violates_the_schema(
        mut before in resource(ResourceType::User),
        operations in proptest::collection::vec(operation(), 1..6),
    ) {
        before.insert("userName".into(), json!("ada"));
        let Ok(before) = ResourceDocument::read(before, ResourceType::User, &mut Normalizations::new()) else { return Ok(()) };
        let untouched = before.clone();
        let (patch, mut notes) = read(ResourceType::User, Value::Array(operations));
        let after = patch.and_then(|patch| patch.apply(&before, &mut notes));
        prop_assert_eq!(&before, &untouched);
        if let Ok(after) = after {
            // The result equals the same resource sent as a whole: it is canonical, and has no notes.
            let mut whole = after.as_map().clone();
            whole.insert("schemas".into(), json!(after.schemas()));
            let mut notes = Normalizations::new();
            prop_assert_eq!(ResourceDocument::read(whole, ResourceType::User, &mut notes).unwrap(), after);
            prop_assert_eq!(notes, Normalizations::new());
        }
    }

    #[test]
    fn the_whole_is_refused_when_the_last_operation_is_wrong(operations in proptest::collection::vec(operation(), 0..4)) {
        let mut operations = operations;
        operations.push(json!({"op":"replace","path":"userName","value":""}));
        let (patch, mut notes) = read(ResourceType::User, Value::Array(operations));
        let before = ResourceDocument::from_stored(ResourceType::User, object(json!({"userName":"ada"})));
        prop_assert!(patch.and_then(|patch| patch.apply(&before, &mut notes)).is_err());
    }

    #[test]
    fn setting_twice_is_setting_once(operation in operation()) {
        let before = ResourceDocument::from_stored(ResourceType::User, object(json!({"userName":"ada","emails":[work("a"),home("b")]})));
        let (patch, mut notes) = read(ResourceType::User, json!([operation]));
        if let Ok((patch, once)) = patch.and_then(|patch| patch.apply(&before, &mut notes).map(|once| (patch, once)))
            && let Ok(twice) = patch.apply(&once, &mut notes)
        {
            prop_assert_eq!(twice, once);
        }
    }

    #[test]
    fn no_message_panics(body in resource(ResourceType::User), operations in resource(ResourceType::Group)) {
        let _ = Patch::read(body, ResourceType::User, &mut Normalizations::new());
        let _ = read(ResourceType::Group, Value::Object(operations));
    }
}

#[test]
fn a_thousand_operations_on_a_thousand_values_are_bounded() {
    let adds = (0..1_000).map(|i| {
        let value = json!([{"value":format!("person{i}@example.com"),"type":"other"}]);
        json!({"op":"add","path":"emails","value":value})
    });
    let sets = (800..1_000).map(|i| {
        let path = format!("emails[value eq \"person{i}@example.com\"].display");
        json!({"op":"replace","path":path,"value":"x"})
    });
    let before = ResourceDocument::from_stored(ResourceType::User, object(json!({"userName":"ada"})));
    let mut notes = Normalizations::new();
    let full = read(ResourceType::User, Value::Array(adds.collect())).0.unwrap().apply(&before, &mut notes).unwrap();
    let after = read(ResourceType::User, Value::Array(sets.collect())).0.unwrap().apply(&full, &mut notes).unwrap();
    assert_eq!(after.emails().len(), 1_000);
}
