//! RFC 7644, section 3.5.2: its examples, and its rules one by one.

use super::*;

fn babs() -> Value {
    json!({"userName":"bjensen@example.com","name":{"formatted":"Ms. Barbara J Jensen III","familyName":"Jensen",
        "givenName":"Barbara"},
        "emails":[{"value":"bjensen@example.com","type":"work","primary":true},{"value":"babs@jensen.org","type":"home"}],
        "addresses":[{"type":"work","streetAddress":"100 Universal City Plaza","locality":"Hollywood","primary":true},
            {"type":"home","streetAddress":"456 Hollywood Blvd"}]})
}

/// `babs` with some attributes as they are after the change.
fn babs_with(changed: Value) -> Value {
    let mut babs = object(babs());
    babs.extend(object(changed));
    Value::Object(babs)
}

#[test]
fn adding_members() {
    let operations = json!([{"op":"add","path":"members","value":[{"display":"Babs Jensen",
        "$ref":"https://example.com/v2/Users/2819c223...413861904646","value":"2819c223-7f76-453a-919d-413861904646"}]}]);
    assert_eq!(members(operations).0, [MemberChange::Add(ids(&["2819c223-7f76-453a-919d-413861904646"]))]);
}

#[test]
fn adding_without_a_path() {
    changes(
        babs(),
        json!([{"op":"add","value":{"emails":[{"value":"babs@jensen.org","type":"home"}],"nickName":"Babs"}}]),
        babs_with(json!({"nickName":"Babs"})),
    );
}

#[test]
fn removing_members() {
    let one = json!([{"op":"remove","path":"members[value eq \"2819c223-7f76-...413861904646\"]"}]);
    assert_eq!(members(one).0, [MemberChange::Remove(ids(&["2819c223-7f76-...413861904646"]))]);
    assert_eq!(members(json!([{"op":"remove","path":"members"}])).0, [MemberChange::Clear]);
    let both = json!([
        {"op":"remove","path":"members[value eq \"2819c223-7f76-...413861904646\"]"},
        {"op":"add","path":"members","value":[{"display":"James Smith",
            "$ref":"https://example.com/v2/Users/08e1d05d...473d93df9210","value":"08e1d05d...473d93df9210"}]}
    ]);
    let wanted = [
        MemberChange::Remove(ids(&["2819c223-7f76-...413861904646"])),
        MemberChange::Add(ids(&["08e1d05d...473d93df9210"])),
    ];
    assert_eq!(members(both).0, wanted);
}

#[test]
fn removing_values_of_a_complex_attribute() {
    changes(
        babs(),
        json!([{"op":"remove","path":"emails[type eq \"work\" and value ew \"example.com\"]"}]),
        babs_with(json!({"emails":[{"value":"babs@jensen.org","type":"home"}]})),
    );
}

#[test]
fn replacing_members() {
    let operations = json!([{"op":"replace","path":"members","value":[
        {"display":"Babs Jensen","$ref":"https://example.com/v2/Users/2819c223...413861904646","value":"2819c223...413861904646"},
        {"display":"James Smith","$ref":"https://example.com/v2/Users/08e1d05d...473d93df9210","value":"08e1d05d...473d93df9210"}]}]);
    let wanted = ids(&["2819c223...413861904646", "08e1d05d...473d93df9210"]);
    assert_eq!(members(operations).0, [MemberChange::Replace(wanted)]);
}

#[test]
fn replacing_the_work_address() {
    changes(
        babs(),
        json!([{"op":"replace","path":"addresses[type eq \"work\"]","value":{"type":"work","streetAddress":"911 Universal City Plaza",
            "locality":"Hollywood","region":"CA","postalCode":"91608","country":"US",
            "formatted":"911 Universal City Plaza\nHollywood, CA 91608 US","primary":true}}]),
        babs_with(json!({"addresses":[{"type":"work","streetAddress":"911 Universal City Plaza","locality":"Hollywood",
            "region":"CA","postalCode":"91608","country":"US",
            "formatted":"911 Universal City Plaza\nHollywood, CA 91608 US","primary":true},
            {"type":"home","streetAddress":"456 Hollywood Blvd"}]})),
    );
}

#[test]
fn replacing_a_part_of_the_work_address() {
    changes(
        babs(),
        json!([{"op":"replace","path":"addresses[type eq \"work\"].streetAddress","value":"1010 Broadway Ave"}]),
        babs_with(json!({"addresses":[{"type":"work","streetAddress":"1010 Broadway Ave","locality":"Hollywood","primary":true},
            {"type":"home","streetAddress":"456 Hollywood Blvd"}]})),
    );
}

#[test]
fn replacing_without_a_path() {
    changes(
        babs(),
        json!([{"op":"replace","value":{"emails":[{"value":"bjensen@example.com","type":"work","primary":true},
            {"value":"babs@jensen.org","type":"home"}],"nickName":"Babs"}}]),
        babs_with(json!({"nickName":"Babs"})),
    );
}

#[test]
fn adding() {
    for (before, path, value, after) in [
        // to nothing, and to what is there
        (json!({}), "title", json!("x"), json!({"title":"x"})),
        (json!({"title":"old"}), "title", json!("x"), json!({"title":"x"})),
        (json!({"title":"x"}), "title", json!("x"), json!({"title":"x"})),
        // complex: parts join
        (json!({}), "name", json!({"givenName":"A"}), json!({"name":{"givenName":"A"}})),
        (
            json!({"name":{"familyName":"L"}}),
            "name",
            json!({"givenName":"A"}),
            json!({"name":{"givenName":"A","familyName":"L"}}),
        ),
        (json!({"name":{"familyName":"L"}}), "name.familyName", json!("M"), json!({"name":{"familyName":"M"}})),
        // lists: values join, each once
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
        // values that match: parts join
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
    let (after, notes) =
        user(json!({"emails":[work("a")]}), json!([{"op":"replace","path":"emails[type eq \"work\"]","value":"b"}]));
    assert_eq!((after, notes), (json!({"emails":[work("b")]}), vec!["emails: a text taken as its value".to_owned()]));
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
fn removing_given_values() {
    let before = json!({"emails":[home("a"),work("b"),home("c")]});
    for (value, after) in [
        (json!([{"value":"b"}]), json!([home("a"), home("c")])),
        (json!([{"value":"B","$ref":null,"display":"someone"}]), json!([home("a"), home("c")])),
        (json!([{"value":"b","type":"home"}]), json!([home("a"), work("b"), home("c")])),
        (json!({"value":"b"}), json!([home("a"), home("c")])),
        (json!("b"), json!([home("a"), home("c")])),
        (json!([{"type":"home"}]), json!([work("b")])),
        (json!([]), json!([home("a"), work("b"), home("c")])),
    ] {
        let (changed, _) = user(before.clone(), json!([{"op":"remove","path":"emails","value":value}]));
        assert_eq!(changed["emails"], after, "{value}");
    }
}

#[test]
fn removing_what_is_not_there_is_noted() {
    for operation in [
        json!({"op":"remove","path":"emails[type eq \"fax\"]"}),
        json!({"op":"remove","path":"emails","value":[{"value":"z"}]}),
    ] {
        let (after, notes) = user(json!({"emails":[home("a")]}), json!([operation]));
        assert_eq!(after, json!({"emails":[home("a")]}));
        assert_eq!(notes, ["emails: what was to be removed was not there"]);
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
    for operation in [
        json!({"op":"replace","path":"emails.primary","value":true}),
        json!({"op":"add","path":"emails","value":[{"value":"x","primary":true},{"value":"y","primary":true}]}),
        json!({"op":"replace","path":"emails","value":[{"value":"x","primary":true},{"value":"y","primary":true}]}),
    ] {
        refused(
            json!({"emails":[home("a"), work("b")]}),
            json!([operation]),
            ScimType::InvalidValue,
            "emails: more than one value is primary, at most one can be",
        );
    }
}

#[test]
fn operations_see_what_those_before_them_did() {
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

#[test]
fn what_is_refused() {
    use ScimType::{InvalidFilter, InvalidPath, InvalidSyntax, InvalidValue, Mutability, NoTarget};
    for (operation, scim_type, detail) in [
        (json!(1), InvalidSyntax, "Operations: an object is expected, not a number"),
        (json!({}), InvalidSyntax, "op is missing: “add”, “replace” or “remove” is expected"),
        (json!({"op":"move"}), InvalidSyntax, "op: “add”, “replace” or “remove” is expected"),
        (json!({"op":1}), InvalidSyntax, "op: “add”, “replace” or “remove” is expected"),
        (json!({"op":"remove"}), NoTarget, "path is missing: it says what is to be removed"),
        (json!({"op":"remove","path":""}), NoTarget, "path is missing: it says what is to be removed"),
        (json!({"op":"add"}), InvalidValue, "value is missing: it says what is to be set"),
        (json!({"op":"add","path":"title"}), InvalidValue, "value is missing: it says what is to be set"),
        (json!({"op":"add","value":[]}), InvalidValue, "value: without a path an object is expected, not a list"),
        (json!({"op":"add","path":1,"value":1}), InvalidPath, "path: a text is expected, not a number"),
        (json!({"op":"add","path":"foo","value":1}), InvalidPath, "path, character 1: Users have no attribute “foo”"),
        (json!({"op":"remove","path":"id"}), Mutability, "id is read-only"),
        (json!({"op":"add","path":"meta.version","value":"x"}), Mutability, "meta.version is read-only"),
        (
            json!({"op":"add","path":"groups","value":[{"value":"x"}]}),
            Mutability,
            "groups is read-only: who is in a group is changed through the group",
        ),
        (json!({"op":"remove","path":"schemas"}), Mutability, "schemas is read-only"),
        (json!({"op":"remove","path":"userName"}), Mutability, "userName is required: it cannot be removed"),
        (
            json!({"op":"replace","path":"userName","value":null}),
            Mutability,
            "userName is required: it cannot be removed",
        ),
        (json!({"op":"replace","path":"userName","value":" "}), InvalidValue, "userName is required: it is empty"),
        (json!({"op":"replace","value":{"userName":{}}}), InvalidValue, "userName: a text is expected, not an object"),
        (
            json!({"op":"replace","path":"emails[type ne \"work\" and type pr].value","value":"x"}),
            NoTarget,
            "emails: no value matches the filter",
        ),
        (
            json!({"op":"add","path":"emails[value co \"x\"].display","value":"x"}),
            NoTarget,
            "emails: no value matches the filter",
        ),
        (
            json!({"op":"add","path":"emails[type eq \"home\" or type eq \"fax\"].value","value":"x"}),
            NoTarget,
            "emails: no value matches the filter",
        ),
        (
            json!({"op":"add","path":"emails[type eq \"fax\"].type","value":"home"}),
            NoTarget,
            "emails: no value matches the filter",
        ),
        (
            json!({"op":"add","path":"emails[type eq \"a\" and type eq \"b\"].value","value":"x"}),
            NoTarget,
            "emails: no value matches the filter",
        ),
        (
            json!({"op":"add","path":"active","value":"maybe"}),
            InvalidValue,
            "active: true or false is expected, not this text",
        ),
        (json!({"op":"add","path":"name","value":"Ada"}), InvalidValue, "name: an object is expected, not a text"),
        (
            json!({"op":"add","path":"emails[type eq \"work\"]","value":[{},{}]}),
            InvalidValue,
            "emails: an object is expected, not several values",
        ),
    ] {
        refused(json!({"emails":[work("a")]}), json!([operation]), scim_type, detail);
    }
    let error = read(Kind::User, json!([{"op":"add","path":"emails[type","value":"x"}])).0.unwrap_err();
    assert_eq!(error.scim_type(), Some(InvalidFilter));
}

#[test]
fn messages_that_are_none() {
    for (body, scim_type) in [
        (json!({}), ScimType::InvalidSyntax),
        (json!({"schemas":[SCHEMA]}), ScimType::InvalidSyntax),
        (json!({"schemas":[SCHEMA],"Operations":null}), ScimType::InvalidSyntax),
        (json!({"schemas":[SCHEMA],"Operations":[]}), ScimType::InvalidSyntax),
        (json!({"schemas":[SCHEMA],"Operations":"x"}), ScimType::InvalidSyntax),
        (json!({"schemas":["x"],"Operations":[{"op":"remove","path":"title"}]}), ScimType::InvalidSyntax),
        (json!({"schemas":1,"Operations":[{"op":"remove","path":"title"}]}), ScimType::InvalidSyntax),
        (
            json!({"schemas":[SCHEMA],"Operations":vec![json!({"op":"remove","path":"title"}); 1001]}),
            ScimType::InvalidValue,
        ),
    ] {
        let error = Patch::read(object(body.clone()), Kind::User, &mut Notes::new()).unwrap_err();
        assert_eq!((error.status(), error.scim_type()), (400, Some(scim_type)), "{body}");
    }
}

#[test]
fn which_operation_is_wrong_is_said() {
    let mut operations = vec![json!({"op":"replace","path":"title","value":"x"}); 999];
    operations.push(json!({"op":"replace","path":"active","value":"x"}));
    refused(
        json!({}),
        Value::Array(operations.clone()),
        ScimType::InvalidValue,
        "operation 1000: active: true or false is expected, not this text",
    );
    operations.pop();
    operations.push(json!({"op":"replace","path":"emails[value co \"x\"].value","value":"x"}));
    refused(
        json!({}),
        Value::Array(operations),
        ScimType::NoTarget,
        "operation 1000: emails: no value matches the filter",
    );
}
