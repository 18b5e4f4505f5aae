//! Operations in the forms that Okta, Entra ID and others send.

use super::*;

const CAPITAL: &str = "op: wrong letter case, accepted";

#[test]
fn okta_deactivates_and_reactivates() {
    changes(json!({"active":true}), json!([{"op":"replace","value":{"active":false}}]), json!({"active":false}));
    changes(json!({"active":false}), json!([{"op":"replace","value":{"active":true}}]), json!({"active":true}));
}

#[test]
fn okta_renames_a_group_with_its_id_in_the_value() {
    let (patch, mut notes) =
        read(ResourceType::Group, json!([{"op":"replace","value":{"id":"abf4","displayName":"Test SCIMv2"}}]));
    let before =
        ResourceDocument::from_stored(ResourceType::Group, object(json!({"displayName":"Old","externalId":"x"})));
    let after = patch.unwrap().apply(&before, &mut notes).unwrap().into_map();
    assert_eq!(Value::Object(after), json!({"displayName":"Test SCIMv2","externalId":"x"}));
    assert_eq!(notes.iter().collect::<Vec<_>>(), ["id: read-only, ignored"]);
}

#[test]
fn entra_disables() {
    for (op, value) in [("Replace", json!("False")), ("replace", json!("false")), ("Add", json!("False"))] {
        let (after, notes) = user(json!({"active":true}), json!([{"op":op,"path":"active","value":value}]));
        assert_eq!(after, json!({"active":false}));
        let capital = (op != "replace").then_some(CAPITAL);
        assert_eq!(notes, capital.into_iter().chain(["active: string converted to boolean"]).collect::<Vec<_>>());
    }
    changes(json!({"active":true}), json!([{"op":"replace","path":"active","value":false}]), json!({"active":false}));
}

#[test]
fn entra_replaces_one_attribute_per_operation() {
    let before =
        json!({"displayName":"a","name":{"givenName":"b","familyName":"c"},"emails":[work("d@x"), home("h@x")]});
    let operations = json!([
        {"op":"Replace","path":"displayName","value":"A"},
        {"op":"Replace","path":"emails[type eq \"work\"].value","value":"D@x"},
        {"op":"Replace","path":"name.givenName","value":"B"},
        {"op":"Replace","path":"name.familyName","value":"C"},
        {"op":"Replace","path":"externalId","value":"E"},
        {"op":"Replace","path":"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:employeeNumber","value":"7"},
    ]);
    let after = json!({"displayName":"A","name":{"givenName":"B","familyName":"C"},"externalId":"E",
        "emails":[work("D@x"), home("h@x")], ENTERPRISE:{"employeeNumber":"7"}});
    assert_eq!(user(before, operations), (after, vec![CAPITAL.to_owned()]));
}

#[test]
fn entra_replaces_with_paths_for_names() {
    let before = json!({"displayName":"a","name":{"givenName":"b","middleName":"m"},"emails":[work("d@x")]});
    let operations = json!([
        {"op":"replace","path":"emails[type eq \"work\"].value","value":"D@x"},
        {"op":"replace","value":{"displayName":"Bjfe","name.givenName":"Kkom","name.familyName":"Unua",
            "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:employeeNumber":"Aklq"}},
    ]);
    let (after, notes) = user(before, operations);
    assert_eq!(
        after,
        json!({"displayName":"Bjfe","name":{"givenName":"Kkom","familyName":"Unua","middleName":"m"},
            "emails":[work("D@x")], ENTERPRISE:{"employeeNumber":"Aklq"}})
    );
    assert_eq!(notes.len(), 3);
    assert_eq!(notes[0], "name.familyName: path used as a key, treated as that attribute");

    let (after, _) = user(json!({}), json!([{"op":"add","value":{"emails[type eq \"work\"].value":"a@x"}}]));
    assert_eq!(after, json!({"emails":[{"type":"work","value":"a@x"}]}));
}

#[test]
fn entra_expects_a_new_value_if_none_matches() {
    let add = json!([{"op":"Add","path":"emails[type eq \"work\"].value","value":"x@y"}]);
    let new_value = "emails: no matching value, so one was added".to_owned();
    let expected = json!({"emails":[{"type":"work","value":"x@y"}]});
    assert_eq!(user(json!({}), add.clone()), (expected.clone(), vec![CAPITAL.to_owned(), new_value.clone()]));
    assert_eq!(user(expected.clone(), add.clone()), (expected, vec![CAPITAL.to_owned()]));
    let (after, _) = user(json!({"emails":[home("h@x")]}), add);
    assert_eq!(after, json!({"emails":[home("h@x"),{"type":"work","value":"x@y"}]}));

    for op in ["add", "replace"] {
        let path = "addresses[type eq \"work\" and primary eq true].locality";
        let before = json!({"addresses":[{"type":"home","primary":true}]});
        let (after, notes) = user(before, json!([{"op":op,"path":path,"value":"Bonn"}]));
        let new_value = json!({"type":"work","primary":true,"locality":"Bonn"});
        assert_eq!(after, json!({"addresses":[{"type":"home","primary":false}, new_value]}));
        assert_eq!(notes, ["addresses: no matching value, so one was added"]);
    }
}

#[test]
fn entra_sets_the_manager() {
    for (path, value) in [
        ("manager", json!([{"$ref":"http://x/Users/00aa","value":"00aa"}])),
        ("manager", json!({"$ref":"http://x/Users/00aa","value":"00aa"})),
        (
            "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager",
            json!([{"$ref":"http://x/Users/00aa","value":"00aa"}]),
        ),
    ] {
        for before in [json!({}), json!({ENTERPRISE:{"manager":{"value":"1","$ref":"http://x/Users/1"}}})] {
            let (after, _) = user(before, json!([{"op":"Add","path":path,"value":value}]));
            assert_eq!(after, json!({ENTERPRISE:{"manager":{"$ref":"http://x/Users/00aa","value":"00aa"}}}), "{path}");
        }
    }
    // A plain id replaces the former manager, so the old reference is removed.
    let before = json!({ENTERPRISE:{"department":"R&D","manager":{"value":"1","$ref":"http://x/Users/1"}}});
    for path in [
        "manager",
        "manager.value",
        &format!("{ENTERPRISE}:manager"),
        "urn:ietf:params:scim:schemas:extension:enterprise:2.0User:manager",
    ] {
        let (after, _) = user(before.clone(), json!([{"op":"replace","path":path,"value":"00aa"}]));
        assert_eq!(after, json!({ENTERPRISE:{"department":"R&D","manager":{"value":"00aa"}}}), "{path}");
    }
    for value in [json!(null), json!(""), json!([])] {
        let (after, _) = user(before.clone(), json!([{"op":"replace","path":"manager","value":value}]));
        assert_eq!(after, json!({ENTERPRISE:{"department":"R&D"}}), "{value}");
    }
}

#[test]
fn entra_sends_app_roles_that_cannot_be_set() {
    for path in ["roles[primary eq \"True\"].value", "roles", "roles.value"] {
        refused(
            json!({}),
            json!([{"op":"Add","path":path,"value":"admin"}]),
            ScimType::Mutability,
            "roles is read-only. Roles are assigned in Rollcall, manually or by groups",
        );
    }
    let (after, notes) = user(json!({}), json!([{"op":"add","value":{"roles":[{"value":"admin"}],"title":"x"}}]));
    assert_eq!((after, notes), (json!({"title":"x"}), vec!["roles: read-only, ignored".to_owned()]));
}

#[test]
fn entra_renames_a_group() {
    let (patch, mut notes) = read(ResourceType::Group, json!([{"op":"Replace","path":"displayName","value":"New"}]));
    let before = ResourceDocument::from_stored(ResourceType::Group, object(json!({"displayName":"Old"})));
    let after = patch.unwrap().apply(&before, &mut notes).unwrap();
    assert_eq!(after.display_name(), Some("New"));
}

#[test]
fn messages_in_other_spellings_are_accepted() {
    for (body, note) in [
        (json!({"Operations":[{"op":"add","path":"title","value":"x"}]}), Some("schemas: missing, treated as PatchOp")),
        (json!({"schemas":[SCHEMA],"operations":[{"op":"add","path":"title","value":"x"}]}), None),
        (json!({"SCHEMAS":[SCHEMA.to_uppercase()],"OPERATIONS":[{"OP":"add","Path":"TITLE","Value":"x"}]}), None),
        (
            json!({"schemas":SCHEMA,"Operations":[{"op":"add","path":"title","value":"x"}]}),
            Some("schemas: single value treated as an array"),
        ),
        (
            json!({"schemas":[SCHEMA],"Operations":{"op":"add","path":"title","value":"x"}}),
            Some("Operations: single operation treated as an array"),
        ),
        (
            json!({"schemas":[SCHEMA],"Operations":[{"op":"add","path":"","value":{"title":"x"}}]}),
            Some("path: empty, ignored"),
        ),
        (
            json!({"schemas":[SCHEMA],"Operations":[{"op":"add","path":"urn:ietf:params:scim:schemas:core:2.0:User",
                "value":{"title":"x"}}]}),
            Some("path: core schema URI, ignored"),
        ),
        (json!({"schemas":[SCHEMA],"Operations":[{"op":"add","path":null,"value":{"title":"x"}}]}), None),
        (
            json!({"schemas":[SCHEMA],"foo":1,"Operations":[{"op":"add","path":"title","value":"x"}]}),
            Some("foo: unknown attribute, ignored"),
        ),
        (
            json!({"schemas":[SCHEMA],"Operations":[{"op":"add","value":{"title":"x","foo":{"bar":1}}}]}),
            Some("foo: unknown attribute, ignored"),
        ),
    ] {
        let mut notes = Normalizations::new();
        let patch = Patch::read(object(body.clone()), ResourceType::User, &mut notes).unwrap();
        let before = ResourceDocument::from_stored(ResourceType::User, object(json!({"userName":"ada"})));
        let after = patch.apply(&before, &mut notes).unwrap();
        assert_eq!(Value::Object(after.into_map()), json!({"userName":"ada","title":"x"}), "{body}");
        assert_eq!(notes.iter().collect::<Vec<_>>(), note.into_iter().collect::<Vec<_>>(), "{body}");
    }
}

#[test]
fn passwords_are_dropped() {
    for operation in [
        json!({"op":"replace","path":"password","value":"t1meMa$heen"}),
        json!({"op":"replace","value":{"password":"t1meMa$heen"}}),
    ] {
        let (after, notes) = user(json!({}), json!([operation]));
        assert_eq!((after, notes), (json!({}), vec!["password: ignored".to_owned()]));
    }
}
