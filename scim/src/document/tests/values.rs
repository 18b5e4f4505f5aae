//! Names and values in their accepted forms.

use super::*;

#[test]
fn names_in_any_case_and_place() {
    let expected = json!({"displayName":"Ada","name":{"familyName":"Lovelace","givenName":"Ada"},
        ENTERPRISE:{"employeeNumber":"7","manager":{"value":"26118915"}}});
    for body in [
        json!({"DISPLAYNAME":"Ada","NAME":{"FAMILYNAME":"Lovelace","givenname":"Ada"},
            ENTERPRISE.to_uppercase():{"EmployeeNumber":"7","Manager":{"VALUE":"26118915"}}}),
        json!({"displayName":"Ada","name.givenName":"Ada","Name.FamilyName":"Lovelace",
            format!("{ENTERPRISE}:employeeNumber"):"7",format!("{ENTERPRISE}:manager"):"26118915"}),
        json!({"displayName":"Ada","name":{"familyName":"Lovelace","middleName":null},"name.givenName":"Ada",
            format!("{ENTERPRISE}:employeeNumber"):"7",format!("{ENTERPRISE}:manager.value"):"26118915"}),
        json!({format!("{CORE}:displayName"):"Ada",CORE:{"name":{"givenName":"Ada","familyName":"Lovelace"}},
            ENTERPRISE:{"manager":[{"value":"26118915"}],"employeeNumber":"7"}}),
    ] {
        assert_eq!(user(body.clone()).0, expected, "{body}");
    }
}

#[test]
fn unassigned_values_are_dropped() {
    for body in [
        json!({"name":null,"emails":null,"title":null,"active":null}),
        json!({"name":{},"emails":[],ENTERPRISE:{"manager":{}}}),
        json!({"emails":[{}],ENTERPRISE:{"manager":[]}}),
        json!({ENTERPRISE:{"manager":""}}),
    ] {
        let stored = user(body.clone()).0;
        assert!(stored == json!({}) || stored == json!({ENTERPRISE:{}}), "{body}");
    }
    assert_eq!(user(json!({"name":{"givenName":null},"emails":[{"value":null},{},null]})).0, json!({}));
    assert_eq!(user(json!({"title":"","emails":[{"value":""}]})).0, json!({"title":"","emails":[{"value":""}]}));
}

#[test]
fn known_deviations_are_normalized_with_a_note() {
    for (body, expected, notes) in [
        (json!({"active":"fAlSe"}), json!({"active":false}), &["active: string converted to boolean"][..]),
        // PingOne sends one address twice, both primary.
        (
            json!({"emails":[{"value":"a","primary":true},{"value":"a","primary":"true"},{"value":"b"}]}),
            json!({"emails":[{"value":"a","primary":true},{"value":"a","primary":false},{"value":"b"}]}),
            &[
                "emails.primary: string converted to boolean",
                "emails: several values were primary, the first stays primary",
            ],
        ),
        (
            json!({"emails":[{"value":"a","primary":"True"}]}),
            json!({"emails":[{"value":"a","primary":true}]}),
            &["emails.primary: string converted to boolean"],
        ),
        (
            json!({ENTERPRISE:{"manager":[{"$ref":"http://x/Users/1","value":"1","displayName":"x"}]}}),
            json!({ENTERPRISE:{"manager":{"$ref":"http://x/Users/1","value":"1"}}}),
            &["manager: single-item array treated as a value"],
        ),
        (
            json!({ENTERPRISE:{"manager":"1"}}),
            json!({ENTERPRISE:{"manager":{"value":"1"}}}),
            &["manager: string treated as its value"],
        ),
        (
            json!({"x509Certificates":[{"value":"MIID\nQzCC"}]}),
            json!({"x509Certificates":[{"value":"MIID\nQzCC"}]}),
            &[],
        ),
        (
            json!({"foo":{"bar":1},"name":{"x":1}}),
            json!({}),
            &["foo: unknown attribute, ignored", "name.x: unknown attribute, ignored"],
        ),
        (json!({"roles":["admin"]}), json!({}), &["roles: read-only, ignored"]),
    ] {
        assert_eq!(user(body.clone()), (expected, notes.iter().map(|&note| note.to_owned()).collect()), "{body}");
    }
}

#[test]
fn values_of_a_wrong_type_are_rejected() {
    for (body, expected) in [
        (json!({"active":"yes"}), "active: expected a boolean (true or false), got another string"),
        (json!({"active":""}), "active: expected a boolean (true or false), got another string"),
        (json!({"active":" true"}), "active: expected a boolean (true or false), got another string"),
        (json!({"active":1}), "active: expected a boolean (true or false), got a number"),
        (json!({"active":[true]}), "active: expected a boolean (true or false), got an array"),
        (json!({"userName":{}}), "userName: expected a string, got an object"),
        (json!({"userName":["a"]}), "userName: expected a string, got an array"),
        (json!({"userName":true}), "userName: expected a string, got a boolean"),
        (json!({"externalId":7}), "externalId: expected a string, got a number"),
        (json!({"title":["a","b"]}), "title: expected a string, got an array"),
        (json!({"title":[]}), "title: expected a string, got an array"),
        (json!({"title":7}), "title: expected a string, got a number"),
        (json!({"name":"Ada"}), "name: expected an object, got a string"),
        (json!({"name":""}), "name: expected an object, got a string"),
        (json!({"name":[{}]}), "name: expected an object, got an array"),
        (json!({"name":{"givenName":true}}), "name.givenName: expected a string, got a boolean"),
        (json!({"emails":[1, 2]}), "value 1 of 2: emails: expected an object, got a number"),
        (json!({"emails":["a"]}), "emails: expected an object, got a string"),
        (json!({"emails":"a"}), "emails: expected an array, got a string"),
        (json!({"emails":""}), "emails: expected an array, got a string"),
        (json!({"emails":{"value":"a"}}), "emails: expected an array, got an object"),
        (
            json!({"emails":[{"value":"[{\"value\":\"a@b.c\"}]"}]}),
            "emails.value: expected a string, got JSON inside a string",
        ),
        (json!({ENTERPRISE:{"manager":7}}), "manager: expected an object, got a number"),
        (
            json!({ENTERPRISE:{"manager":"{\"value\":\"1\"}"}}),
            "manager.value: expected a string, got JSON inside a string",
        ),
        (json!({ENTERPRISE:{"manager":[{"value":"1"},{"value":"2"}]}}), "manager: expected an object, got an array"),
        (json!({ENTERPRISE:{"department":["a"]}}), "department: expected a string, got an array"),
        (json!({"addresses":["x"]}), "addresses: expected an object, got a string"),
        (json!({"emails":[["a"]]}), "emails: expected an object, got an array"),
        (
            json!({"emails":[{"value":"a"},{"value":{"x":1}}]}),
            "value 2 of 2: emails.value: expected a string, got an object",
        ),
        (json!({"emails.value":"a"}), "emails.value: emails is multi-valued, send it as an array"),
        (json!({"x509Certificates":[{"value":"%"}]}), "x509Certificates.value: expected base64, got another string"),
        (json!({"x509Certificates":[{"value":""}]}), "x509Certificates.value: expected base64, got another string"),
        (
            json!({ENTERPRISE:"x"}),
            "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User: expected an object, got a string",
        ),
        (
            json!({"roles": vec!["x"; 3], "ims": vec![json!({"value":"x"}); 1001]}),
            "ims has 1001 values, the maximum is 1000",
        ),
    ] {
        let mut sent = json!({"schemas":[CORE],"userName":"ada"});
        sent.as_object_mut().unwrap().extend(object(body));
        assert_eq!(refused(ResourceType::User, sent), expected);
    }
}
