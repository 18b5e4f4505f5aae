//! What members may change about themselves.
#![allow(clippy::unwrap_used)]

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use domain::{
    account::{Action, Denial, Standing, review, way_out},
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
        let said = [&denial.to_string(), ". ", &way_out(denial, None, &["Ada"], false)].concat();
        assert!(said.ends_with("ask Ada.") || said.contains("Super Admin"), "{said}");
    }
}

#[test]
fn whom_to_ask_is_somebody_who_can() {
    use Denial::{BreakGlass, LastSuperAdmin, Managed, ScimOn};
    let four = ["Ada", "Grace", "Alan", "Joan"];
    let of = |denial, provider, others: &[&str], may_stop| way_out(denial, provider, others, may_stop);
    assert_eq!(of(Managed, Some("Okta"), &four, true), "It is changed in Okta.");
    assert_eq!(
        of(ScimOn(Action::Email), None, &four, false),
        "Nobody can do it for you on a page. Turning SCIM provisioning off lifts this; only Admins and Super Admins can do \
         that: ask Ada, Grace or Alan."
    );
    assert_eq!(
        of(ScimOn(Action::Password), Some("Okta"), &[], true),
        "Nobody can do it for you on a page. Turning SCIM provisioning off under Authentication lifts this; you can do that."
    );
    assert_eq!(of(ScimOn(Action::Leave), None, &["Ada"], false), "An Admin or Super Admin can remove you: ask Ada.");
    assert!(of(ScimOn(Action::Leave), Some("Okta"), &four, true).ends_with("by removing you in Okta."));
    assert!(of(ScimOn(Action::Leave), None, &[], true).ends_with("you can do that."));
    assert_eq!(of(LastSuperAdmin, None, &four, true), "");
    assert_eq!(of(BreakGlass, None, &four, true), "");
}
