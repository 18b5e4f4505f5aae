//! The policy for changes of one's own membership.
#![allow(clippy::unwrap_used)]

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use domain::{
    member::{
        Subject,
        self_service::{SelfServiceAction, SelfServiceContext, SelfServiceDenial, advice, review},
    },
    role::{Role, Roles},
};

const SUBJECT: Subject =
    Subject { roles: Roles::of(Role::Developer), active: true, break_glass: false, last_super_admin: false };
const FREE: SelfServiceContext = SelfServiceContext { scim_on: false, from_directory: false, subject: SUBJECT };
const ON: SelfServiceContext = SelfServiceContext { scim_on: true, ..FREE };
const MANAGED: SelfServiceContext = SelfServiceContext { from_directory: true, ..ON };
const RELEASED: SelfServiceContext = SelfServiceContext { from_directory: true, ..FREE };
const LAST: SelfServiceContext = SelfServiceContext {
    subject: Subject { roles: Roles::of(Role::SuperAdmin), last_super_admin: true, ..SUBJECT },
    ..FREE
};
const GLASS: SelfServiceContext = SelfServiceContext { subject: Subject { break_glass: true, ..SUBJECT }, ..FREE };

#[test]
fn the_policy_depends_on_provisioning_and_the_guards() {
    use SelfServiceAction::{Email, Leave, Name, Password};
    for (context, action, expected) in [
        (FREE, Name, None),
        (FREE, Email, None),
        (FREE, Password, None),
        (FREE, Leave, None),
        (ON, Name, None),
        (ON, Email, Some(SelfServiceDenial::ScimOn(Email))),
        (ON, Password, Some(SelfServiceDenial::ScimOn(Password))),
        (ON, Leave, Some(SelfServiceDenial::ScimOn(Leave))),
        (MANAGED, Name, Some(SelfServiceDenial::Managed)),
        (MANAGED, Email, Some(SelfServiceDenial::Managed)),
        (MANAGED, Password, Some(SelfServiceDenial::ScimOn(Password))),
        (MANAGED, Leave, Some(SelfServiceDenial::ScimOn(Leave))),
        (RELEASED, Name, None),
        (RELEASED, Email, None),
        (RELEASED, Password, None),
        (RELEASED, Leave, None),
        (LAST, Name, None),
        (LAST, Email, None),
        (LAST, Password, None),
        (LAST, Leave, Some(SelfServiceDenial::LastSuperAdmin)),
        (GLASS, Password, None),
        (GLASS, Leave, Some(SelfServiceDenial::BreakGlass)),
        (SelfServiceContext { scim_on: true, ..LAST }, Leave, Some(SelfServiceDenial::ScimOn(Leave))),
    ] {
        assert_eq!(review(action, context).err(), expected, "{context:?} {action:?}");
    }
}

#[test]
fn every_denial_comes_with_advice() {
    for denial in [
        SelfServiceDenial::Managed,
        SelfServiceDenial::ScimOn(SelfServiceAction::Email),
        SelfServiceDenial::ScimOn(SelfServiceAction::Password),
        SelfServiceDenial::ScimOn(SelfServiceAction::Leave),
        SelfServiceDenial::LastSuperAdmin,
        SelfServiceDenial::BreakGlass,
    ] {
        let sentence = [&denial.to_string(), ". ", &advice(denial, None, &[("Ada", Role::Admin)], SUBJECT)].concat();
        assert!(sentence.ends_with("Ask Ada.") || sentence.contains("Super Admin"), "{sentence}");
    }
}

#[test]
fn the_advice_names_people_who_can_help() {
    use SelfServiceDenial::{BreakGlass, LastSuperAdmin, Managed, ScimOn};
    let four = [("Ada", Role::Admin), ("Grace", Role::SuperAdmin), ("Alan", Role::Admin), ("Joan", Role::SuperAdmin)];
    let of = |denial, provider, others: &[(&str, Role)], may_stop| {
        advice(denial, provider, others, Subject { roles: Roles::from_bits(if may_stop { 32 } else { 2 }), ..SUBJECT })
    };
    assert_eq!(of(Managed, Some("Okta"), &four, true), "Change it in Okta.");
    assert_eq!(
        of(ScimOn(SelfServiceAction::Email), None, &four, false),
        "No one can change it for you in Rollcall. Only turning off SCIM provisioning lifts this, and only an Admin or Super Admin can do that. Ask Ada, Grace, or Alan."
    );
    assert_eq!(
        of(ScimOn(SelfServiceAction::Password), Some("Okta"), &[], true),
        "No one can change it for you in Rollcall. You can lift this by turning off SCIM provisioning in Authentication."
    );
    assert_eq!(
        of(ScimOn(SelfServiceAction::Leave), None, &four[..1], false),
        "An Admin or Super Admin can remove you. Ask Ada."
    );
    assert!(of(ScimOn(SelfServiceAction::Leave), Some("Okta"), &four, true).ends_with("ask to be removed in Okta."));
    assert!(
        of(ScimOn(SelfServiceAction::Leave), None, &[], true)
            .starts_with("No one can change it for you in Rollcall. You can lift this")
    );
    assert_eq!(of(LastSuperAdmin, None, &four, true), "");
    assert_eq!(of(BreakGlass, None, &four, true), "");
}

/// The advice does not name a Super Admin's identity provider or an Admin if neither can remove the member.
#[test]
fn only_super_admins_can_remove_a_super_admin() {
    let admin = [("Ada", Role::Admin)];
    let both = [("Ada", Role::Admin), ("Grace", Role::SuperAdmin)];
    let super_admin = Subject { roles: Roles::of(Role::SuperAdmin), ..SUBJECT };
    let leave = |provider, others: &[(&str, Role)], me| {
        advice(SelfServiceDenial::ScimOn(SelfServiceAction::Leave), provider, others, me)
    };
    assert_eq!(leave(None, &both, super_admin), "Another Super Admin can remove you. Ask Grace.");
    assert_eq!(leave(None, &both, SUBJECT), "An Admin or Super Admin can remove you. Ask Ada or Grace.");
    assert!(
        leave(None, &admin, super_admin).starts_with("No one can change it for you in Rollcall. You can lift this")
    );
    for provider in [None, Some("Okta")] {
        let last = leave(provider, &both, LAST.subject);
        assert!(last.ends_with("Make someone else a Super Admin first."), "{last}");
        let glass = leave(provider, &both, GLASS.subject);
        assert!(glass.starts_with("You're a break-glass member"), "{glass}");
    }
}
