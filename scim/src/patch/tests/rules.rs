//! The rules of RFC 7644, section 3.5.2, one by one.

use super::*;

#[test]
fn adding() {
    for (before, path, value, after) in [
        // without and with an existing value
        (json!({}), "title", json!("x"), json!({"title":"x"})),
        (json!({"title":"old"}), "title", json!("x"), json!({"title":"x"})),
        (json!({"title":"x"}), "title", json!("x"), json!({"title":"x"})),
        // complex: parts are merged
        (json!({}), "name", json!({"givenName":"A"}), json!({"name":{"givenName":"A"}})),
        (
            json!({"name":{"familyName":"L"}}),
            "name",
            json!({"givenName":"A"}),
            json!({"name":{"givenName":"A","familyName":"L"}}),
        ),
        (json!({"name":{"familyName":"L"}}), "name.familyName", json!("M"), json!({"name":{"familyName":"M"}})),
        // lists: values are added without duplicates
        (json!({}), "emails", json!([home("a")]), json!({"emails":[home("a")]})),
        (json!({"emails":[home("a")]}), "emails", json!([home("b")]), json!({"emails":[home("a"),home("b")]})),
        (json!({"emails":[home("a")]}), "emails", json!([home("A"), home("a")]), json!({"emails":[home("a")]})),
        (
            json!({"emails":[home("a")]}),
            "emails",
            json!([{"value":"a","type":"home","display":"d"}]),
            json!({"emails":[{"value":"a","type":"home","display":"d"}]}),
        ),
        (json!({"emails":[home("a")]}), "emails", json!([work("a")]), json!({"emails":[home("a"),work("a")]})),
        (json!({"emails":[home("a")]}), "emails", json!([]), json!({"emails":[home("a")]})),
        (json!({"emails":[home("a")]}), "emails", json!(null), json!({"emails":[home("a")]})),
        // matching values: parts are merged
        (
            json!({"emails":[home("a"),work("b")]}),
            "emails[type eq \"home\"]",
            json!({"display":"d"}),
            json!({"emails":[{"value":"a","type":"home","display":"d"},work("b")]}),
        ),
        // an extension by its URI
        (
            json!({ENTERPRISE:{"division":"d"}}),
            ENTERPRISE,
            json!({"department":"x"}),
            json!({ENTERPRISE:{"division":"d","department":"x"}}),
        ),
    ] {
        let (changed, _) = user(before, json!([{"op":"add","path":path,"value":value}]));
        assert_eq!(changed, after, "{path} {value}");
    }
}

#[test]
fn replacing() {
    for (before, path, value, after) in [
        (json!({}), "title", json!("x"), json!({"title":"x"})),
        (json!({"title":"old"}), "title", json!("x"), json!({"title":"x"})),
        (json!({"title":"old"}), "title", json!(null), json!({})),
        (json!({"title":"old"}), "title", json!(""), json!({"title":""})),
        (
            json!({"name":{"familyName":"L","givenName":"B"}}),
            "name",
            json!({"givenName":"A","middleName":null}),
            json!({"name":{"givenName":"A","familyName":"L"}}),
        ),
        (
            json!({"name":{"familyName":"L","givenName":"B"}}),
            "name",
            json!({"givenName":"A","familyName":null}),
            json!({"name":{"givenName":"A"}}),
        ),
        (json!({"name":{"familyName":"L"}}), "name", json!(null), json!({})),
        (json!({"name":{"familyName":"L"}}), "name", json!({"familyName":null}), json!({})),
        (json!({"emails":[home("a"),work("b")]}), "emails", json!([home("c")]), json!({"emails":[home("c")]})),
        (json!({"emails":[home("a")]}), "emails", json!([]), json!({})),
        (json!({"emails":[home("a")]}), "emails", json!(null), json!({})),
        (
            json!({"emails":[home("a"),work("b")]}),
            "emails[type eq \"home\"]",
            json!({"value":"c"}),
            json!({"emails":[home("c"),work("b")]}),
        ),
        (
            json!({"emails":[home("a"),work("b")]}),
            "emails[type eq \"home\"]",
            json!(null),
            json!({"emails":[work("b")]}),
        ),
        (
            json!({"emails":[home("a"),home("b")]}),
            "emails[type eq \"home\"].display",
            json!("x"),
            json!({"emails":[{"value":"a","type":"home","display":"x"},{"value":"b","type":"home","display":"x"}]}),
        ),
        (
            json!({"emails":[home("a"),work("b")]}),
            "emails.display",
            json!("x"),
            json!({"emails":[{"value":"a","type":"home","display":"x"},
                {"value":"b","type":"work","primary":true,"display":"x"}]}),
        ),
        (
            json!({ENTERPRISE:{"division":"d","department":"y"}}),
            ENTERPRISE,
            json!({"department":"x"}),
            json!({ENTERPRISE:{"division":"d","department":"x"}}),
        ),
    ] {
        let operations = json!([{"op":"replace","path":path,"value":value}]);
        let (changed, notes) = user(before, operations);
        assert_eq!((changed, notes), (after, vec![]), "{path} {value}");
    }
}

#[test]
fn removing() {
    for (before, path, after) in [
        (json!({"title":"x"}), "title", json!({})),
        (json!({}), "title", json!({})),
        (json!({"name":{"familyName":"L","givenName":"A"}}), "name.givenName", json!({"name":{"familyName":"L"}})),
        (json!({"name":{"familyName":"L"}}), "name.familyName", json!({})),
        (json!({"name":{"familyName":"L"}}), "name", json!({})),
        (json!({"emails":[home("a"),work("b")]}), "emails", json!({})),
        (json!({"emails":[home("a"),work("b")]}), "emails[type eq \"work\"]", json!({"emails":[home("a")]})),
        (json!({"emails":[work("b")]}), "emails[type eq \"work\"]", json!({})),
        (
            json!({"emails":[home("a"),work("b")]}),
            "emails[type eq \"work\"].primary",
            json!({"emails":[home("a"),{"value":"b","type":"work"}]}),
        ),
        (json!({"emails":[home("a"),home("b")]}), "emails.type", json!({"emails":[{"value":"a"},{"value":"b"}]})),
        (json!({"emails":[{"value":"a"}]}), "emails.value", json!({})),
        (json!({ENTERPRISE:{"manager":{"value":"1"},"division":"d"}}), "manager", json!({ENTERPRISE:{"division":"d"}})),
        (json!({ENTERPRISE:{"manager":{"value":"1"}}}), "manager.value", json!({})),
        (json!({ENTERPRISE:{"division":"d"}, "title":"x"}), ENTERPRISE, json!({"title":"x"})),
    ] {
        changes(before, json!([{"op":"remove","path":path}]), after);
    }
}

#[test]
fn removing_listed_values() {
    let before = json!({"emails":[home("a"),work("b"),home("c")]});
    for (value, after) in [
        (json!([{"value":"b"}]), json!([home("a"), home("c")])),
        (json!([{"value":"B","$ref":null,"display":"someone"}]), json!([home("a"), home("c")])),
        (json!([{"value":"b","type":"home"}]), json!([home("a"), work("b"), home("c")])),
        (json!({"value":"b"}), json!([home("a"), home("c")])),
        (json!([{"type":"home"}]), json!([work("b")])),
        (json!([]), json!([home("a"), work("b"), home("c")])),
    ] {
        let (changed, _) = user(before.clone(), json!([{"op":"remove","path":"emails","value":value}]));
        assert_eq!(changed["emails"], after, "{value}");
    }
}

#[test]
fn removing_a_missing_value_is_noted() {
    for operation in [
        json!({"op":"remove","path":"emails[type eq \"fax\"]"}),
        json!({"op":"remove","path":"emails","value":[{"value":"z"}]}),
    ] {
        let (after, notes) = user(json!({"emails":[home("a")]}), json!([operation]));
        assert_eq!(after, json!({"emails":[home("a")]}));
        assert_eq!(notes, ["emails: nothing to remove"]);
    }
}

#[test]
fn one_primary_value_at_most() {
    let other = json!({"value":"b","type":"work","primary":false});
    let new = json!({"value":"n","primary":true});
    for (operation, after) in [
        (json!({"op":"add","path":"emails","value":[new]}), json!([home("a"), other, new])),
        (
            json!({"op":"replace","path":"emails[type eq \"home\"].primary","value":true}),
            json!([{"value":"a","type":"home","primary":true}, other]),
        ),
        (
            json!({"op":"add","path":"emails[value eq \"a\"]","value":{"primary":true}}),
            json!([{"value":"a","type":"home","primary":true}, other]),
        ),
        (
            json!({"op":"add","path":"emails","value":[{"value":"a","type":"home","primary":true}]}),
            json!([{"value":"a","type":"home","primary":true}, other]),
        ),
        (json!({"op":"replace","path":"emails","value":[new]}), json!([new])),
        (json!({"op":"add","path":"emails","value":[home("c")]}), json!([home("a"), work("b"), home("c")])),
    ] {
        let (changed, _) = user(json!({"emails":[home("a"), work("b")]}), json!([operation]));
        assert_eq!(changed["emails"], after, "{operation}");
    }
    // The first of several primary values in one operation stays primary, with a note.
    let (x, y) = (json!({"value":"x","primary":true}), json!({"value":"y","primary":false}));
    let two = json!([{"value":"x","primary":true},{"value":"y","primary":true}]);
    for (operation, after) in [
        (
            json!({"op":"replace","path":"emails.primary","value":true}),
            json!([{"value":"a","type":"home","primary":true}, other]),
        ),
        (json!({"op":"add","path":"emails","value":two}), json!([home("a"), other, x, y])),
        (json!({"op":"replace","path":"emails","value":two}), json!([x, y])),
        (json!({"op":"replace","value":{"emails":two}}), json!([x, y])),
    ] {
        let (changed, notes) = user(json!({"emails":[home("a"), work("b")]}), json!([operation]));
        assert_eq!(changed["emails"], after, "{operation}");
        assert_eq!(notes, ["emails: several values were primary, the first stays primary"], "{operation}");
    }
}

#[test]
fn schemas_follow_from_the_attributes() {
    let both = json!([USER, ENTERPRISE]);
    for (before, operations) in [
        (json!({}), json!([{"op":"replace","path":"schemas","value":[USER]}])),
        (json!({}), json!([{"op":"add","path":"schemas","value":USER.to_uppercase()}])),
        (json!({ENTERPRISE:{"department":"x"}}), json!([{"op":"replace","path":"schemas","value":both}])),
        (
            json!({}),
            json!([{"op":"add","path":"schemas","value":[ENTERPRISE]},
                {"op":"add","path":format!("{ENTERPRISE}:department"),"value":"x"}]),
        ),
        (json!({}), json!([{"op":"replace","value":{"schemas":both,ENTERPRISE:{"department":"x"}}}])),
    ] {
        let (_, notes) = user(before, operations.clone());
        assert!(notes.is_empty(), "{operations} {notes:?}");
    }
    for (before, operations) in [
        (json!({ENTERPRISE:{"department":"x"}}), json!([{"op":"replace","path":"schemas","value":[USER]}])),
        (json!({}), json!([{"op":"add","path":"schemas","value":[ENTERPRISE]}])),
    ] {
        let (patch, mut notes) = read(ResourceType::User, operations.clone());
        let mut before = object(before);
        before.insert("userName".into(), json!("ada"));
        let error =
            patch.unwrap().apply(&ResourceDocument::from_stored(ResourceType::User, before), &mut notes).unwrap_err();
        assert_eq!((error.status(), error.scim_type()), (400, Some(ScimType::InvalidValue)), "{operations}");
    }
}

#[test]
fn operations_see_the_result_of_earlier_ones() {
    changes(
        json!({}),
        json!([
            {"op":"add","path":"emails","value":[work("a")]},
            {"op":"replace","path":"emails[type eq \"work\"].value","value":"b"},
            {"op":"remove","path":"emails[value eq \"b\"].primary"},
        ]),
        json!({"emails":[{"value":"b","type":"work"}]}),
    );
}
