//! Who may change whom.
#![allow(clippy::unwrap_used)]

use domain::{
    member::{
        AdoptionMatch, MemberDenial, MemberEffect, SignInGuard, Subject, review, review_adoption, review_sender,
        review_sign_in,
    },
    role::{Role, Roles},
};

const DEVELOPER: Subject =
    Subject { roles: Roles::from_bits(1), active: true, break_glass: false, last_super_admin: false };
const SUPER: Subject = Subject { roles: Roles::from_bits(8), ..DEVELOPER };
const LAST: Subject = Subject { last_super_admin: true, ..SUPER };
const GLASS: Subject = Subject { roles: Roles::from_bits(4), break_glass: true, ..DEVELOPER };

fn to(role: Role) -> MemberEffect {
    MemberEffect::Roles(role.into())
}

#[test]
fn table() {
    use MemberEffect::{Deactivate, Delete, Edit};
    use Role::{Admin, Billing, Developer, SuperAdmin};
    for (authority, subject, effect, wanted) in [
        (Admin, DEVELOPER, Edit, None),
        (Admin, DEVELOPER, Delete, None),
        (Admin, DEVELOPER, to(Admin), None),
        (Admin, DEVELOPER, to(SuperAdmin), Some(MemberDenial::Grant)),
        (SuperAdmin, DEVELOPER, to(SuperAdmin), None),
        (Admin, SUPER, Edit, Some(MemberDenial::Ceiling)),
        (Admin, SUPER, Deactivate, Some(MemberDenial::Ceiling)),
        (SuperAdmin, SUPER, Deactivate, None),
        (SuperAdmin, SUPER, to(Developer), None),
        (SuperAdmin, LAST, Edit, None),
        (SuperAdmin, LAST, Deactivate, Some(MemberDenial::LastSuperAdmin)),
        (SuperAdmin, LAST, Delete, Some(MemberDenial::LastSuperAdmin)),
        (SuperAdmin, LAST, to(Admin), Some(MemberDenial::LastSuperAdmin)),
        (SuperAdmin, LAST, MemberEffect::Roles(Roles::from_bits(9)), None),
        (Admin, LAST, Deactivate, Some(MemberDenial::LastSuperAdmin)),
        (SuperAdmin, GLASS, Edit, None),
        (SuperAdmin, GLASS, Deactivate, Some(MemberDenial::BreakGlass)),
        (SuperAdmin, GLASS, Delete, Some(MemberDenial::BreakGlass)),
        (SuperAdmin, GLASS, to(Developer), Some(MemberDenial::BreakGlass)),
        (SuperAdmin, GLASS, to(SuperAdmin), None),
        (Billing, DEVELOPER, Edit, Some(MemberDenial::Role)),
        (Developer, DEVELOPER, Deactivate, Some(MemberDenial::Role)),
    ] {
        let said = review(authority, subject, effect).err();
        assert_eq!(said, wanted, "{authority:?} {subject:?} {effect:?}");
    }
}

#[test]
fn inactive_members_are_not_protected() {
    let gone = Subject { active: false, ..LAST };
    assert!(review(Role::SuperAdmin, gone, MemberEffect::Delete).is_ok());
    let gone = Subject { active: false, ..GLASS };
    assert!(review(Role::SuperAdmin, gone, MemberEffect::Delete).is_ok());
}

#[test]
fn an_invite_ends_when_its_sender_loses_the_authority() {
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
        assert_eq!(review_sender(sender.map(roles), roles(invited)).is_ok(), stays, "{sender:?} {invited}");
    }
}

#[test]
fn providers_cannot_change_the_sign_in_of_protected_members() {
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
fn admins_are_adopted_by_email_only_with_consent() {
    for (by, roles, has_consent, allowed) in [
        (AdoptionMatch::Email, 1, false, true),
        (AdoptionMatch::Email, 2, false, true),
        (AdoptionMatch::Email, 4, false, false),
        (AdoptionMatch::Email, 5, false, false),
        (AdoptionMatch::Email, 8, false, false),
        (AdoptionMatch::Email, 4, true, true),
        (AdoptionMatch::Email, 8, true, true),
        (AdoptionMatch::UserName, 8, false, true),
        (AdoptionMatch::ExternalId, 4, false, true),
    ] {
        let said = review_adoption(by, Roles::from_bits(roles), has_consent);
        assert_eq!(said.is_ok(), allowed, "{by:?} {roles} {has_consent}");
    }
    let said = |roles| review_adoption(AdoptionMatch::Email, Roles::from_bits(roles), false).unwrap_err().to_string();
    assert!(said(4).contains("an Admin must confirm it in Team settings > Members"), "{}", said(4));
    assert!(said(12).contains("a Super Admin must confirm it in Team settings > Members"), "{}", said(12));
}
