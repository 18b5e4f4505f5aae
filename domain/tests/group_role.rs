//! Roles that groups give: the impact of a change, and the policy for it.
#![allow(clippy::unwrap_used)]

use domain::{
    group_role::{MappingDenial, MappingImpact, MemberCohort, NO_ROLE, RoleChange, mappable, parse, review},
    member,
    role::{Role, Roles},
    validation::field_error::FieldError,
};

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
    RoleChange { from: Role::from_name(from), to: Role::from_name(to) }
}

#[test]
fn the_impact_counts_members_by_effect() {
    for (all, change, [gain, have, lose, keep, above]) in [
        // Developers become Admins. Members who are Admin manually or by another group have the role already.
        (vec![cohort(D, 0, 0, 14), cohort(A, 0, 0, 2), cohort(D, A, A, 3)], change("", "admin"), [14, 5, 0, 0, 0]),
        // The other way round those keep it.
        (vec![cohort(D, A, 0, 14), cohort(A, A, 0, 2), cohort(D, A, A, 3)], change("admin", ""), [0, 0, 14, 5, 0]),
        (vec![cohort(D, A, 0, 14), cohort(A | B, A, 0, 2)], change("admin", "billing"), [14, 2, 14, 2, 0]),
        // The old role equals the new one, so every member has it already.
        (vec![cohort(D, A, 0, 14)], change("admin", "admin"), [0, 14, 0, 0, 0]),
        (vec![cohort(S, 0, 0, 1), cohort(D, 0, 0, 1)], change("", "admin"), [1, 0, 0, 0, 1]),
        (vec![cohort(S, A, 0, 1)], change("admin", ""), [0, 0, 0, 0, 1]),
        (vec![cohort(B, 0, 0, 4), cohort(D, 0, 0, 1)], change("", "developer"), [4, 1, 0, 0, 0]),
        (vec![], change("", "admin"), [0; 5]),
    ] {
        let expected = MappingImpact { gain, have, lose, keep, above, ..MappingImpact::default() };
        assert_eq!(MappingImpact::of(&all, change), expected, "{all:?} {change:?}");
    }
}

#[test]
fn members_who_cannot_sign_in_are_counted_separately() {
    let inactive = MemberCohort { active: false, ..cohort(D, 0, 0, 3) };
    let impact = MappingImpact::of(&[cohort(D, 0, 0, 14), inactive], change("", "admin"));
    assert_eq!((impact.gain, impact.gain_later, impact.lose_later), (17, 3, 0));
    let inactive = MemberCohort { active: false, ..cohort(D, A, 0, 3) };
    let impact = MappingImpact::of(&[cohort(D, A, 0, 14), inactive], change("admin", ""));
    assert_eq!((impact.lose, impact.lose_later, impact.gain_later), (17, 3, 0));
}

#[test]
fn only_admins_change_the_role_of_a_group() {
    use Role::{Admin, Billing, Developer, SuperAdmin};
    let glass = |cohort: MemberCohort| MemberCohort { break_glass: true, ..cohort };
    let member = |why| Some(MappingDenial::Member(0, why));
    for (authority, one, change, expected) in [
        (Admin, cohort(D, 0, 0, 1), change("", "admin"), None),
        (Admin, cohort(D, A, 0, 1), change("admin", ""), None),
        (Admin, cohort(D, 0, 0, 1), change("", "billing"), None),
        (Admin, cohort(D, 0, 0, 1), change("", "super_admin"), Some(MappingDenial::SuperAdmin)),
        (SuperAdmin, cohort(D, 0, 0, 1), change("", "super_admin"), Some(MappingDenial::SuperAdmin)),
        (Billing, cohort(D, 0, 0, 1), change("", "developer"), Some(MappingDenial::Role)),
        (Developer, cohort(D, 0, 0, 1), change("", "developer"), Some(MappingDenial::Role)),
        // An Admin cannot change a Super Admin. A member whose roles stay the same does not prevent the change.
        (Admin, cohort(S, 0, 0, 1), change("", "admin"), member(member::MemberDenial::MaxRole)),
        (Admin, cohort(S, A, 0, 1), change("admin", ""), member(member::MemberDenial::MaxRole)),
        (Admin, cohort(S | A, 0, 0, 1), change("", "admin"), None),
        (SuperAdmin, cohort(S, 0, 0, 1), change("", "admin"), None),
        (SuperAdmin, cohort(S, A, 0, 1), change("admin", ""), None),
        // Break-glass members are not demoted; they may get more.
        (SuperAdmin, glass(cohort(D, A, 0, 1)), change("admin", ""), member(member::MemberDenial::BreakGlass)),
        (SuperAdmin, glass(cohort(D, A, 0, 1)), change("admin", "billing"), member(member::MemberDenial::BreakGlass)),
        (SuperAdmin, glass(cohort(D, A, A, 1)), change("admin", ""), None),
        (SuperAdmin, glass(cohort(A, A, 0, 1)), change("admin", ""), None),
        (Admin, glass(cohort(D, 0, 0, 1)), change("", "admin"), None),
    ] {
        assert_eq!(review(authority, change, &[one]).err(), expected, "{authority:?} {one:?} {change:?}");
    }
    assert_eq!(
        review(Billing, change("", "admin"), &[]).err(),
        Some(MappingDenial::Role),
        "also for a group without members"
    );
    let all = [cohort(D, 0, 0, 9), cohort(S, 0, 0, 1)];
    assert_eq!(
        review(Admin, change("", "billing"), &all).err(),
        Some(MappingDenial::Member(1, member::MemberDenial::MaxRole))
    );
    assert_eq!(review(Admin, change("", "admin"), &all[..1]).unwrap().change(), change("", "admin"));
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
