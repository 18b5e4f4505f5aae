//! Plans.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use domain::plan::Plan;

#[test]
fn names_labels_and_order() {
    for (plan, name, label) in [
        (Plan::Free, "free", "Free"),
        (Plan::Basic, "basic", "Basic"),
        (Plan::Professional, "professional", "Professional"),
        (Plan::Enterprise, "enterprise", "Enterprise"),
    ] {
        assert_eq!((plan.name(), plan.label(), plan.to_string().as_str()), (name, label, label));
        assert_eq!(name.parse(), Ok(plan));
        assert_eq!(label.parse(), Ok(plan));
        assert_eq!(serde_json::to_value(plan).unwrap(), name);
    }
    assert!(Plan::ALL.is_sorted());
}

#[test]
fn only_enterprise_has_scim() {
    assert_eq!(Plan::ALL.map(Plan::has_scim), [false, false, false, true]);
}

#[test]
fn an_unknown_plan_is_refused_with_the_choices() {
    for word in ["", "gold", "enterprise ", "entreprise"] {
        let error = word.parse::<Plan>().unwrap_err();
        assert_eq!(error, format!("“{word}” isn't a plan. Use free, basic, professional, or enterprise"));
    }
}
