//! Sentences about changes, for the activity page.

use super::Change;
use crate::group_role::RoleChange;

impl Change {
    /// The sentence after the actor's name, and the object in bold, which may be empty.
    pub fn sentence(&self) -> (&'static str, String) {
        match self {
            Change::Team(change) => change.sentence(),
            Change::Sso(change) => change.sentence(),
            Change::MemberAdded { name, .. } => ("added member", name.clone()),
            Change::MemberProvisioned { name } => ("created member", name.clone()),
            Change::MemberRestored { name, .. } => ("restored member", name.clone()),
            Change::MemberTakenOver { name } => ("adopted member", name.clone()),
            Change::MemberAdoptionAllowed { name } => ("let the identity provider manage member", name.clone()),
            Change::MemberSignInKept { name, .. } => ("was blocked from changing the sign-in of member", name.clone()),
            Change::MemberUpdated { name, .. } => ("updated member", name.clone()),
            Change::MemberReactivated { name } => ("reactivated member", name.clone()),
            Change::MemberDeactivated { name, .. } => ("deactivated member", name.clone()),
            Change::MemberDeleted { name, .. } => ("removed member", name.clone()),
            Change::MemberRolesChanged { name, .. } => ("changed the roles of member", name.clone()),
            Change::MemberSignedOut { name, .. } => ("signed out member", name.clone()),
            Change::MemberInvited { name, .. } => ("invited", name.clone()),
            Change::InviteResent { name } => ("created a new invite link for", name.clone()),
            Change::InviteCancelled { name } => ("revoked the invite for", name.clone()),
            Change::InviteEnded { name, sender } => ("ended the invite for", format!("{name}, sent by {sender}")),
            Change::InviteAccepted { .. } => ("accepted", "the invite".to_owned()),
            Change::ProfileChanged { field, .. } => ("changed their own", field.clone()),
            Change::PasswordChanged { .. } => ("changed their own", "password".to_owned()),
            Change::SessionsEnded { .. } => ("signed out", "their other sessions".to_owned()),
            Change::MemberLeft { .. } => ("left", "the team".to_owned()),
            Change::SignedIn => ("signed in to", "the team".to_owned()),
            Change::SignedOut => ("signed out of", "the team".to_owned()),
            Change::SignInFailed { name, count } => ("refused", sign_ins(*count) + " as " + name),
            Change::SteppedUp => ("confirmed their", "password".to_owned()),
            Change::StepUpFailed { count: 1 } => ("entered an incorrect", "password".to_owned()),
            Change::StepUpFailed { count } => ("entered an incorrect", format!("password {count} times")),
            Change::MembersExported => ("exported", "the members".to_owned()),
            Change::ActivityExported => ("exported", "the activity".to_owned()),
            Change::MemberProtected { name, .. } => ("was blocked from changing member", name.clone()),
            Change::GroupCreated { name, .. } => ("created group", name.clone()),
            Change::GroupUpdated { name, was: Some(was) } => ("renamed group", format!("{was} to {name}")),
            Change::GroupUpdated { name, was: None } => ("updated group", name.clone()),
            Change::GroupMembersChanged { name, .. } => ("changed the members of group", name.clone()),
            Change::GroupDeleted { name, .. } => ("deleted group", name.clone()),
            Change::GroupMapped { name, from, to, gained, lost } => {
                let summary = RoleChange { from: *from, to: *to }.summary(*gained, *lost);
                match (from, to) {
                    (_, Some(to)) => ("changed the role of group", format!("{name} to {to}: {summary}")),
                    (Some(from), None) => ("removed the role of group", format!("{name} ({from}): {summary}")),
                    (None, None) => ("removed the role of group", name.clone()),
                }
            }
            Change::ScimTurnedOn => ("turned on", "SCIM provisioning".to_owned()),
            Change::ScimTurnedOff => ("turned off", "SCIM provisioning".to_owned()),
            Change::SsoAdded { name, .. } => ("added SSO method", name.clone()),
            Change::SsoEdited { name, .. } => ("edited SSO method", name.clone()),
            Change::SsoEnabled { name } => ("enabled SSO method", name.clone()),
            Change::SsoDisabled { name } => ("disabled SSO method", name.clone()),
            Change::SsoDeleted { name } => ("deleted SSO method", name.clone()),
            Change::KeyGenerated { name, .. } => ("generated SCIM API key", name.clone()),
            Change::KeyRolled { name, .. } => ("rolled SCIM API key", name.clone()),
            Change::KeyOverlapChanged { name, .. } => ("changed the end time of the old key", name.clone()),
            Change::KeyRevoked { name, .. } => ("revoked SCIM API key", name.clone()),
        }
    }
}

/// "1 sign-in", "12 sign-ins"
fn sign_ins(count: u64) -> String {
    format!("{count} sign-in{}", if count == 1 { "" } else { "s" })
}
