//! Who may change whom.
#![allow(clippy::unwrap_used)]

use domain::{
    member::{Denial, Effect, Subject, backed, review},
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
