//! What members may change about themselves.
#![allow(clippy::unwrap_used)]

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use domain::{
    account::{Action, Denial, Standing, review},
    member::Subject,
    role::Roles,
};

const SUBJECT: Subject =
    Subject { roles: Roles::from_bits(1), active: true, break_glass: false, last_super_admin: false };
const FREE: Standing = Standing { scim_on: false, from_directory: false, subject: SUBJECT };
const ON: Standing = Standing { scim_on: true, ..FREE };
const MANAGED: Standing = Standing { from_directory: true, ..ON };
const RELEASED: Standing = Standing { from_directory: true, ..FREE };
const LAST: Standing =
    Standing { subject: Subject { roles: Roles::from_bits(8), last_super_admin: true, ..SUBJECT }, ..FREE };
const GLASS: Standing = Standing { subject: Subject { break_glass: true, ..SUBJECT }, ..FREE };

#[test]
fn table() {
    use Action::{Email, Leave, Name, Password};
    for (standing, action, wanted) in [
        (FREE, Name, None),
        (FREE, Email, None),
        (FREE, Password, None),
        (FREE, Leave, None),
        (ON, Name, None),
        (ON, Email, Some(Denial::ScimOn(Email))),
        (ON, Password, Some(Denial::ScimOn(Password))),
        (ON, Leave, Some(Denial::ScimOn(Leave))),
        (MANAGED, Name, Some(Denial::Managed)),
        (MANAGED, Email, Some(Denial::Managed)),
        (MANAGED, Password, Some(Denial::ScimOn(Password))),
        (MANAGED, Leave, Some(Denial::ScimOn(Leave))),
        (RELEASED, Name, None),
        (RELEASED, Email, None),
        (RELEASED, Password, None),
        (RELEASED, Leave, None),
        (LAST, Name, None),
        (LAST, Email, None),
        (LAST, Password, None),
        (LAST, Leave, Some(Denial::LastSuperAdmin)),
        (GLASS, Password, None),
        (GLASS, Leave, Some(Denial::BreakGlass)),
        (Standing { scim_on: true, ..LAST }, Leave, Some(Denial::ScimOn(Leave))),
    ] {
        assert_eq!(review(action, standing).err(), wanted, "{standing:?} {action:?}");
    }
}

#[test]
fn every_reason_says_who_can_help() {
    for denial in [
        Denial::Managed,
        Denial::ScimOn(Action::Email),
        Denial::ScimOn(Action::Password),
        Denial::ScimOn(Action::Leave),
        Denial::LastSuperAdmin,
        Denial::BreakGlass,
    ] {
        let said = denial.to_string();
        assert!(said.contains("admin of your team") || said.contains("Super Admin"), "{said}");
    }
}
