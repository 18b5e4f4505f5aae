//! The policy for changes of a team.
#![allow(clippy::unwrap_used)]

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use domain::{
    activity::Change,
    member::Subject,
    plan::Plan,
    role::{Role, Roles},
    team::{TeamAction, TeamChange, TeamDenial, review, slug},
};

const ADMIN: Subject =
    Subject { roles: Roles::of(Role::Admin), active: true, break_glass: false, last_super_admin: false };
const DEVELOPER: Subject = Subject { roles: Roles::of(Role::Developer), ..ADMIN };
const GONE: Subject = Subject { active: false, ..ADMIN };

#[test]
fn table() {
    use Role::{Admin, SuperAdmin};
    use TeamAction::{Configure, Mark, SignEveryoneOut, Unmark};
    for action in [Configure, Mark(ADMIN), Unmark, SignEveryoneOut] {
        for role in Role::ALL.into_iter().filter(|role| !role.manages_authentication()) {
            assert_eq!(review(action, role).err(), Some(TeamDenial::Role), "{role:?} {action:?}");
        }
        assert!(review(action, SuperAdmin).is_ok(), "{action:?}");
    }
    for (action, expected) in [
        (Configure, None),
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

#[test]
fn every_change_has_a_stable_name_and_a_sentence() {
    for (change, name, sentence) in [
        (TeamChange::TeamCreated { plan: Plan::Free }, "team_created", "created the team with plan Free"),
        (
            TeamChange::PlanChanged { from: Plan::Enterprise, to: Plan::Basic },
            "plan_changed",
            "changed the plan from Enterprise to Basic",
        ),
        (
            TeamChange::TeamRenamed { from: "Acme".into(), to: "Globex".into() },
            "team_renamed",
            "renamed the team from Acme to Globex",
        ),
        (
            TeamChange::TeamMoved { from: "acme".into(), to: "globex".into() },
            "team_moved",
            "changed the team URL from acme to globex",
        ),
        (TeamChange::BreakGlassMarked { name: "Ada".into() }, "break_glass_marked", "added break-glass member Ada"),
        (TeamChange::BreakGlassUnmarked { name: "Ada".into() }, "break_glass_unmarked", "removed break-glass from Ada"),
        (TeamChange::EveryoneSignedOut { sessions: 3 }, "everyone_signed_out", "signed out everyone"),
    ] {
        let change = Change::from(change);
        assert_eq!(change.name(), name);
        let (what, whom) = change.sentence();
        assert_eq!(format!("{what} {whom}"), sentence);
        let json = serde_json::to_value(&change).unwrap();
        assert_eq!(json["what"], name);
        assert_eq!(serde_json::from_value::<Change>(json).unwrap(), change);
    }
}
