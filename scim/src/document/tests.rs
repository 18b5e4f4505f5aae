//! What clients send, and what becomes of it.

use super::*;
use crate::ScimType;
use proptest::prelude::*;
use serde_json::json;

const CORE: &str = "urn:ietf:params:scim:schemas:core:2.0:User";
const GROUP: &str = "urn:ietf:params:scim:schemas:core:2.0:Group";
const ENTERPRISE: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

fn object(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(map) => map,
        other => panic!("{other} is no object"),
    }
}

fn read(kind: Kind, body: Value) -> (Result<Document, Error>, Vec<String>) {
    let mut notes = Notes::new();
    let document = Document::read(object(body), kind, &mut notes);
    (document, notes.iter().map(str::to_owned).collect())
}

/// A User with `schemas` and `userName` set, as it is kept, and the notes.
#[track_caller]
fn user(mut body: Value) -> (Value, Vec<String>) {
    body["schemas"] = json!([CORE]);
    body["userName"] = json!("ada");
    let (document, notes) = read(Kind::User, body);
    let mut map = document.unwrap().into_map();
    assert_eq!(map.remove("userName"), Some(json!("ada")));
    (Value::Object(map), notes)
}

#[track_caller]
fn refused(kind: Kind, body: Value) -> String {
    let error = read(kind, body).0.unwrap_err();
    assert_eq!((error.status(), error.scim_type()), (400, Some(ScimType::InvalidValue)), "{error}");
    error.to_string()
}

#[test]
fn what_okta_creates() {
    let (document, notes) = read(
        Kind::User,
        json!({"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"userName":"test.user@okta.local",
            "name":{"givenName":"Test","familyName":"User"},
            "emails":[{"primary":true,"value":"test.user@okta.local","type":"work"}],
            "displayName":"Test User","locale":"en-US","externalId":"00ujl29u0le5T6Aj10h7",
            "groups":[],"password":"1mz050nq","active":true}),
    );
    let document = document.unwrap();
    assert_eq!(document.user_name(), Some("test.user@okta.local"));
    assert_eq!(document.external_id(), Some("00ujl29u0le5T6Aj10h7"));
    assert_eq!(document.display_name(), Some("Test User"));
    assert_eq!(document.formatted_name().as_deref(), Some("Test User"));
    assert_eq!(document.active(), Some(true));
    let email = Email { value: "test.user@okta.local".into(), kind: Some("work".into()), primary: true };
    assert_eq!(document.emails(), [email]);
    assert_eq!(document.schemas(), [CORE]);
    assert_eq!(
        Value::Object(document.into_map()),
        json!({"userName":"test.user@okta.local","name":{"givenName":"Test","familyName":"User"},
            "emails":[{"primary":true,"value":"test.user@okta.local","type":"work"}],
            "displayName":"Test User","locale":"en-US","externalId":"00ujl29u0le5T6Aj10h7","active":true})
    );
    assert_eq!(notes, ["password: accepted and dropped"]);
}

#[test]
fn what_okta_puts() {
    let (kept, notes) = user(json!({"id":"2819","name":{"givenName":"Another","middleName":"Excited","familyName":"User"},
        "emails":[{"primary":true,"value":"a@b","type":"work","display":"a@b"}],"active":true,"groups":[],
        "meta":{"resourceType":"User"}}));
    assert_eq!(
        kept,
        json!({"name":{"givenName":"Another","middleName":"Excited","familyName":"User"},
            "emails":[{"primary":true,"value":"a@b","type":"work","display":"a@b"}],"active":true})
    );
    assert!(notes.is_empty(), "{notes:?}");
}

#[test]
fn what_entra_creates() {
    let (document, notes) = read(
        Kind::User,
        json!({"schemas":[CORE, "urn:ietf:params:scim:schemas:extension:enterprise:2.0User"],
            "externalId":"0a21f0f2","userName":"Test_User_1","active":"True",
            "emails":[{"primary":true,"type":"work","value":"a@b"}],"meta":{"resourceType":"User"},
            "name":{"formatted":"givenName familyName","familyName":"familyName","givenName":"givenName"},"roles":[],
            "addresses":null,"phoneNumbers":null,"title":null,"department":null,"manager":null,
            "urn:ietf:params:scim:schemas:extension:enterprise:2.0User":{"department":"R&D","manager":{"value":null}}}),
    );
    let document = document.unwrap();
    assert_eq!(document.schemas(), [CORE, ENTERPRISE]);
    assert_eq!(
        Value::Object(document.into_map()),
        json!({"externalId":"0a21f0f2","userName":"Test_User_1","active":true,
            "emails":[{"primary":true,"type":"work","value":"a@b"}],
            "name":{"formatted":"givenName familyName","familyName":"familyName","givenName":"givenName"},
            ENTERPRISE:{"department":"R&D"}})
    );
    assert_eq!(
        notes,
        [
            "active: text to boolean",
            "department: unknown attribute, ignored",
            "manager: unknown attribute, ignored",
            "…:enterprise:2.0User: taken as …:enterprise:2.0:User",
        ]
    );
}

#[test]
fn groups() {
    let (okta, notes) = read(Kind::Group, json!({"schemas":[GROUP],"displayName":"Test SCIMv2","members":[]}));
    let okta = okta.unwrap();
    assert_eq!((okta.display_name(), okta.members(), notes.len()), (Some("Test SCIMv2"), Some(&[][..]), 0));

    let entra = json!({"schemas":[GROUP, "http://schemas.microsoft.com/2006/11/ResourceManagement/ADSCIM/2.0/Group"],
        "externalId":"8aa1","displayName":"Analysts","meta":{"resourceType":"Group"}});
    let (entra, notes) = read(Kind::Group, entra);
    let entra = entra.unwrap();
    assert_eq!((entra.external_id(), entra.members()), (Some("8aa1"), None));
    assert_eq!(
        notes,
        ["schemas: http://schemas.microsoft.com/2006/11/ResourceManagement/ADSCIM/2.0/Group is unknown, ignored"]
    );

    let (put, _) = read(
        Kind::Group,
        json!({"schemas":[GROUP],"id":"abf4","displayName":"Test SCIMv2","members":[
            {"value":"23a3","display":"ada"}, {"value":"89bb","type":"User","$ref":"https://x/Users/89bb"},
            {"value":"23a3"}, "f648", {"value":null,"display":null}, null]}),
    );
    let put = put.unwrap();
    assert_eq!(put.members().unwrap(), ["23a3", "89bb", "f648"]);
    assert_eq!(Value::Object(put.into_map()), json!({"displayName":"Test SCIMv2"}));
}

#[test]
fn members_that_cannot_be() {
    for (member, wanted) in [
        (
            json!({"value":"e9e3","type":"Group"}),
            "members, value 2 of 2: a group cannot be in a group here: only Users can be members",
        ),
        (
            json!({"value":"e9e3","type":"Device"}),
            "members, value 2 of 2: only Users can be members: the type is none that can be",
        ),
        (json!({"type":"User"}), "members, value 2 of 2: value is missing: it is the member's id"),
        (json!({"value":" "}), "members, value 2 of 2: value is missing: it is the member's id"),
        (json!({"value":{"a":1}}), "value 2 of 2: members.value: a text is expected, not an object"),
    ] {
        let body = json!({"schemas":[GROUP],"displayName":"x","members":[{"value":"23a3"}, member]});
        assert_eq!(refused(Kind::Group, body), wanted);
    }
}

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
            format!("{ENTERPRISE}:employeeNumber"):7,format!("{ENTERPRISE}:manager.value"):"26118915"}),
        json!({format!("{CORE}:displayName"):"Ada",CORE:{"name":{"givenName":"Ada","familyName":"Lovelace"}},
            ENTERPRISE:{"manager":[{"value":"26118915"}],"employeeNumber":"7"}}),
    ] {
        assert_eq!(user(body.clone()).0, wanted, "{body}");
    }
}

#[test]
fn unassigned_is_left_out() {
    for value in [json!(null), json!([]), json!({})] {
        let body = json!({"name":value,"emails":value,"title":if value.is_object() { json!(null) } else { value.clone() }});
        assert_eq!(user(body).0, json!({}), "{value}");
    }
    assert_eq!(user(json!({"name":{"givenName":null},"emails":[{"value":null},{},null]})).0, json!({}));
    assert_eq!(user(json!({"title":"","emails":[{"value":""}]})).0, json!({"title":"","emails":[{"value":""}]}));
    assert_eq!(user(json!({"name":"","active":"","emails":""})).0, json!({}));
}

#[test]
fn what_is_understood_and_noted() {
    for (body, wanted, notes) in [
        (json!({"active":"fAlSe"}), json!({"active":false}), &["active: text to boolean"][..]),
        (json!({"title":7}), json!({"title":"7"}), &["title: number to text"]),
        (json!({"title":true}), json!({"title":"true"}), &["title: boolean to text"]),
        (json!({"title":["x"]}), json!({"title":"x"}), &["title: list of one value taken as the value"]),
        (json!({"emails":{"value":"a"}}), json!({"emails":[{"value":"a"}]}), &["emails: one value taken as a list of one"]),
        (json!({"emails":["a"]}), json!({"emails":[{"value":"a"}]}), &["emails: a text taken as its value"]),
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
        (json!({"foo":{"bar":1},"name":{"x":1}}), json!({}), &[
            "foo: unknown attribute, ignored",
            "name.x: unknown attribute, ignored",
        ]),
        (json!({"roles":["admin"]}), json!({}), &["roles: read-only, ignored"]),
    ] {
        assert_eq!(user(body.clone()), (wanted, notes.iter().map(|&note| note.to_owned()).collect()), "{body}");
    }
}

#[test]
fn what_is_refused() {
    for (body, wanted) in [
        (json!({"active":"yes"}), "active: true or false is expected, not this text"),
        (json!({"active":1}), "active: true or false is expected, not a number"),
        (json!({"userName":{}}), "userName: a text is expected, not an object"),
        (json!({"title":["a","b"]}), "title: a text is expected, not several values"),
        (json!({"title":[["a"]]}), "title: a text is expected, not a list"),
        (json!({"name":"Ada"}), "name: an object is expected, not a text"),
        (json!({"name":[{},{}]}), "name: an object is expected, not several values"),
        (json!({"addresses":["x"]}), "addresses: an object is expected, not a text"),
        (json!({"emails":[["a"]]}), "emails: an object is expected, not a list"),
        (
            json!({"emails":[{"value":"a"},{"value":{"x":1}}]}),
            "value 2 of 2: emails.value: a text is expected, not an object",
        ),
        (json!({"emails.value":"a"}), "emails.value: emails has several values, send it as a list"),
        (
            json!({"emails":[{"value":"a","primary":true},{"value":"b","primary":"true"}]}),
            "emails: more than one value is primary, at most one can be",
        ),
        (json!({"x509Certificates":[{"value":"%"}]}), "x509Certificates.value: base64 is expected, not this text"),
        (
            json!({ENTERPRISE:"x"}),
            "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User: an object is expected, not a text",
        ),
        (json!({"roles": vec!["x"; 3], "ims": vec!["x"; 1001]}), "ims has 1001 values: at most 1000 are possible"),
    ] {
        let mut sent = json!({"schemas":[CORE],"userName":"ada"});
        sent.as_object_mut().unwrap().extend(object(body));
        assert_eq!(refused(Kind::User, sent), wanted);
    }
}

#[test]
fn required_attributes() {
    for (name, wanted) in [
        (json!(null), "userName is required"),
        (json!(""), "userName is required: it is empty"),
        (json!(" \t"), "userName is required: it is empty"),
        (json!("a\u{0}"), "userName has a control character: it is the character 2"),
        (json!("é".repeat(256)), "userName has 256 characters: at most 255 are possible"),
    ] {
        assert_eq!(refused(Kind::User, json!({"schemas":[CORE],"userName":name})), wanted);
    }
    assert!(read(Kind::User, json!({"schemas":[CORE],"userName":"é".repeat(255)})).0.is_ok());
    assert_eq!(refused(Kind::User, json!({})), "userName is required");
    assert_eq!(refused(Kind::Group, json!({"schemas":[GROUP],"members":[]})), "displayName is required");
}

#[test]
fn schemas_say_what_it_is() {
    for (schemas, notes) in [
        (json!([CORE]), &[][..]),
        (json!([CORE.to_uppercase(), ENTERPRISE]), &[]),
        (json!([ENTERPRISE]), &[]),
        (json!([CORE, GROUP]), &[]),
        (json!(null), &["schemas: missing, taken as User"]),
        (json!([]), &["schemas: missing, taken as User"]),
        (json!(CORE), &["schemas: one value taken as a list of one"]),
    ] {
        let (document, noted) = read(Kind::User, json!({"Schemas":schemas,"userName":"ada"}));
        assert!(document.is_ok(), "{schemas}");
        assert_eq!(noted, notes, "{schemas}");
    }
    assert_eq!(
        refused(Kind::User, json!({"schemas":[GROUP],"displayName":"x"})),
        "schemas: this is a Group, but /Users holds Users: urn:ietf:params:scim:schemas:core:2.0:User is expected"
    );
    assert_eq!(
        refused(Kind::User, json!({"schemas":["urn:scim:schemas:core:1.0"],"userName":"x"})),
        "schemas: urn:ietf:params:scim:schemas:core:2.0:User is expected"
    );
    for schemas in [json!(1), json!({}), json!([1]), json!([CORE, null])] {
        let error = read(Kind::User, json!({"schemas":schemas,"userName":"ada"})).0.unwrap_err();
        assert_eq!(error.scim_type(), Some(ScimType::InvalidSyntax), "{schemas}");
    }
}

/// JSON that resembles resources: known and unknown names with values of any type.
pub(crate) fn resource(kind: Kind) -> impl Strategy<Value = Map<String, Value>> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i32>().prop_map(Value::from),
        "[a-zA-Z0-9@. ]{0,12}".prop_map(Value::from),
        Just(json!("True")),
    ];
    let names = match kind {
        Kind::User => "userName|name|NAME|title|active|emails|phoneNumbers|roles|groups|id|meta|externalId|photos|\
            name\\.givenName|x509Certificates|password|[a-z]{1,3}|\
            urn:ietf:params:scim:schemas:extension:enterprise:2\\.0:User(:manager|:department)?",
        Kind::Group => "displayName|members|externalId|id|meta|[a-z]{1,3}",
    };
    let parts = "value|type|primary|display|givenName|familyName|formatted|manager|department|\\$ref|[a-z]{1,2}";
    let value = leaf.prop_recursive(3, 24, 4, move |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            proptest::collection::btree_map(parts, inner, 0..4).prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    });
    proptest::collection::btree_map(names, value, 0..6).prop_map(|map| map.into_iter().collect())
}

proptest! {
    #[test]
    fn what_was_read_is_canonical(mut body in resource(Kind::User)) {
        body.entry("userName").or_insert(json!("ada"));
        if let (Ok(document), _) = read(Kind::User, Value::Object(body)) {
            let mut map = document.as_map().clone();
            map.insert("schemas".into(), json!(document.schemas()));
            let (again, notes) = read(Kind::User, Value::Object(map));
            prop_assert_eq!(again.unwrap(), document);
            prop_assert_eq!(notes, Vec::<String>::new());
        }
    }

    #[test]
    fn groups_never_panic(body in resource(Kind::Group)) {
        let _ = read(Kind::Group, Value::Object(body));
    }
}
