//! Operations of the SCIM API.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use domain::scim_operation::ScimOperation;

#[test]
fn names_are_stable() {
    for operation in ScimOperation::ALL {
        assert_eq!(ScimOperation::parse(operation.name()), operation);
        assert_eq!(serde_json::to_value(operation).unwrap(), operation.name());
        for named in [false, true] {
            assert!(!operation.did(named).is_empty() && !operation.tried(named).is_empty());
        }
    }
    assert_eq!(ScimOperation::parse("something newer"), ScimOperation::Unknown);
}

#[test]
fn a_noun_has_an_article_where_no_name_follows() {
    for (operation, named, unnamed) in [
        (ScimOperation::UserGet, "look up member", "look up a member"),
        (ScimOperation::UserCreate, "create member", "create a member"),
        (ScimOperation::UserReplace, "update member", "update a member"),
        (ScimOperation::UserPatch, "update member", "update a member"),
        (ScimOperation::UserDelete, "delete member", "delete a member"),
        (ScimOperation::GroupGet, "look up group", "look up a group"),
        (ScimOperation::GroupCreate, "create group", "create a group"),
        (ScimOperation::GroupReplace, "update group", "update a group"),
        (ScimOperation::GroupPatch, "update group", "update a group"),
        (ScimOperation::GroupDelete, "delete group", "delete a group"),
        (ScimOperation::UserList, "look up member", "list members"),
        (ScimOperation::GroupList, "look up group", "list groups"),
    ] {
        assert_eq!((operation.tried(true), operation.tried(false)), (named, unnamed));
    }
    assert_eq!(
        (ScimOperation::UserGet.did(true), ScimOperation::UserGet.did(false)),
        ("looked up member", "looked up a member")
    );
    let has_article = |sentence: &str| sentence.split(' ').any(|word| word == "a");
    for operation in ScimOperation::ALL.into_iter().filter(|operation| *operation != ScimOperation::Unknown) {
        for named in [true, false] {
            assert_eq!(has_article(operation.did(named)), has_article(operation.tried(named)), "{}", operation.name());
        }
    }
}

#[test]
fn reads_are_not_changes() {
    let reads: Vec<_> =
        ScimOperation::ALL.into_iter().filter(|one| !one.is_change()).map(ScimOperation::name).collect();
    assert_eq!(reads, ["user_list", "user_get", "group_list", "group_get", "search", "me", "discovery", "unknown"]);
}
