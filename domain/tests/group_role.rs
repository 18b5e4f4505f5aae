//! Groups that give roles: whom a mapping changes, and who may save it.
#![allow(clippy::unwrap_used)]

use domain::{
    group_role::{MappingDenial, MappingImpact, MemberCohort, NO_ROLE, RoleChange, mappable, parse, review},
    member,
    role::{Role, Roles},
    validation::field_error::FieldError,
};
use std::str::FromStr as _;

const S: i64 = Roles::of(Role::SuperAdmin).bits();
const A: i64 = Roles::of(Role::Admin).bits();
const B: i64 = Roles::of(Role::Billing).bits();
const D: i64 = Roles::of(Role::Developer).bits();

fn roles(bits: i64) -> Option<Roles> {
    (bits != 0).then(|| Roles::from_bits(bits))
}

/// Members by the bits of their roles: manually, by all groups, by the other groups.
fn alike(own: i64, given: i64, others: i64, members: i64) -> MemberCohort {
    MemberCohort {
        own: Roles::from_bits(own),
        given: roles(given),
        others: roles(others),
        active: true,
        break_glass: false,
        members,
    }
}

fn step(from: &str, to: &str) -> RoleChange {
    RoleChange { from: Role::from_str(from).ok(), to: Role::from_str(to).ok() }
}

#[test]
fn figures() {
    for (all, step, [gain, have, lose, keep, above]) in [
        // Developers become Admins; who is one manually, or by another group, has it already.
        (vec![alike(D, 0, 0, 14), alike(A, 0, 0, 2), alike(D, A, A, 3)], step("", "admin"), [14, 5, 0, 0, 0]),
        // The other way round those keep it.
        (vec![alike(D, A, 0, 14), alike(A, A, 0, 2), alike(D, A, A, 3)], step("admin", ""), [0, 0, 14, 5, 0]),
        (vec![alike(D, A, 0, 14), alike(A | B, A, 0, 2)], step("admin", "billing"), [14, 2, 14, 2, 0]),
        // What is given now is given already.
        (vec![alike(D, A, 0, 14)], step("admin", "admin"), [0, 14, 0, 0, 0]),
        (vec![alike(S, 0, 0, 1), alike(D, 0, 0, 1)], step("", "admin"), [1, 0, 0, 0, 1]),
        (vec![alike(S, A, 0, 1)], step("admin", ""), [0, 0, 0, 0, 1]),
        (vec![alike(B, 0, 0, 4), alike(D, 0, 0, 1)], step("", "developer"), [4, 1, 0, 0, 0]),
        (vec![], step("", "admin"), [0; 5]),
    ] {
        let wanted = MappingImpact { gain, have, lose, keep, above, ..MappingImpact::default() };
        assert_eq!(MappingImpact::of(&all, step), wanted, "{all:?} {step:?}");
    }
}

#[test]
fn members_who_cannot_sign_in_are_counted_separately() {
    let asleep = MemberCohort { active: false, ..alike(D, 0, 0, 3) };
    let figures = MappingImpact::of(&[alike(D, 0, 0, 14), asleep], step("", "admin"));
    assert_eq!((figures.gain, figures.gain_later, figures.lose_later), (17, 3, 0));
    let asleep = MemberCohort { active: false, ..alike(D, A, 0, 3) };
    let figures = MappingImpact::of(&[alike(D, A, 0, 14), asleep], step("admin", ""));
    assert_eq!((figures.lose, figures.lose_later, figures.gain_later), (17, 3, 0));
}

#[test]
fn who_may_map() {
    use Role::{Admin, Billing, Developer, SuperAdmin};
    let glass = |alike: MemberCohort| MemberCohort { break_glass: true, ..alike };
    let member = |why| Some(MappingDenial::Member(0, why));
    for (authority, one, step, wanted) in [
        (Admin, alike(D, 0, 0, 1), step("", "admin"), None),
        (Admin, alike(D, A, 0, 1), step("admin", ""), None),
        (Admin, alike(D, 0, 0, 1), step("", "billing"), None),
        (Admin, alike(D, 0, 0, 1), step("", "super_admin"), Some(MappingDenial::SuperAdmin)),
        (SuperAdmin, alike(D, 0, 0, 1), step("", "super_admin"), Some(MappingDenial::SuperAdmin)),
        (Billing, alike(D, 0, 0, 1), step("", "developer"), Some(MappingDenial::Role)),
        (Developer, alike(D, 0, 0, 1), step("", "developer"), Some(MappingDenial::Role)),
        // An Admin changes no Super Admin; who is not changed stands in no one's way.
        (Admin, alike(S, 0, 0, 1), step("", "admin"), member(member::MemberDenial::Ceiling)),
        (Admin, alike(S, A, 0, 1), step("admin", ""), member(member::MemberDenial::Ceiling)),
        (Admin, alike(S | A, 0, 0, 1), step("", "admin"), None),
        (SuperAdmin, alike(S, 0, 0, 1), step("", "admin"), None),
        (SuperAdmin, alike(S, A, 0, 1), step("admin", ""), None),
        // Break-glass members are not demoted; they may get more.
        (SuperAdmin, glass(alike(D, A, 0, 1)), step("admin", ""), member(member::MemberDenial::BreakGlass)),
        (SuperAdmin, glass(alike(D, A, 0, 1)), step("admin", "billing"), member(member::MemberDenial::BreakGlass)),
        (SuperAdmin, glass(alike(D, A, A, 1)), step("admin", ""), None),
        (SuperAdmin, glass(alike(A, A, 0, 1)), step("admin", ""), None),
        (Admin, glass(alike(D, 0, 0, 1)), step("", "admin"), None),
    ] {
        assert_eq!(review(authority, step, &[one]).err(), wanted, "{authority:?} {one:?} {step:?}");
    }
    assert_eq!(
        review(Billing, step("", "admin"), &[]).err(),
        Some(MappingDenial::Role),
        "also for a group without members"
    );
    let all = [alike(D, 0, 0, 9), alike(S, 0, 0, 1)];
    assert_eq!(
        review(Admin, step("", "billing"), &all).err(),
        Some(MappingDenial::Member(1, member::MemberDenial::Ceiling))
    );
    assert_eq!(review(Admin, step("", "admin"), &all[..1]).unwrap().step(), step("", "admin"));
}

#[test]
fn a_form_names_a_role_or_no_role() {
    assert_eq!(parse(NO_ROLE), Ok(None));
    for role in Role::ALL {
        assert_eq!(parse(role.name()), Ok(Some(role)));
    }
    for unknown in ["", "owner", "Admin", "admin "] {
        assert_eq!(parse(unknown), Err(FieldError::NotAGroupRole), "{unknown:?}");
    }
}

#[test]
fn no_group_assigns_super_admin() {
    assert_eq!(mappable().collect::<Vec<_>>(), Role::ALL.split_first().unwrap().1);
}

#[test]
fn every_outcome_has_a_sentence() {
    for (step, gained, lost, said) in [
        (step("", "admin"), 14, 0, "14 people became Admin"),
        (step("", "admin"), 1_200, 0, "1,200 people became Admin"),
        (step("", "admin"), 1, 0, "1 person became Admin"),
        (step("", "admin"), 0, 0, "no roles changed"),
        (step("admin", ""), 0, 2, "2 people lost Admin"),
        (step("admin", "billing"), 14, 1, "14 people became Billing, 1 person lost Admin"),
    ] {
        assert_eq!(step.said(gained, lost), said);
    }
    assert!(step("admin", "admin").is_none() && step("", "").is_none() && !step("", "admin").is_none());
}
