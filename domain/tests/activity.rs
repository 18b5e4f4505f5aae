//! Entries of the log.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use domain::{
    activity::{ActivityActor, Change, Entry},
    id::ActivityId,
    key::KeyId,
    role::Role,
    sso::{Protocol, SsoChange, SsoFact, SsoFailure, SsoProvider},
};

fn changes() -> Vec<(Change, &'static str, &'static str)> {
    let name = || "Okta".to_owned();
    let hint = || "rc_scim_…x7Qd".to_owned();
    vec![
        (Change::MemberAdded { name: "Ada".into(), role: Role::Admin }, "member_added", "added member Ada"),
        (Change::MemberProvisioned { name: name() }, "member_provisioned", "created member Okta"),
        (Change::MemberRestored { name: name(), was: None }, "member_restored", "restored member Okta"),
        (Change::MemberTakenOver { name: name() }, "member_taken_over", "adopted member Okta"),
        (
            Change::MemberAdoptionAllowed { name: "Ada".into() },
            "member_adoption_allowed",
            "let the identity provider manage member Ada",
        ),
        (
            Change::MemberSignInKept {
                name: "Ada".into(),
                attributes: vec!["emails".into()],
                why: "the last one".into(),
            },
            "member_sign_in_kept",
            "was blocked from changing the sign-in of member Ada",
        ),
        (
            Change::MemberUpdated { name: name(), changed: vec!["title".into()], differences: vec![] },
            "member_updated",
            "updated member Okta",
        ),
        (Change::MemberReactivated { name: name() }, "member_reactivated", "reactivated member Okta"),
        (Change::MemberDeactivated { name: name(), sessions: 2 }, "member_deactivated", "deactivated member Okta"),
        (
            Change::MemberDeleted { name: name(), sessions: 0, was: Some(Role::Admin.into()) },
            "member_deleted",
            "removed member Okta",
        ),
        (
            Change::MemberProtected { name: name(), why: "the last one".into() },
            "member_protected",
            "was blocked from changing member Okta",
        ),
        (Change::GroupCreated { name: name(), members: 3 }, "group_created", "created group Okta"),
        (Change::GroupUpdated { name: name(), was: None }, "group_updated", "updated group Okta"),
        (Change::GroupUpdated { name: name(), was: Some("IT".into()) }, "group_updated", "renamed group IT to Okta"),
        (
            Change::GroupMembersChanged { name: name(), added: 1, removed: 0, who: vec!["Ada".into()] },
            "group_members_changed",
            "changed the members of group Okta",
        ),
        (Change::GroupDeleted { name: name(), members: 3 }, "group_deleted", "deleted group Okta"),
        (
            Change::GroupMapped { name: "IT".into(), from: None, to: Some(Role::Admin), gained: 14, lost: 0 },
            "group_mapped",
            "changed the role of group IT to Admin: 14 people became Admin",
        ),
        (
            Change::GroupMapped { name: "IT".into(), from: Some(Role::Admin), to: None, gained: 0, lost: 2 },
            "group_mapped",
            "removed the role of group IT (Admin): 2 people lost Admin",
        ),
        (
            Change::MemberRolesChanged { name: "Ada".into(), from: Role::Developer.into(), to: Role::Admin.into() },
            "member_roles_changed",
            "changed the roles of member Ada",
        ),
        (Change::MemberSignedOut { name: "Ada".into(), sessions: 2 }, "member_signed_out", "signed out member Ada"),
        (
            Change::MemberInvited { name: "ada@x.test".into(), role: Role::Admin, restored: false, was: None },
            "member_invited",
            "invited ada@x.test",
        ),
        (
            Change::InviteResent { name: "ada@x.test".into() },
            "invite_resent",
            "created a new invite link for ada@x.test",
        ),
        (
            Change::InviteEnded { name: "ada@x.test".into(), sender: "Sam".into() },
            "invite_ended",
            "ended the invite for ada@x.test, sent by Sam",
        ),
        (
            Change::InviteCancelled { name: "ada@x.test".into() },
            "invite_cancelled",
            "revoked the invite for ada@x.test",
        ),
        (Change::InviteAccepted { email: "ada@x.test".into() }, "invite_accepted", "accepted the invite"),
        (
            Change::ProfileChanged { field: "name".into(), from: "Ada".into(), to: "Ada Lovelace".into() },
            "profile_changed",
            "changed their own name",
        ),
        (Change::PasswordChanged { sessions: 1 }, "password_changed", "changed their own password"),
        (Change::SessionsEnded { sessions: 1 }, "sessions_ended", "signed out their other sessions"),
        (Change::MemberLeft { sessions: 1, was: None }, "member_left", "left the team"),
        (Change::SignedIn, "signed_in", "signed in to the team"),
        (Change::SignedOut, "signed_out", "signed out of the team"),
        (Change::SignInFailed { name: "Ada".into(), count: 1 }, "sign_in_failed", "refused 1 sign-in as Ada"),
        (Change::SignInFailed { name: "Ada".into(), count: 12 }, "sign_in_failed", "refused 12 sign-ins as Ada"),
        (Change::SteppedUp, "stepped_up", "confirmed their password"),
        (Change::StepUpFailed { count: 1 }, "step_up_failed", "entered an incorrect password"),
        (Change::StepUpFailed { count: 3 }, "step_up_failed", "entered an incorrect password 3 times"),
        (Change::MembersExported, "members_exported", "exported the members"),
        (Change::ActivityExported, "activity_exported", "exported the activity"),
        (Change::ScimTurnedOn, "scim_turned_on", "turned on SCIM provisioning"),
        (Change::ScimTurnedOff, "scim_turned_off", "turned off SCIM provisioning"),
        (
            Change::SsoAdded { name: name(), provider: SsoProvider::Okta, protocol: Protocol::Saml },
            "sso_added",
            "added SSO method Okta",
        ),
        (
            Change::SsoEdited {
                name: name(),
                changed: vec!["Name".into(), "Certificate".into()],
                differences: Vec::new(),
            },
            "sso_edited",
            "edited SSO method Okta",
        ),
        (Change::SsoEnabled { name: name() }, "sso_enabled", "enabled SSO method Okta"),
        (Change::SsoDisabled { name: name() }, "sso_disabled", "disabled SSO method Okta"),
        (Change::SsoDeleted { name: name() }, "sso_deleted", "deleted SSO method Okta"),
        (
            Change::KeyGenerated { name: name(), hint: hint(), expires_at: Some(1_763_474_531_000) },
            "key_generated",
            "generated SCIM API key Okta",
        ),
        (
            Change::KeyRolled { name: name(), old: hint(), new: hint(), until: 1_763_474_531_000 },
            "key_rolled",
            "rolled SCIM API key Okta",
        ),
        (
            Change::KeyOverlapChanged { name: name(), hint: hint(), until: -1 },
            "key_overlap_changed",
            "changed the end time of the old key Okta",
        ),
        (Change::KeyRevoked { name: name(), hint: hint() }, "key_revoked", "revoked SCIM API key Okta"),
        (SsoChange::SsoSignedIn { method: name() }.into(), "sso_signed_in", "signed in through Okta"),
        (
            SsoChange::SsoLinked { name: "Ada".into(), method: name(), subject: "00u1".into() }.into(),
            "sso_linked",
            "linked an account of Okta to Ada",
        ),
        (
            SsoChange::SsoUnlinked { name: "Ada".into(), method: name(), subject: "00u1".into() }.into(),
            "sso_unlinked",
            "unlinked an account of Okta from Ada",
        ),
        (
            SsoChange::SsoAllUnlinked { method: name(), links: 2 }.into(),
            "sso_all_unlinked",
            "removed the links of 2 accounts of Okta",
        ),
        (
            SsoChange::SsoAllUnlinked { method: name(), links: 1 }.into(),
            "sso_all_unlinked",
            "removed the link of 1 account of Okta",
        ),
        (
            SsoChange::SsoMemberCreated { name: "Ada".into(), method: name() }.into(),
            "sso_member_created",
            "added member Ada at a sign-in through Okta",
        ),
        (
            SsoChange::SsoSignedOut { method: name(), sessions: 2 }.into(),
            "sso_signed_out",
            "ended 2 sessions because of a sign-out at Okta",
        ),
        (SsoChange::SsoSteppedUp { method: name() }.into(), "sso_stepped_up", "confirmed their identity through Okta"),
        (
            failed_sign_in(SsoFailure::NotForUs, Some("00u1"), vec![audience()]),
            "sso_sign_in_failed",
            "refused a sign-in through Okta (not-for-us)",
        ),
        (
            failed_sign_in(SsoFailure::TooSlow, None, Vec::new()),
            "sso_sign_in_failed",
            "refused a sign-in through Okta (too-slow)",
        ),
    ]
}

fn failed_sign_in(failure: SsoFailure, subject: Option<&str>, facts: Vec<SsoFact>) -> Change {
    let (method, reference, subject) = ("Okta".into(), "7Q2F-K81D".into(), subject.map(str::to_owned));
    SsoChange::SsoSignInFailed { method, failure, reference, subject, facts }.into()
}

fn audience() -> SsoFact {
    SsoFact { check: "audience".into(), expected: Some("https://rollcall.test/sso/1".into()), received: None }
}

/// The code of a failure is the same in the log, in filters and on pages.
#[test]
fn a_failed_sign_in_is_stored_with_its_code() {
    for failure in SsoFailure::ALL {
        let json = serde_json::to_value(failed_sign_in(failure, None, Vec::new())).unwrap();
        assert_eq!(json["failure"], failure.name());
        assert!(json.get("subject").is_none() && json.get("facts").is_none(), "{json}");
    }
}

#[test]
fn every_change_has_a_stable_name_and_a_sentence() {
    for (change, name, sentence) in changes() {
        assert_eq!(change.name(), name);
        let (what, whom) = change.sentence();
        assert_eq!(format!("{what} {whom}"), sentence);
    }
}

#[test]
fn every_change_is_stored_under_its_name_and_read_again() {
    for (change, name, _) in changes() {
        let json = serde_json::to_value(&change).unwrap();
        assert_eq!(json["what"], name);
        assert_eq!(serde_json::from_value::<Change>(json).unwrap(), change);
    }
}

#[test]
fn every_actor_is_stored_and_read_again() {
    for actor in [
        ActivityActor::Member { name: "Ada".into() },
        ActivityActor::Operator,
        ActivityActor::Provider { key_name: "Okta".into(), key_id: KeyId::new("00000000000F") },
        ActivityActor::System,
    ] {
        let entry = Entry {
            id: ActivityId::new("019a97b0-0000-7000-8000-000000000000"),
            at: 1_763_474_531_000,
            actor,
            address: Some("192.0.2.1".into()),
            request: None,
            member: None,
            change: Change::ScimTurnedOn,
        };
        let json = serde_json::to_string(&entry).unwrap();
        assert_eq!(serde_json::from_str::<Entry>(&json).unwrap(), entry);
    }
}

/// Old entries do not contain a member's previous values.
#[test]
fn old_entries_can_be_read() {
    for json in [
        r#"{"what":"member_deleted","name":"Ada","sessions":1}"#,
        r#"{"what":"member_left","sessions":1}"#,
        r#"{"what":"member_restored","name":"Ada"}"#,
        r#"{"what":"member_invited","name":"ada@x.test","role":"admin","restored":true}"#,
    ] {
        let change: Change = serde_json::from_str(json).unwrap();
        assert_eq!(serde_json::to_string(&change).unwrap(), json);
    }
}
