//! Properties of every body.

use super::*;
use proptest::prelude::*;

/// JSON that resembles resources: known and unknown names with values of any type.
pub(crate) fn resource(kind: ResourceType) -> impl Strategy<Value = Map<String, Value>> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i32>().prop_map(Value::from),
        "[a-zA-Z0-9@. ]{0,12}".prop_map(Value::from),
        Just(json!("True")),
    ];
    let names = match kind {
        ResourceType::User => {
            "userName|name|NAME|title|active|emails|phoneNumbers|roles|groups|id|meta|externalId|photos|\
            name\\.givenName|x509Certificates|password|[a-z]{1,3}|\
            urn:ietf:params:scim:schemas:extension:enterprise:2\\.0:User(:manager|:department)?"
        }
        ResourceType::Group => "displayName|members|externalId|id|meta|[a-z]{1,3}",
    };
    let parts = "value|type|primary|display|givenName|familyName|formatted|manager|department|\\$ref|[a-z]{1,2}";
    let value = leaf.prop_recursive(3, 24, 4, move |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            proptest::collection::btree_map(parts, inner, 0..4)
                .prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    });
    proptest::collection::btree_map(names, value, 0..6).prop_map(|map| map.into_iter().collect())
}

proptest! {
    #[test]
    fn documents_are_canonical(mut body in resource(ResourceType::User)) {
        body.entry("userName").or_insert(json!("ada"));
        if let (Ok(document), _) = read(ResourceType::User, Value::Object(body)) {
            let mut map = document.as_map().clone();
            map.insert("schemas".into(), json!(document.schemas()));
            let (again, notes) = read(ResourceType::User, Value::Object(map));
            prop_assert_eq!(again.unwrap(), document);
            prop_assert_eq!(notes, Vec::<String>::new());
        }
    }

    #[test]
    fn groups_never_panic(body in resource(ResourceType::Group)) {
        let _ = read(ResourceType::Group, Value::Object(body));
    }
}
