//! What holds for a resource as a whole.

use super::*;

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
fn a_document_has_a_size() {
    let emails = |length: usize| json!({"schemas":[CORE],"userName":"ada","emails":vec![json!({"value":"x".repeat(length)}); 64]});
    assert!(read(Kind::User, emails(16_000)).0.is_ok());
    assert_eq!(refused(Kind::User, emails(17_000)), "The resource would be larger than 1048576 bytes");
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
