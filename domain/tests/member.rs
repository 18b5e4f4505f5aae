//! The policy for changes of members.
#![allow(clippy::unwrap_used)]

use domain::{
    member::{
        AdoptionMatch, MemberDenial, MemberEffect, SignInGuard, Subject, review, review_adoption, review_sender,
        review_sign_in,
    },
    role::{Role, Roles},
};

const DEVELOPER: Subject =
    Subject { roles: Roles::of(Role::Developer), active: true, break_glass: false, last_super_admin: false };
const SUPER: Subject = Subject { roles: Roles::of(Role::SuperAdmin), ..DEVELOPER };
const LAST: Subject = Subject { last_super_admin: true, ..SUPER };
const GLASS: Subject = Subject { roles: Roles::of(Role::Admin), break_glass: true, ..DEVELOPER };

fn to(role: Role) -> MemberEffect {
    MemberEffect::Roles(role.into())
}

#[test]
fn the_policy_depends_on_authority_subject_and_effect() {
    use MemberEffect::{Deactivate, Delete, Edit};
    use Role::{Admin, Developer, SuperAdmin};
    for (authority, subject, effect, expected) in [
        (Admin, DEVELOPER, Edit, None),
        (Admin, DEVELOPER, Delete, None),
        (Admin, DEVELOPER, to(Admin), None),
        (Admin, DEVELOPER, to(SuperAdmin), Some(MemberDenial::Grant)),
        (SuperAdmin, DEVELOPER, to(SuperAdmin), None),
        (Admin, SUPER, Edit, Some(MemberDenial::MaxRole)),
        (Admin, SUPER, Deactivate, Some(MemberDenial::MaxRole)),
        (SuperAdmin, SUPER, Deactivate, None),
        (SuperAdmin, SUPER, to(Developer), None),
        (SuperAdmin, LAST, Edit, None),
        (SuperAdmin, LAST, Deactivate, Some(MemberDenial::LastSuperAdmin)),
        (SuperAdmin, LAST, Delete, Some(MemberDenial::LastSuperAdmin)),
        (SuperAdmin, LAST, to(Admin), Some(MemberDenial::LastSuperAdmin)),
        (SuperAdmin, LAST, MemberEffect::Roles(Roles::from_bits(130)), None),
        (Admin, LAST, Deactivate, Some(MemberDenial::LastSuperAdmin)),
        (SuperAdmin, GLASS, Edit, None),
        (SuperAdmin, GLASS, Deactivate, Some(MemberDenial::BreakGlass)),
        (SuperAdmin, GLASS, Delete, Some(MemberDenial::BreakGlass)),
        (SuperAdmin, GLASS, to(Developer), Some(MemberDenial::BreakGlass)),
        (SuperAdmin, GLASS, to(SuperAdmin), None),
    ] {
        let denial = review(authority, subject, effect).err();
        assert_eq!(denial, expected, "{authority:?} {subject:?} {effect:?}");
    }
    for authority in Role::ALL.into_iter().filter(|role| !role.manages_authentication()) {
        for effect in [Edit, Deactivate, Delete, to(authority)] {
            assert_eq!(
                review(authority, DEVELOPER, effect).err(),
                Some(MemberDenial::Role),
                "{authority:?} {effect:?}"
            );
        }
    }
}

#[test]
fn inactive_members_are_not_protected() {
    let inactive = Subject { active: false, ..LAST };
    assert!(review(Role::SuperAdmin, inactive, MemberEffect::Delete).is_ok());
    let inactive = Subject { active: false, ..GLASS };
    assert!(review(Role::SuperAdmin, inactive, MemberEffect::Delete).is_ok());
}

#[test]
fn an_invite_ends_when_its_sender_loses_the_authority() {
    let roles = |bits| Roles::from_bits(bits);
    for (sender, invited, stays) in [
        (Some(128), 128, true),
        (Some(160), 128, true),
        (Some(32), 128, false),
        (Some(32), 32, true),
        (Some(32), 2, true),
        (Some(8), 2, false),
        (Some(2), 2, false),
        (None, 128, false),
        (None, 2, false),
    ] {
        assert_eq!(review_sender(sender.map(roles), roles(invited)).is_ok(), stays, "{sender:?} {invited}");
    }
}

#[test]
fn providers_cannot_change_the_sign_in_of_protected_members() {
    let inactive = |subject| Subject { active: false, ..subject };
    for (subject, expected) in [
        (DEVELOPER, Ok(())),
        (SUPER, Ok(())),
        (LAST, Err(SignInGuard::LastSuperAdmin)),
        (GLASS, Err(SignInGuard::BreakGlass)),
        (Subject { break_glass: true, ..LAST }, Err(SignInGuard::BreakGlass)),
        // A restored member is still break-glass.
        (inactive(GLASS), Err(SignInGuard::BreakGlass)),
        (inactive(LAST), Ok(())),
    ] {
        assert_eq!(review_sign_in(subject), expected, "{subject:?}");
    }
}

#[test]
fn admins_are_adopted_by_email_only_with_consent() {
    for (by, roles, has_consent, allowed) in [
        (AdoptionMatch::Email, 2, false, true),
        (AdoptionMatch::Email, 8, false, true),
        (AdoptionMatch::Email, 32, false, false),
        (AdoptionMatch::Email, 34, false, false),
        (AdoptionMatch::Email, 128, false, false),
        (AdoptionMatch::Email, 32, true, true),
        (AdoptionMatch::Email, 128, true, true),
        (AdoptionMatch::UserName, 128, false, true),
        (AdoptionMatch::ExternalId, 32, false, true),
    ] {
        let result = review_adoption(by, Roles::from_bits(roles), has_consent);
        assert_eq!(result.is_ok(), allowed, "{by:?} {roles} {has_consent}");
    }
    let denial = |roles| review_adoption(AdoptionMatch::Email, Roles::from_bits(roles), false).unwrap_err().to_string();
    assert!(denial(32).contains("an Admin must confirm it in Team settings > Members"), "{}", denial(32));
    assert!(denial(160).contains("a Super Admin must confirm it in Team settings > Members"), "{}", denial(160));
}
