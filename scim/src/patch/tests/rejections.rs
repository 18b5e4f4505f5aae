//! Rejected PATCH messages and operations.

use super::*;

#[test]
fn invalid_patches_are_rejected() {
    use ScimType::{InvalidFilter, InvalidPath, InvalidSyntax, InvalidValue, Mutability, NoTarget};
    for (operation, scim_type, detail) in [
        (json!(1), InvalidSyntax, "Operations: expected an object, got a number"),
        (json!({}), InvalidSyntax, "op is required: “add”, “replace”, or “remove”"),
        (json!({"op":"move"}), InvalidSyntax, "op must be “add”, “replace”, or “remove”"),
        (json!({"op":1}), InvalidSyntax, "op must be “add”, “replace”, or “remove”"),
        (json!({"op":"remove"}), NoTarget, "path is required for “remove”"),
        (json!({"op":"remove","path":""}), NoTarget, "path is required for “remove”"),
        (json!({"op":"add"}), InvalidValue, "value is required"),
        (json!({"op":"add","path":"title"}), InvalidValue, "value is required"),
        (
            json!({"op":"add","value":[]}),
            InvalidValue,
            "value: expected an object because there is no path, got an array",
        ),
        (json!({"op":"add","path":1,"value":1}), InvalidPath, "path: expected a string, got a number"),
        (json!({"op":"add","path":"foo","value":1}), InvalidPath, "path, character 1: Users have no attribute “foo”"),
        (json!({"op":"remove","path":"id"}), Mutability, "id is read-only"),
        (json!({"op":"add","path":"meta.version","value":"x"}), Mutability, "meta.version is read-only"),
        (
            json!({"op":"add","path":"groups","value":[{"value":"x"}]}),
            Mutability,
            "groups is read-only. Change membership on the Group",
        ),
        (json!({"op":"remove","path":"schemas"}), Mutability, "schemas is read-only. It follows from the attributes"),
        (json!({"op":"add","path":"schemas","value":[1]}), InvalidValue, "schemas: expected an array of URIs"),
        (
            json!({"op":"add","path":"schemas","value":["urn:x"]}),
            InvalidValue,
            "schemas follows from the attributes and is urn:ietf:params:scim:schemas:core:2.0:User here. Add or remove \
             the attributes of the other schema instead",
        ),
        (
            json!({"op":"replace","value":{"schemas":[ENTERPRISE]}}),
            InvalidValue,
            "schemas follows from the attributes and is urn:ietf:params:scim:schemas:core:2.0:User here. Add or remove \
             the attributes of the other schema instead",
        ),
        (json!({"op":"remove","path":"userName"}), Mutability, "userName is required and can't be removed"),
        (
            json!({"op":"replace","path":"userName","value":null}),
            Mutability,
            "userName is required and can't be removed",
        ),
        (
            json!({"op":"replace","path":"userName","value":" "}),
            InvalidValue,
            "userName is required and can't be empty",
        ),
        (json!({"op":"replace","value":{"userName":{}}}), InvalidValue, "userName: expected a string, got an object"),
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
            "active: expected a boolean (true or false), got another string",
        ),
        (
            json!({"op":"replace","path":"active","value":""}),
            InvalidValue,
            "active: expected a boolean (true or false), got another string",
        ),
        (
            json!({"op":"replace","value":{"active":""}}),
            InvalidValue,
            "active: expected a boolean (true or false), got another string",
        ),
        (
            json!({"op":"replace","path":"active","value":[false]}),
            InvalidValue,
            "active: expected a boolean (true or false), got an array",
        ),
        (json!({"op":"replace","path":"title","value":7}), InvalidValue, "title: expected a string, got a number"),
        (json!({"op":"add","path":"emails","value":"a"}), InvalidValue, "emails: expected an array, got a string"),
        (
            json!({"op":"replace","path":"emails[type eq \"work\"]","value":"{\"value\":\"b\"}"}),
            InvalidValue,
            "emails: expected an object, got a string",
        ),
        (
            json!({"op":"replace","path":"emails[type eq \"work\"]","value":[{"value":"b"}]}),
            InvalidValue,
            "emails: expected an object, got an array",
        ),
        (
            json!({"op":"replace","path":"emails[type eq \"work\"].value","value":"{\"value\":\"b\"}"}),
            InvalidValue,
            "emails.value: expected a string, got JSON inside a string",
        ),
        (
            json!({"op":"add","path":"emails[value eq \"[1]\"].display","value":"x"}),
            InvalidValue,
            "emails.value: expected a string, got JSON inside a string",
        ),
        (
            json!({"op":"replace","path":"title","value":"x".repeat(3_000)}),
            InvalidValue,
            "title has 3000 characters, the maximum is 256",
        ),
        (
            json!({"op":"add","path":format!("emails[value eq \"{}\"].display", "x".repeat(300)),"value":"x"}),
            InvalidValue,
            "emails.value has 300 bytes, the maximum is 254",
        ),
        (json!({"op":"add","path":"name","value":"Ada"}), InvalidValue, "name: expected an object, got a string"),
        (
            json!({"op":"add","path":"emails[type eq \"work\"]","value":[{},{}]}),
            InvalidValue,
            "emails: expected an object, got an array",
        ),
    ] {
        refused(json!({"emails":[work("a")]}), json!([operation]), scim_type, detail);
    }
    let error = read(ResourceType::User, json!([{"op":"add","path":"emails[type","value":"x"}])).0.unwrap_err();
    assert_eq!(error.scim_type(), Some(InvalidFilter));
}

#[test]
fn invalid_messages_are_rejected() {
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
        let error = Patch::read(object(body.clone()), ResourceType::User, &mut Normalizations::new()).unwrap_err();
        assert_eq!((error.status(), error.scim_type()), (400, Some(scim_type)), "{body}");
    }
}

#[test]
fn the_error_names_the_invalid_operation() {
    let mut operations = vec![json!({"op":"replace","path":"title","value":"x"}); 999];
    operations.push(json!({"op":"replace","path":"active","value":"x"}));
    refused(
        json!({}),
        Value::Array(operations.clone()),
        ScimType::InvalidValue,
        "operation 1000: active: expected a boolean (true or false), got another string",
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

/// The client chooses both the operations and the values that they are compared with, so their product has a limit.
#[test]
fn comparisons_in_one_request_are_limited() {
    let emails: Vec<_> = (0..900).map(|i| json!({"value":format!("{i}@a.test"),"type":"home"})).collect();
    for operation in [
        json!({"op":"replace","path":"emails[display co \"y\" or value eq \"0@a.test\"].type","value":"home"}),
        json!({"op":"remove","path":"emails[value eq \"x\"]"}),
        json!({"op":"remove","path":"emails","value":[{"value":"x"}, {"value":"y"}]}),
        json!({"op":"add","path":"emails","value":[{"value":"0@a.test","type":"home"}]}),
        json!({"op":"replace","path":"emails.type","value":"home"}),
    ] {
        let many = |count: usize| Value::Array(vec![operation.clone(); count]);
        let error = try_user(json!({"emails":emails}), many(1_000)).unwrap_err();
        assert_eq!((error.status(), error.scim_type()), (400, Some(ScimType::TooMany)), "{operation}");
        assert!(error.to_string().starts_with("operation "), "{error}");
        let (patch, mut notes) = read(ResourceType::User, many(10));
        let before =
            ResourceDocument::from_stored(ResourceType::User, object(json!({"userName":"ada","emails":emails})));
        assert!(patch.unwrap().apply(&before, &mut notes).is_ok(), "{operation}");
    }
}

#[test]
fn lists_in_one_request_are_limited() {
    let removed = |count: usize| json!({"op":"remove","path":"emails","value":vec![json!({"value":"a"}); count]});
    assert!(read(ResourceType::User, json!([removed(1_000), removed(1_000)])).0.is_ok());
    refused(
        json!({}),
        json!([removed(1_000), removed(1_000), removed(1)]),
        ScimType::InvalidValue,
        "operation 3: more than 2000 values of multi-valued attributes in one request",
    );
    let members: Vec<_> = (0..50_000).map(|i| json!({"value":i.to_string()})).collect();
    let (patch, _) = read(ResourceType::Group, json!([{"op":"add","path":"members","value":members}]));
    assert!(matches!(patch.unwrap().members(), [MemberChange::Add(ids)] if ids.len() == 50_000));
}
