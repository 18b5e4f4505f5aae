//! Roles and sets of them.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use domain::{
    role::{self, Role, Roles},
    validation::field_error::FieldError,
};

#[test]
fn names_and_labels() {
    for (role, name, label) in [
        (Role::SuperAdmin, "super_admin", "Super Admin"),
        (Role::Admin, "admin", "Admin"),
        (Role::Billing, "billing", "Billing"),
        (Role::Developer, "developer", "Developer"),
    ] {
        assert_eq!((role.name(), role.label(), role.to_string().as_str()), (name, label, label));
        assert_eq!(Role::from_name(name), Some(role));
        assert_eq!(serde_json::to_value(role).unwrap(), name);
    }
    for word in ["", "Admin", "owner", "super admin"] {
        assert_eq!((Role::from_name(word), role::parse(word)), (None, Err(FieldError::NotAnOption)));
    }
}

#[test]
fn only_admins_manage_authentication() {
    for role in Role::ALL {
        assert_eq!(role.manages_authentication(), matches!(role, Role::SuperAdmin | Role::Admin), "{role}");
    }
}

#[test]
fn a_set_is_stored_as_bits() {
    for (bits, roles, highest) in [
        (128, &[Role::SuperAdmin][..], Role::SuperAdmin),
        (32, &[Role::Admin], Role::Admin),
        (8, &[Role::Billing], Role::Billing),
        (2, &[Role::Developer], Role::Developer),
        (34, &[Role::Admin, Role::Developer], Role::Admin),
        (Roles::ALL.bits(), &Role::ALL, Role::SuperAdmin),
    ] {
        let set = Roles::from_bits(bits);
        assert_eq!(set.bits(), bits);
        assert_eq!(set.iter().collect::<Vec<_>>(), roles);
        assert_eq!(set.highest(), highest);
        assert!(roles.iter().all(|role| set.contains(*role)));
        assert_eq!(roles.iter().fold(Roles::from(highest), |all, role| all.union((*role).into())), set);
    }
}

/// Lists are sorted by the bits, and each role needs one of its own.
#[test]
fn a_more_powerful_role_has_a_higher_bit() {
    let bits = Role::ALL.map(|role| Roles::of(role).bits());
    assert!(bits.is_sorted_by(|higher, lower| higher > lower), "{bits:?}");
    assert_eq!(bits.iter().sum::<i64>(), Roles::ALL.bits());
    assert!(bits.iter().all(|bit| bit.count_ones() == 1), "{bits:?}");
}

#[test]
fn a_set_is_never_empty_and_never_holds_unknown_bits() {
    let all = Roles::ALL.bits();
    for (bits, expected) in [(0, 2), (256, 2), (-256, 2), (384, 128), (-1, all), (i64::MAX, all), (i64::MIN, 2)] {
        assert_eq!(Roles::from_bits(bits).bits(), expected);
    }
    for (json, expected) in [("0", 2), ("255", all), ("40", 40)] {
        let set: Roles = serde_json::from_str(json).unwrap();
        assert_eq!(set.bits(), expected);
    }
    assert_eq!(serde_json::to_string(&Roles::from(Role::Admin)).unwrap(), "32");
}

#[test]
fn group_roles_are_added_to_manual_roles() {
    let effective = Roles::from(Role::Billing).union(Role::Admin.into());
    assert_eq!(effective.iter().collect::<Vec<_>>(), [Role::Admin, Role::Billing]);
    assert!(!effective.contains(Role::SuperAdmin));
}
