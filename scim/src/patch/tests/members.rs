//! Changes of a group's members.

use super::*;

#[test]
fn okta_pushes_members() {
    let delta = json!([{"op":"remove","path":"members[value eq \"89bb\"]"},
        {"op":"add","path":"members","value":[{"value":"23a3","display":"test.user@okta.local"}]}]);
    let expected = vec![MemberChange::Remove(ids(&["89bb"])), MemberChange::Add(ids(&["23a3"]))];
    assert_eq!(members(delta), (expected, vec![]));
    let all = json!([{"op":"replace","path":"members","value":[{"value":"23a3","display":"…"},{"value":"89bb"}]}]);
    assert_eq!(members(all), (vec![MemberChange::Replace(ids(&["23a3", "89bb"]))], vec![]));
}

#[test]
fn entra_changes_members() {
    for (operation, expected) in [
        (
            json!({"op":"Add","path":"members","value":[{"$ref":null,"value":"f648"}]}),
            MemberChange::Add(ids(&["f648"])),
        ),
        (
            json!({"op":"Remove","path":"members","value":[{"$ref":null,"value":"f648"}]}),
            MemberChange::Remove(ids(&["f648"])),
        ),
        (json!({"op":"remove","path":"members[value eq \"7f4b\"]"}), MemberChange::Remove(ids(&["7f4b"]))),
        (json!({"op":"add","path":"members","value":"string id 1"}), MemberChange::Add(ids(&["string id 1"]))),
        (json!({"op":"remove","path":"members"}), MemberChange::Clear),
        (
            json!({"op":"add","name":"addMember","path":"members","value":["a", "b"]}),
            MemberChange::Add(ids(&["a", "b"])),
        ),
        (json!({"op":"add","value":{"members":[{"value":"a"}]}}), MemberChange::Add(ids(&["a"]))),
        (json!({"op":"replace","value":{"members":[{"value":"a"}]}}), MemberChange::Replace(ids(&["a"]))),
        (json!({"op":"replace","path":"members","value":[]}), MemberChange::Clear),
        (
            json!({"op":"remove","path":"members[value eq \"a\" or value eq \"b\"]"}),
            MemberChange::Remove(ids(&["a", "b"])),
        ),
    ] {
        assert_eq!(members(json!([operation])).0, [expected], "{operation}");
    }
}

#[test]
fn members_are_never_lost_by_an_empty_value() {
    for operation in [
        json!({"op":"remove","path":"members","value":[]}),
        json!({"op":"remove","path":"members","value":""}),
        json!({"op":"add","path":"members","value":[]}),
        json!({"op":"add","path":"members","value":null}),
        json!({"op":"replace","value":{"members":null}}),
    ] {
        let (changes, notes) = members(json!([operation]));
        assert_eq!(changes, [], "{operation}");
        assert!(!notes.is_empty(), "{operation}");
    }
}

#[test]
fn members_can_be_removed_by_any_filter() {
    let (changes, _) = members(json!([{"op":"remove","path":"members[display sw \"A\" and not (value eq \"b\")]"}]));
    let [MemberChange::RemoveWhere(filter)] = changes.as_slice() else { panic!("{changes:?}") };
    assert!(MemberChange::matches(filter, &json!({"value":"a","display":"Ada"})));
    assert!(!MemberChange::matches(filter, &json!({"value":"b","display":"Ada"})));
    assert!(!MemberChange::matches(filter, &json!({"value":"a","display":"Bob"})));
}

#[test]
fn changes_of_a_member_itself_are_rejected() {
    for (operation, scim_type, detail) in [
        (
            json!({"op":"replace","path":"members[value eq \"a\"].type","value":"User"}),
            ScimType::Mutability,
            "members: a group member can only be added or removed, not changed",
        ),
        (
            json!({"op":"replace","path":"members[value eq \"a\"]","value":{"value":"b"}}),
            ScimType::Mutability,
            "members: a group member can only be added or removed, not changed",
        ),
        (
            json!({"op":"replace","path":"members[value eq \"a\"].display","value":"x"}),
            ScimType::Mutability,
            "members.display is read-only",
        ),
        (
            json!({"op":"add","path":"members","value":[{"value":"a","type":"Group"}]}),
            ScimType::InvalidValue,
            "members, value 1 of 1: nested groups aren't supported, only Users can be members",
        ),
        (
            json!({"op":"remove","path":"displayName"}),
            ScimType::Mutability,
            "displayName is required and can't be removed",
        ),
        (
            json!({"op":"add","path":"userName","value":"x"}),
            ScimType::InvalidPath,
            "path, character 1: Groups have no attribute “userName”",
        ),
    ] {
        let error = read(ResourceType::Group, json!([operation])).0.unwrap_err();
        assert_eq!((error.scim_type(), error.to_string().as_str()), (Some(scim_type), detail), "{operation}");
    }
}

/// A list of objects without an id is not an empty list.
#[test]
fn members_without_an_id_are_rejected() {
    for value in
        [json!([{"value":null}]), json!([null]), json!([{}]), json!({"display":"Ada"}), json!([{"$ref":"/Users/a"}])]
    {
        for op in ["add", "remove", "replace"] {
            let operations = json!([{"op":op,"path":"members","value":value}]).as_array().cloned();
            let body = json!({"Operations":operations}).as_object().cloned().unwrap();
            let error = Patch::read(body, ResourceType::Group, &mut Normalizations::new()).unwrap_err();
            assert_eq!(error.to_string(), "members, value 1 of 1: value is required: the member's id", "{op} {value}");
        }
    }
}
