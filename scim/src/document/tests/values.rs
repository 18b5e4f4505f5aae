//! Names and values, and how they are understood.

use super::*;

#[test]
fn names_in_any_case_and_place() {
    let wanted = json!({"displayName":"Ada","name":{"familyName":"Lovelace","givenName":"Ada"},
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
        assert_eq!(user(body.clone()).0, wanted, "{body}");
    }
}

#[test]
fn unassigned_is_left_out() {
    for body in [
        json!({"name":null,"emails":null,"title":null,"active":null}),
        json!({"name":{},"emails":[],ENTERPRISE:{"manager":{}}}),
        json!({"emails":[{}],ENTERPRISE:{"manager":[]}}),
        json!({ENTERPRISE:{"manager":""}}),
    ] {
        let kept = user(body.clone()).0;
        assert!(kept == json!({}) || kept == json!({ENTERPRISE:{}}), "{body}");
    }
    assert_eq!(user(json!({"name":{"givenName":null},"emails":[{"value":null},{},null]})).0, json!({}));
    assert_eq!(user(json!({"title":"","emails":[{"value":""}]})).0, json!({"title":"","emails":[{"value":""}]}));
}

#[test]
fn what_is_understood_and_noted() {
    for (body, wanted, notes) in [
        (json!({"active":"fAlSe"}), json!({"active":false}), &["active: text to boolean"][..]),
        // PingOne sends one address twice, both primary.
        (
            json!({"emails":[{"value":"a","primary":true},{"value":"a","primary":"true"},{"value":"b"}]}),
            json!({"emails":[{"value":"a","primary":true},{"value":"a","primary":false},{"value":"b"}]}),
            &["emails.primary: text to boolean", "emails: several values were primary, the first stays primary"],
        ),
        (
            json!({"emails":[{"value":"a","primary":"True"}]}),
            json!({"emails":[{"value":"a","primary":true}]}),
            &["emails.primary: text to boolean"],
        ),
        (
            json!({ENTERPRISE:{"manager":[{"$ref":"http://x/Users/1","value":"1","displayName":"x"}]}}),
            json!({ENTERPRISE:{"manager":{"$ref":"http://x/Users/1","value":"1"}}}),
            &["manager: list of one value taken as the value"],
        ),
        (
            json!({ENTERPRISE:{"manager":"1"}}),
            json!({ENTERPRISE:{"manager":{"value":"1"}}}),
            &["manager: a text taken as its value"],
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
        assert_eq!(user(body.clone()), (wanted, notes.iter().map(|&note| note.to_owned()).collect()), "{body}");
    }
}

#[test]
fn what_is_refused() {
    for (body, wanted) in [
        (json!({"active":"yes"}), "active: a boolean (true or false) is expected, not a text other than these"),
        (json!({"active":""}), "active: a boolean (true or false) is expected, not a text other than these"),
        (json!({"active":" true"}), "active: a boolean (true or false) is expected, not a text other than these"),
        (json!({"active":1}), "active: a boolean (true or false) is expected, not a number"),
        (json!({"active":[true]}), "active: a boolean (true or false) is expected, not a list"),
        (json!({"userName":{}}), "userName: a text is expected, not an object"),
        (json!({"userName":["a"]}), "userName: a text is expected, not a list"),
        (json!({"userName":true}), "userName: a text is expected, not a boolean"),
        (json!({"externalId":7}), "externalId: a text is expected, not a number"),
        (json!({"title":["a","b"]}), "title: a text is expected, not a list"),
        (json!({"title":[]}), "title: a text is expected, not a list"),
        (json!({"title":7}), "title: a text is expected, not a number"),
        (json!({"name":"Ada"}), "name: an object is expected, not a text"),
        (json!({"name":""}), "name: an object is expected, not a text"),
        (json!({"name":[{}]}), "name: an object is expected, not a list"),
        (json!({"name":{"givenName":true}}), "name.givenName: a text is expected, not a boolean"),
        (json!({"emails":[1, 2]}), "value 1 of 2: emails: an object is expected, not a number"),
        (json!({"emails":["a"]}), "emails: an object is expected, not a text"),
        (json!({"emails":"a"}), "emails: a list is expected, not a text"),
        (json!({"emails":""}), "emails: a list is expected, not a text"),
        (json!({"emails":{"value":"a"}}), "emails: a list is expected, not an object"),
        (
            json!({"emails":[{"value":"[{\"value\":\"a@b.c\"}]"}]}),
            "emails.value: a text is expected, not JSON inside a text",
        ),
        (json!({ENTERPRISE:{"manager":7}}), "manager: an object is expected, not a number"),
        (
            json!({ENTERPRISE:{"manager":"{\"value\":\"1\"}"}}),
            "manager.value: a text is expected, not JSON inside a text",
        ),
        (json!({ENTERPRISE:{"manager":[{"value":"1"},{"value":"2"}]}}), "manager: an object is expected, not a list"),
        (json!({ENTERPRISE:{"department":["a"]}}), "department: a text is expected, not a list"),
        (json!({"addresses":["x"]}), "addresses: an object is expected, not a text"),
        (json!({"emails":[["a"]]}), "emails: an object is expected, not a list"),
        (
            json!({"emails":[{"value":"a"},{"value":{"x":1}}]}),
            "value 2 of 2: emails.value: a text is expected, not an object",
        ),
        (json!({"emails.value":"a"}), "emails.value: emails has several values, send it as a list"),
        (json!({"x509Certificates":[{"value":"%"}]}), "x509Certificates.value: base64 is expected, not another text"),
        (json!({"x509Certificates":[{"value":""}]}), "x509Certificates.value: base64 is expected, not another text"),
        (
            json!({ENTERPRISE:"x"}),
            "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User: an object is expected, not a text",
        ),
        (
            json!({"roles": vec!["x"; 3], "ims": vec![json!({"value":"x"}); 1001]}),
            "ims has 1001 values: at most 1000 are possible",
        ),
    ] {
        let mut sent = json!({"schemas":[CORE],"userName":"ada"});
        sent.as_object_mut().unwrap().extend(object(body));
        assert_eq!(refused(ResourceType::User, sent), wanted);
    }
}
