//! Operations of the SCIM API.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use domain::scim_operation::ScimOperation;

#[test]
fn names_are_stable_and_the_same_everywhere() {
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
fn changes_are_not_reads() {
    let reads: Vec<_> =
        ScimOperation::ALL.into_iter().filter(|one| !one.is_change()).map(ScimOperation::name).collect();
    assert_eq!(reads, ["user_list", "user_get", "group_list", "group_get", "search", "me", "discovery", "unknown"]);
}
