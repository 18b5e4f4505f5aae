//! The resources that Okta and Entra ID send.

use super::*;

#[test]
fn users_created_by_okta_are_read() {
    let (document, notes) = read(
        ResourceType::User,
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
    assert_eq!(notes, ["password: ignored"]);
}

#[test]
fn users_replaced_by_okta_are_read() {
    let (stored, notes) =
        user(json!({"id":"2819","name":{"givenName":"Another","middleName":"Excited","familyName":"User"},
        "emails":[{"primary":true,"value":"a@b","type":"work","display":"a@b"}],"active":true,"groups":[],
        "meta":{"resourceType":"User"}}));
    assert_eq!(
        stored,
        json!({"name":{"givenName":"Another","middleName":"Excited","familyName":"User"},
            "emails":[{"primary":true,"value":"a@b","type":"work","display":"a@b"}],"active":true})
    );
    assert!(notes.is_empty(), "{notes:?}");
}

#[test]
fn users_created_by_entra_are_read() {
    let (document, notes) = read(
        ResourceType::User,
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
            "active: string converted to boolean",
            "department: unknown attribute, ignored",
            "manager: unknown attribute, ignored",
            "…:enterprise:2.0User: treated as …:enterprise:2.0:User",
        ]
    );
}

#[test]
fn groups() {
    let (okta, notes) = read(ResourceType::Group, json!({"schemas":[GROUP],"displayName":"Test SCIMv2","members":[]}));
    let okta = okta.unwrap();
    assert_eq!((okta.display_name(), okta.members(), notes.len()), (Some("Test SCIMv2"), Some(&[][..]), 0));

    let entra = json!({"schemas":[GROUP, "http://schemas.microsoft.com/2006/11/ResourceManagement/ADSCIM/2.0/Group"],
        "externalId":"8aa1","displayName":"Analysts","meta":{"resourceType":"Group"}});
    let (entra, notes) = read(ResourceType::Group, entra);
    let entra = entra.unwrap();
    assert_eq!((entra.external_id(), entra.members()), (Some("8aa1"), None));
    assert_eq!(
        notes,
        ["schemas: http://schemas.microsoft.com/2006/11/ResourceManagement/ADSCIM/2.0/Group is unknown, ignored"]
    );

    let (put, _) = read(
        ResourceType::Group,
        json!({"schemas":[GROUP],"id":"abf4","displayName":"Test SCIMv2","members":[
            {"value":"23a3","display":"ada"}, {"value":"89bb","type":"User","$ref":"https://x/Users/89bb"},
            {"value":"23a3"}, "f648", {"value":null,"display":null}, null]}),
    );
    let put = put.unwrap();
    assert_eq!(put.members().unwrap(), ["23a3", "89bb", "f648"]);
    assert_eq!(Value::Object(put.into_map()), json!({"displayName":"Test SCIMv2"}));
}

#[test]
fn invalid_members_are_rejected() {
    for (member, expected) in [
        (
            json!({"value":"e9e3","type":"Group"}),
            "members, value 2 of 2: nested groups aren't supported, only Users can be members",
        ),
        (json!({"value":"e9e3","type":"Device"}), "members, value 2 of 2: members.type must be \"User\""),
        (json!({"type":"User"}), "members, value 2 of 2: value is required: the member's id"),
        (json!({"value":" "}), "members, value 2 of 2: value is required: the member's id"),
        (json!({"value":{"a":1}}), "value 2 of 2: members.value: expected a string, got an object"),
    ] {
        let body = json!({"schemas":[GROUP],"displayName":"x","members":[{"value":"23a3"}, member]});
        assert_eq!(refused(ResourceType::Group, body), expected);
    }
}
