//! The stable names of changes, in the database and in filters.

use super::Change;

impl Change {
    /// The stable name in the database and in filters.
    pub const fn name(&self) -> &'static str {
        match self {
            Change::Team(change) => change.name(),
            Change::Sso(change) => change.name(),
            Change::MemberAdded { .. } => "member_added",
            Change::MemberProvisioned { .. } => "member_provisioned",
            Change::MemberRestored { .. } => "member_restored",
            Change::MemberTakenOver { .. } => "member_taken_over",
            Change::MemberAdoptionAllowed { .. } => "member_adoption_allowed",
            Change::MemberSignInKept { .. } => "member_sign_in_kept",
            Change::MemberUpdated { .. } => "member_updated",
            Change::MemberReactivated { .. } => "member_reactivated",
            Change::MemberDeactivated { .. } => "member_deactivated",
            Change::MemberDeleted { .. } => "member_deleted",
            Change::MemberRolesChanged { .. } => "member_roles_changed",
            Change::MemberSignedOut { .. } => "member_signed_out",
            Change::MemberInvited { .. } => "member_invited",
            Change::InviteResent { .. } => "invite_resent",
            Change::InviteCancelled { .. } => "invite_cancelled",
            Change::InviteEnded { .. } => "invite_ended",
            Change::InviteAccepted { .. } => "invite_accepted",
            Change::ProfileChanged { .. } => "profile_changed",
            Change::PasswordChanged { .. } => "password_changed",
            Change::SessionsEnded { .. } => "sessions_ended",
            Change::MemberLeft { .. } => "member_left",
            Change::SignedIn => "signed_in",
            Change::SignedOut => "signed_out",
            Change::SignInFailed { .. } => "sign_in_failed",
            Change::SteppedUp => "stepped_up",
            Change::StepUpFailed { .. } => "step_up_failed",
            Change::MembersExported => "members_exported",
            Change::ActivityExported => "activity_exported",
            Change::MemberProtected { .. } => "member_protected",
            Change::GroupCreated { .. } => "group_created",
            Change::GroupUpdated { .. } => "group_updated",
            Change::GroupMembersChanged { .. } => "group_members_changed",
            Change::GroupDeleted { .. } => "group_deleted",
            Change::GroupMapped { .. } => "group_mapped",
            Change::ScimTurnedOn => "scim_turned_on",
            Change::ScimTurnedOff => "scim_turned_off",
            Change::SsoAdded { .. } => "sso_added",
            Change::SsoEdited { .. } => "sso_edited",
            Change::SsoEnabled { .. } => "sso_enabled",
            Change::SsoDisabled { .. } => "sso_disabled",
            Change::SsoDeleted { .. } => "sso_deleted",
            Change::KeyGenerated { .. } => "key_generated",
            Change::KeyRolled { .. } => "key_rolled",
            Change::KeyOverlapChanged { .. } => "key_overlap_changed",
            Change::KeyRevoked { .. } => "key_revoked",
        }
    }
}
