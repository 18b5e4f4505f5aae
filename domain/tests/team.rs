//! The policy for changes of a team.
#![allow(clippy::unwrap_used)]

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use domain::{
    member::Subject,
    role::{Role, Roles},
    team::{TeamAction, TeamDenial, review, slug},
};

const ADMIN: Subject =
    Subject { roles: Roles::from_bits(4), active: true, break_glass: false, last_super_admin: false };
const DEVELOPER: Subject = Subject { roles: Roles::from_bits(1), ..ADMIN };
const GONE: Subject = Subject { active: false, ..ADMIN };

#[test]
fn the_policy_depends_on_action_and_role() {
    use Role::{Admin, Billing, Developer, SuperAdmin};
    use TeamAction::{Mark, Move, Rename, RevokeKeys, SignEveryoneOut, Unmark};
    for action in [Rename, Move, Mark(ADMIN), Unmark, SignEveryoneOut, RevokeKeys] {
        for role in [Billing, Developer] {
            assert_eq!(review(action, role).err(), Some(TeamDenial::Role), "{role:?} {action:?}");
        }
        assert!(review(action, SuperAdmin).is_ok(), "{action:?}");
    }
    for (action, expected) in [
        (Rename, None),
        (Move, None),
        (RevokeKeys, None),
        (Mark(ADMIN), Some(TeamDenial::BreakGlass)),
        (Unmark, Some(TeamDenial::BreakGlass)),
        (SignEveryoneOut, Some(TeamDenial::Everyone)),
    ] {
        assert_eq!(review(action, Admin).err(), expected, "{action:?}");
    }
    assert_eq!(review(Mark(GONE), SuperAdmin).err(), Some(TeamDenial::Inactive));
    assert_eq!(review(Mark(DEVELOPER), SuperAdmin).err(), Some(TeamDenial::NotAnAdmin));
}

#[test]
fn a_slug_is_trimmed_and_its_error_does_not_repeat_the_input() {
    assert_eq!(slug(" acme-2 ").as_deref(), Ok("acme-2"));
    for bad in ["", "Acme", "-a", "a-", "a b", "a/b", "ä", "a%2f", &"a".repeat(49), "<script>"] {
        let error = slug(bad).unwrap_err().to_string();
        assert!(error.starts_with("Use 1–48"), "{bad}");
    }
}
