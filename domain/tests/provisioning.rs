//! The policy for SCIM provisioning and its keys.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use domain::{
    id::MethodId,
    plan::Plan,
    provisioning::{EnabledMethod, Reason, review, review_role},
    role::Role,
};

fn methods(names: &[&str]) -> Vec<EnabledMethod> {
    names.iter().map(|name| EnabledMethod { id: MethodId::new(*name), name: (*name).to_owned() }).collect()
}

#[test]
fn provisioning_needs_enterprise_one_method_and_an_admin() {
    for plan in Plan::ALL {
        for role in Role::ALL {
            for names in [&[][..], &["Okta"], &["Okta", "Google"], &["Okta", "Google", "AD FS"]] {
                let enabled = methods(names);
                let mut expected = Vec::new();
                if plan != Plan::Enterprise {
                    expected.push(Reason::Plan(plan));
                }
                if names.is_empty() {
                    expected.push(Reason::NoSsoMethod);
                }
                if names.len() > 1 {
                    expected.push(Reason::ManySsoMethods(enabled.clone()));
                }
                if !(role == Role::SuperAdmin || role == Role::Admin) {
                    expected.push(Reason::Role(role));
                }
                let reasons = review(plan, &enabled, role).map_err(|denial| denial.reasons().to_vec());
                assert_eq!(reasons.is_ok(), expected.is_empty(), "{plan} {names:?} {role}");
                assert_eq!(reasons.err().unwrap_or_default(), expected, "{plan} {names:?} {role}");
            }
        }
    }
}

#[test]
fn stopping_needs_only_the_role() {
    for role in [Role::SuperAdmin, Role::Admin] {
        assert!(review_role(role).is_ok());
    }
    for role in [Role::Billing, Role::Developer] {
        assert_eq!(review_role(role).unwrap_err().reasons(), [Reason::Role(role)]);
    }
}

#[test]
fn every_reason_is_listed() {
    let denial = review(Plan::Professional, &methods(&["Okta", "Google", "AD FS"]), Role::Billing).unwrap_err();
    assert_eq!(
        denial.to_string(),
        "SCIM provisioning is part of the Enterprise plan. This team is on Professional. \
         SCIM needs exactly one enabled SSO method. This team has 3: Okta, Google, and AD FS. \
         Only Admins and Super Admins can manage this."
    );
    let denial = review(Plan::Enterprise, &[], Role::Admin).unwrap_err();
    assert_eq!(denial.to_string(), "Set up single sign-on first.");
}

#[test]
fn a_denial_survives_serialization() {
    let denial = review(Plan::Free, &methods(&["Okta", "Google"]), Role::Developer).unwrap_err();
    let json = serde_json::to_string(&denial).unwrap();
    assert_eq!(serde_json::from_str::<domain::provisioning::ProvisioningDenial>(&json).unwrap(), denial);
}

#[cfg(not(target_arch = "wasm32"))]
mod properties {
    use domain::{id::MethodId, plan::Plan, provisioning::*, role::Role};
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_denial_lists_exactly_the_failed_requirements(
            plan in prop::sample::select(Plan::ALL.to_vec()),
            role in prop::sample::select(Role::ALL.to_vec()),
            names in prop::collection::vec(any::<String>(), 0..6),
        ) {
            let enabled: Vec<EnabledMethod> =
                names.iter().map(|name| EnabledMethod { id: MethodId::new(name.as_str()), name: name.clone() }).collect();
            let failing = [!plan.has_scim(), enabled.len() != 1, !role.manages_authentication()];
            let failing = failing.into_iter().filter(|fails| *fails).count();
            match review(plan, &enabled, role) {
                Ok(_) => prop_assert_eq!(failing, 0),
                Err(denial) => {
                    prop_assert!(failing > 0);
                    prop_assert_eq!(denial.reasons().len(), failing);
                    prop_assert_eq!(denial.reasons().contains(&Reason::Plan(plan)), !plan.has_scim());
                    prop_assert_eq!(denial.reasons().contains(&Reason::NoSsoMethod), enabled.is_empty());
                    let many = Reason::ManySsoMethods(enabled.clone());
                    prop_assert_eq!(denial.reasons().contains(&many), enabled.len() > 1);
                    prop_assert_eq!(denial.reasons().contains(&Reason::Role(role)), !role.manages_authentication());
                    let sentence = denial.to_string();
                    prop_assert!(enabled.len() < 2 || names.iter().all(|name| sentence.contains(name.as_str())));
                }
            }
        }
    }
}
