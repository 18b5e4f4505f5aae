//! Typed ids.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use domain::id::{ActivityId, MemberId, MethodId, TeamId};

#[test]
fn an_id_displays_as_its_text() {
    let text = "019a97b0-0000-7000-8000-000000000000";
    assert_eq!(TeamId::new(text).as_str(), text);
    assert_eq!(MemberId::new(text).to_string(), text);
    assert_eq!(serde_json::to_value(MethodId::new(text)).unwrap(), text);
    assert_eq!(serde_json::from_str::<MethodId>(&format!("\"{text}\"")).unwrap(), MethodId::new(text));
}

#[test]
fn activity_ids_sort_by_time() {
    assert!(
        ActivityId::new("019a97b0-0000-7000-8000-000000000000")
            < ActivityId::new("019a97b1-0000-7000-8000-000000000000")
    );
}

#[test]
fn any_text_is_an_id() {
    for text in ["", "../..", "' OR 1=1", "\u{0}"] {
        assert_eq!(TeamId::new(text).as_str(), text);
    }
}
