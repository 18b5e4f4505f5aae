//! Roles and sets of them.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use domain::role::{Role, Roles};

#[test]
fn names_and_labels() {
    for (role, name, label) in [
        (Role::SuperAdmin, "super_admin", "Super Admin"),
        (Role::Admin, "admin", "Admin"),
        (Role::Billing, "billing", "Billing"),
        (Role::Developer, "developer", "Developer"),
    ] {
        assert_eq!((role.name(), role.label(), role.to_string().as_str()), (name, label, label));
        assert_eq!(name.parse(), Ok(role));
        assert_eq!(serde_json::to_value(role).unwrap(), name);
    }
    for word in ["", "Admin", "owner", "super admin"] {
        assert_eq!(word.parse::<Role>(), Err(()));
    }
}

#[test]
fn only_admins_manage_authentication() {
    assert_eq!(Role::ALL.map(Role::manages_authentication), [true, true, false, false]);
}

#[test]
fn a_set_is_stored_as_bits() {
    for (bits, roles, highest) in [
        (8, &[Role::SuperAdmin][..], Role::SuperAdmin),
        (4, &[Role::Admin], Role::Admin),
        (2, &[Role::Billing], Role::Billing),
        (1, &[Role::Developer], Role::Developer),
        (5, &[Role::Admin, Role::Developer], Role::Admin),
        (15, &Role::ALL, Role::SuperAdmin),
    ] {
        let set = Roles::from_bits(bits);
        assert_eq!(set.bits(), bits);
        assert_eq!(set.iter().collect::<Vec<_>>(), roles);
        assert_eq!(set.highest(), highest);
        assert!(roles.iter().all(|role| set.contains(*role)));
        assert_eq!(roles.iter().fold(Roles::from(highest), |all, role| all.union((*role).into())), set);
    }
}

#[test]
fn a_set_is_never_empty_and_has_no_unknown_bits() {
    for (bits, expected) in [(0, 1), (16, 1), (-16, 1), (24, 8), (-1, 15), (i64::MAX, 15), (i64::MIN, 1)] {
        assert_eq!(Roles::from_bits(bits).bits(), expected);
    }
    for (json, expected) in [("0", 1), ("16", 1), ("255", 15), ("6", 6)] {
        let set: Roles = serde_json::from_str(json).unwrap();
        assert_eq!(set.bits(), expected);
    }
    assert_eq!(serde_json::to_string(&Roles::from(Role::Admin)).unwrap(), "4");
}

#[test]
fn group_roles_are_added_to_manual_roles() {
    let effective = Roles::from(Role::Billing).union(Role::Admin.into());
    assert_eq!(effective.iter().collect::<Vec<_>>(), [Role::Admin, Role::Billing]);
    assert!(!effective.contains(Role::SuperAdmin));
}
