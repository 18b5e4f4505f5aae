//! Rules for a resource as a whole.

use super::*;
use crate::schema::{Attribute, MaxLength, Mutability, Type};

#[test]
fn required_attributes() {
    for (name, expected) in [
        (json!(null), "userName is required"),
        (json!(""), "userName is required and can't be empty"),
        (json!(" \t"), "userName is required and can't be empty"),
        (json!("a\u{0}"), "userName contains a control character at position 2"),
        (json!("é".repeat(256)), "userName has 256 characters, the maximum is 255"),
    ] {
        assert_eq!(refused(ResourceType::User, json!({"schemas":[CORE],"userName":name})), expected);
    }
    assert!(read(ResourceType::User, json!({"schemas":[CORE],"userName":"é".repeat(255)})).0.is_ok());
    assert_eq!(refused(ResourceType::User, json!({})), "userName is required");
    assert_eq!(refused(ResourceType::Group, json!({"schemas":[GROUP],"members":[]})), "displayName is required");
}

#[test]
fn a_document_has_a_size() {
    let emails = |count: usize| json!({"schemas":[CORE],"userName":"ada","emails":vec![json!({"value":"x".repeat(200)}); count]});
    assert!(read(ResourceType::User, emails(300)).0.is_ok());
    assert_eq!(
        refused(ResourceType::User, emails(310)),
        "The User would have 66059 bytes, the maximum is 65536. Its largest attribute is emails"
    );
    // The JSON is longer than the texts.
    let escapes = json!({"schemas":[CORE],"userName":"ada","photos":vec![json!({"value":"\u{1}".repeat(10_000)}); 2]});
    assert!(refused(ResourceType::User, escapes).starts_with("The User would have 1200"));
}

/// A document from before a limit can be changed, but cannot grow.
#[test]
fn a_large_document_from_before_can_be_changed() {
    let large = json!({"userName":"ada","title":"x".repeat(100_000),"active":true});
    let large = ResourceDocument::from_stored(ResourceType::User, object(large));
    let change = |operation: Value| {
        let body = json!({"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],"Operations":[operation]});
        let patch = crate::Patch::read(object(body), ResourceType::User, &mut Normalizations::new()).unwrap();
        patch.apply(&large, &mut Normalizations::new())
    };
    assert_eq!(change(json!({"op":"remove","path":"active"})).unwrap().active(), None);
    assert!(change(json!({"op":"replace","path":"title","value":"x"})).is_ok());
    let error = change(json!({"op":"add","path":"nickName","value":"x"})).unwrap_err();
    assert_eq!(error.scim_type(), Some(ScimType::InvalidValue));
    assert!(error.to_string().ends_with("the maximum is 65536. Its largest attribute is title"), "{error}");
}

/// A text of any attribute is accepted at the schema's limit, and refused with the attribute's name above it.
#[test]
fn every_text_has_a_length() {
    let text = |attribute: &Attribute, more: usize| match attribute.max_length {
        MaxLength::Characters(max) if attribute.kind == Type::Binary => "A".repeat(max + 4 * more),
        MaxLength::Characters(max) => "é".repeat(max + more),
        MaxLength::Bytes(max) => "é".repeat(max / 2 + more),
    };
    let writable = |attribute: &&Attribute| {
        let typed = matches!(attribute.kind, Type::String | Type::Reference | Type::Binary);
        typed && matches!(attribute.mutability, Mutability::ReadWrite) && attribute.name != "schemas"
    };
    let mut checked = 0;
    for kind in [ResourceType::User, ResourceType::Group] {
        for path in crate::attribute_path::all(kind) {
            let whole = path.attribute;
            let single = [whole].into_iter().filter(writable).map(|attribute| (attribute, whole.name.to_owned()));
            let is_open = whole.mutability == Mutability::ReadWrite && whole.name != "members";
            let parts = whole.sub_attributes.iter().filter(writable).filter(|_| is_open);
            let parts = parts.map(|part| (part, format!("{}.{}", whole.name, part.name)));
            for (attribute, name) in single.chain(parts) {
                let body = |more: usize| {
                    let text = json!(text(attribute, more));
                    let value = match (attribute.name == whole.name, whole.multi_valued) {
                        (true, _) => text,
                        (false, true) => json!([{attribute.name: text}]),
                        (false, false) => json!({attribute.name: text}),
                    };
                    let mut body = json!({"schemas":[kind.core().id],"userName":"ada","displayName":"x"});
                    match path.is_extension() {
                        true => body[path.schema.id] = json!({whole.name: value}),
                        false => body[whole.name] = value,
                    }
                    body
                };
                assert!(read(kind, body(0)).0.is_ok(), "{name}");
                let error = refused(kind, body(1));
                assert!(error.starts_with(&format!("{name} has ")) && error.contains(", the maximum is "), "{error}");
                checked += 1;
            }
        }
    }
    assert!(checked >= 50, "{checked}");
}

#[test]
fn schemas_are_checked() {
    for (schemas, notes) in [
        (json!([CORE]), &[][..]),
        (json!([CORE.to_uppercase(), ENTERPRISE]), &[]),
        (json!([ENTERPRISE]), &[]),
        (json!([CORE, GROUP]), &[]),
        (json!(null), &["schemas: missing, treated as User"]),
        (json!([]), &["schemas: missing, treated as User"]),
        (json!(CORE), &["schemas: single value treated as an array"]),
    ] {
        let (document, noted) = read(ResourceType::User, json!({"Schemas":schemas,"userName":"ada"}));
        assert!(document.is_ok(), "{schemas}");
        assert_eq!(noted, notes, "{schemas}");
    }
    assert_eq!(
        refused(ResourceType::User, json!({"schemas":[GROUP],"displayName":"x"})),
        "schemas: this is a Group, but /Users expects urn:ietf:params:scim:schemas:core:2.0:User"
    );
    assert_eq!(
        refused(ResourceType::User, json!({"schemas":["urn:scim:schemas:core:1.0"],"userName":"x"})),
        "schemas: expected urn:ietf:params:scim:schemas:core:2.0:User"
    );
    for schemas in [json!(1), json!({}), json!([1]), json!([CORE, null])] {
        let error = read(ResourceType::User, json!({"schemas":schemas,"userName":"ada"})).0.unwrap_err();
        assert_eq!(error.scim_type(), Some(ScimType::InvalidSyntax), "{schemas}");
    }
}
