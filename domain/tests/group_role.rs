//! Roles that groups give: the impact of a change, and the policy for it.
#![allow(clippy::unwrap_used)]

use domain::{
    group_role::{MappingDenial, MappingImpact, MemberCohort, RoleChange, mappable, review},
    member,
    role::{Role, Roles},
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
fn cohort(own: i64, given: i64, others: i64, members: i64) -> MemberCohort {
    MemberCohort {
        own: Roles::from_bits(own),
        given: roles(given),
        others: roles(others),
        active: true,
        break_glass: false,
        members,
    }
}

fn change(from: &str, to: &str) -> RoleChange {
    RoleChange { from: Role::from_str(from).ok(), to: Role::from_str(to).ok() }
}

#[test]
fn figures() {
    for (all, step, [gain, have, lose, keep, above]) in [
        // Developers become Admins. Members who are Admin manually or by another group have the role already.
        (vec![alike(D, 0, 0, 14), alike(A, 0, 0, 2), alike(D, A, A, 3)], step("", "admin"), [14, 5, 0, 0, 0]),
        // The other way round those keep it.
        (vec![alike(D, A, 0, 14), alike(A, A, 0, 2), alike(D, A, A, 3)], step("admin", ""), [0, 0, 14, 5, 0]),
        (vec![alike(D, A, 0, 14), alike(A | B, A, 0, 2)], step("admin", "billing"), [14, 2, 14, 2, 0]),
        // The old role equals the new one, so every member has it already.
        (vec![alike(D, A, 0, 14)], step("admin", "admin"), [0, 14, 0, 0, 0]),
        (vec![alike(S, 0, 0, 1), alike(D, 0, 0, 1)], step("", "admin"), [1, 0, 0, 0, 1]),
        (vec![alike(S, A, 0, 1)], step("admin", ""), [0, 0, 0, 0, 1]),
        (vec![alike(B, 0, 0, 4), alike(D, 0, 0, 1)], step("", "developer"), [4, 1, 0, 0, 0]),
        (vec![], step("", "admin"), [0; 5]),
    ] {
        let expected = MappingImpact { gain, have, lose, keep, above, ..MappingImpact::default() };
        assert_eq!(MappingImpact::of(&all, change), expected, "{all:?} {change:?}");
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
fn only_admins_change_the_role_of_a_group() {
    use Role::{Admin, Billing, Developer, SuperAdmin};
    let glass = |cohort: MemberCohort| MemberCohort { break_glass: true, ..cohort };
    let member = |why| Some(MappingDenial::Member(0, why));
    for (authority, one, step, wanted) in [
        (Admin, alike(D, 0, 0, 1), step("", "admin"), None),
        (Admin, alike(D, A, 0, 1), step("admin", ""), None),
        (Admin, alike(D, 0, 0, 1), step("", "billing"), None),
        (Admin, alike(D, 0, 0, 1), step("", "super_admin"), Some(MappingDenial::SuperAdmin)),
        (SuperAdmin, alike(D, 0, 0, 1), step("", "super_admin"), Some(MappingDenial::SuperAdmin)),
        (Billing, alike(D, 0, 0, 1), step("", "developer"), Some(MappingDenial::Role)),
        (Developer, alike(D, 0, 0, 1), step("", "developer"), Some(MappingDenial::Role)),
        // An Admin cannot change a Super Admin. A member whose roles stay the same does not prevent the change.
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
        assert_eq!(review(authority, change, &[one]).err(), expected, "{authority:?} {one:?} {change:?}");
    }
    assert_eq!(
        review(Billing, change("", "admin"), &[]).err(),
        Some(MappingDenial::Role),
        "also for a group without members"
    );
    let all = [alike(D, 0, 0, 9), alike(S, 0, 0, 1)];
    assert_eq!(
        review(Admin, change("", "billing"), &all).err(),
        Some(MappingDenial::Member(1, member::MemberDenial::MaxRole))
    );
    assert_eq!(review(Admin, change("", "admin"), &all[..1]).unwrap().change(), change("", "admin"));
}

#[test]
fn no_group_assigns_super_admin() {
    assert_eq!(mappable().collect::<Vec<_>>(), Role::ALL.split_first().unwrap().1);
}

#[test]
fn every_change_has_a_summary() {
    for (change, gained, lost, summary) in [
        (change("", "admin"), 14, 0, "14 people became Admin"),
        (change("", "admin"), 1_200, 0, "1,200 people became Admin"),
        (change("", "admin"), 1, 0, "1 person became Admin"),
        (change("", "admin"), 0, 0, "no roles changed"),
        (change("admin", ""), 0, 2, "2 people lost Admin"),
        (change("admin", "billing"), 14, 1, "14 people became Billing, 1 person lost Admin"),
    ] {
        assert_eq!(change.summary(gained, lost), summary);
    }
    assert!(change("admin", "admin").is_none() && change("", "").is_none() && !change("", "admin").is_none());
}
