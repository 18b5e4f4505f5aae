//! Who may change whom.
#![allow(clippy::unwrap_used)]

use domain::{
    member::{Denial, Effect, Match, SignInGuard, Subject, backed, review, review_adoption, review_sign_in},
    role::{Role, Roles},
};

const DEVELOPER: Subject =
    Subject { roles: Roles::from_bits(1), active: true, break_glass: false, last_super_admin: false };
const SUPER: Subject = Subject { roles: Roles::from_bits(8), ..DEVELOPER };
const LAST: Subject = Subject { last_super_admin: true, ..SUPER };
const GLASS: Subject = Subject { roles: Roles::from_bits(4), break_glass: true, ..DEVELOPER };

fn to(role: Role) -> Effect {
    Effect::Roles(role.into())
}

#[test]
fn table() {
    use Effect::{Deactivate, Delete, Edit};
    use Role::{Admin, Billing, Developer, SuperAdmin};
    for (authority, subject, effect, wanted) in [
        (Admin, DEVELOPER, Edit, None),
        (Admin, DEVELOPER, Delete, None),
        (Admin, DEVELOPER, to(Admin), None),
        (Admin, DEVELOPER, to(SuperAdmin), Some(Denial::Grant)),
        (SuperAdmin, DEVELOPER, to(SuperAdmin), None),
        (Admin, SUPER, Edit, Some(Denial::Ceiling)),
        (Admin, SUPER, Deactivate, Some(Denial::Ceiling)),
        (SuperAdmin, SUPER, Deactivate, None),
        (SuperAdmin, SUPER, to(Developer), None),
        (SuperAdmin, LAST, Edit, None),
        (SuperAdmin, LAST, Deactivate, Some(Denial::LastSuperAdmin)),
        (SuperAdmin, LAST, Delete, Some(Denial::LastSuperAdmin)),
        (SuperAdmin, LAST, to(Admin), Some(Denial::LastSuperAdmin)),
        (SuperAdmin, LAST, Effect::Roles(Roles::from_bits(9)), None),
        (Admin, LAST, Deactivate, Some(Denial::LastSuperAdmin)),
        (SuperAdmin, GLASS, Edit, None),
        (SuperAdmin, GLASS, Deactivate, Some(Denial::BreakGlass)),
        (SuperAdmin, GLASS, Delete, Some(Denial::BreakGlass)),
        (SuperAdmin, GLASS, to(Developer), Some(Denial::BreakGlass)),
        (SuperAdmin, GLASS, to(SuperAdmin), None),
        (Billing, DEVELOPER, Edit, Some(Denial::Role)),
        (Developer, DEVELOPER, Deactivate, Some(Denial::Role)),
    ] {
        let said = review(authority, subject, effect).err();
        assert_eq!(said, wanted, "{authority:?} {subject:?} {effect:?}");
    }
}

#[test]
fn whoever_is_inactive_guards_nothing() {
    let gone = Subject { active: false, ..LAST };
    assert!(review(Role::SuperAdmin, gone, Effect::Delete).is_ok());
    let gone = Subject { active: false, ..GLASS };
    assert!(review(Role::SuperAdmin, gone, Effect::Delete).is_ok());
}

#[test]
fn an_invite_ends_with_what_its_sender_may_give() {
    let roles = |bits| Roles::from_bits(bits);
    for (sender, invited, stays) in [
        (Some(8), 8, true),
        (Some(12), 8, true),
        (Some(4), 8, false),
        (Some(4), 4, true),
        (Some(4), 1, true),
        (Some(2), 1, false),
        (Some(1), 1, false),
        (None, 8, false),
        (None, 1, false),
    ] {
        assert_eq!(backed(sender.map(roles), roles(invited)).is_ok(), stays, "{sender:?} {invited}");
    }
}

#[test]
fn what_protected_members_sign_in_with_is_not_the_providers() {
    let gone = |subject| Subject { active: false, ..subject };
    for (subject, wanted) in [
        (DEVELOPER, Ok(())),
        (SUPER, Ok(())),
        (LAST, Err(SignInGuard::LastSuperAdmin)),
        (GLASS, Err(SignInGuard::BreakGlass)),
        (Subject { break_glass: true, ..LAST }, Err(SignInGuard::BreakGlass)),
        // Who comes back comes back by the same way in.
        (gone(GLASS), Err(SignInGuard::BreakGlass)),
        (gone(LAST), Ok(())),
    ] {
        assert_eq!(review_sign_in(subject), wanted, "{subject:?}");
    }
}

#[test]
fn admins_are_adopted_by_an_address_only_after_a_yes() {
    for (by, roles, has_consent, allowed) in [
        (Match::Email, 1, false, true),
        (Match::Email, 2, false, true),
        (Match::Email, 4, false, false),
        (Match::Email, 5, false, false),
        (Match::Email, 8, false, false),
        (Match::Email, 4, true, true),
        (Match::Email, 8, true, true),
        (Match::UserName, 8, false, true),
        (Match::ExternalId, 4, false, true),
    ] {
        let said = review_adoption(by, Roles::from_bits(roles), has_consent);
        assert_eq!(said.is_ok(), allowed, "{by:?} {roles} {has_consent}");
    }
    let said = |roles| review_adoption(Match::Email, Roles::from_bits(roles), false).unwrap_err().to_string();
    assert!(said(4).contains("an Admin must confirm it in Team Settings > Members"), "{}", said(4));
    assert!(said(12).contains("a Super Admin must confirm it in Team Settings > Members"), "{}", said(12));
}
