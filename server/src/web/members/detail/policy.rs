//! The actions that the reader may not take on a member, with the policy's reasons.

use app::model::MemberAction;
use domain::{
    member::{MemberEffect, Subject, review},
    role::{Role, Roles},
    validation::text::capitalized,
};

/// The reader and the member.
#[derive(Clone, Copy, Debug)]
pub(super) struct MemberPolicies<'a> {
    pub(super) reader: Role,
    /// The facts about the member that the policy reviews.
    pub(super) subject: Subject,
    /// The roles assigned manually.
    pub(super) own_roles: Roles,
    /// The roles given by groups.
    pub(super) group_roles: Option<Roles>,
    /// The identity provider that decides whether the member stays, if there is one.
    pub(super) managed_by: Option<&'a str>,
    /// Whether the member is the reader.
    pub(super) is_me: bool,
}

impl MemberPolicies<'_> {
    /// The actions that are never possible, with the reasons.
    pub(super) fn blocked(&self) -> Vec<(MemberAction, String)> {
        MemberAction::ALL.into_iter().filter_map(|action| Some((action, self.why_not(action)?))).collect()
    }

    fn why_not(&self, action: MemberAction) -> Option<String> {
        let ends = matches!(action, MemberAction::Deactivate | MemberAction::Reactivate | MemberAction::Remove);
        match self.managed_by {
            Some(provider) if ends => {
                return Some(format!(
                    "{} manages this member through SCIM. Deactivate or remove them there, and the change applies here.",
                    capitalized(provider)
                ));
            }
            None if ends && self.is_me => {
                return Some("You can't deactivate or remove yourself. Ask another Admin or Super Admin.".to_owned());
            }
            _ => {}
        }
        let effect = match action {
            // The form shows the reason beside each role.
            MemberAction::Roles
            | MemberAction::SignOut
            | MemberAction::Unlink
            | MemberAction::Reactivate
            | MemberAction::AllowAdoption
            | MemberAction::Resend => MemberEffect::Edit,
            MemberAction::Deactivate => MemberEffect::Deactivate,
            MemberAction::Remove | MemberAction::CancelInvite => MemberEffect::Delete,
        };
        self.denial_of(effect)
    }

    /// The roles that may not be given (if the member does not have them manually) or taken, with the reasons.
    pub(super) fn locked(&self) -> Vec<(Role, String)> {
        let reason = |role: Role| {
            let own = Roles::from_bits(self.own_roles.bits() ^ Roles::from(role).bits());
            self.denial_of(MemberEffect::Roles(self.group_roles.map_or(own, |group| own.union(group))))
        };
        Role::ALL.into_iter().filter_map(|role| Some((role, reason(role)?))).collect()
    }

    fn denial_of(&self, effect: MemberEffect) -> Option<String> {
        review(self.reader, self.subject, effect).err().map(|denial| [&denial.to_string(), "."].concat())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn policies(reader: Role, own: i64, break_glass: bool, last_super_admin: bool) -> MemberPolicies<'static> {
        let roles = Roles::from_bits(own);
        let subject = Subject { roles, active: true, break_glass, last_super_admin };
        MemberPolicies { reader, subject, own_roles: roles, group_roles: None, managed_by: None, is_me: false }
    }

    fn names(policies: MemberPolicies<'_>) -> (Vec<&'static str>, Vec<&'static str>) {
        let blocked = policies.blocked().into_iter().map(|(action, _)| action.name()).collect();
        (blocked, policies.locked().into_iter().map(|(role, _)| role.name()).collect())
    }

    #[test]
    fn actions_that_the_policy_denies_are_blocked() {
        let actions: Vec<&str> = MemberAction::ALL.into_iter().map(MemberAction::name).collect();
        let ends = vec!["deactivate", "remove", "cancel-invite"];
        assert_eq!(names(policies(Role::SuperAdmin, 2, false, false)), (vec![], vec![]));
        assert_eq!(names(policies(Role::Admin, 32, false, false)), (vec![], vec!["super_admin"]));
        assert_eq!(names(policies(Role::Admin, 128, false, false)).0, actions);
        assert_eq!(names(policies(Role::SuperAdmin, 32, true, false)), (ends.clone(), vec!["admin"]));
        assert_eq!(names(policies(Role::SuperAdmin, 34, true, false)), (ends.clone(), vec!["admin"]));
        assert_eq!(names(policies(Role::SuperAdmin, 128, false, true)), (ends, vec!["super_admin"]));
    }

    #[test]
    fn the_identity_provider_is_the_first_reason() {
        let managed = MemberPolicies { managed_by: Some("Okta"), ..policies(Role::Admin, 2, true, false) };
        assert!(
            managed
                .blocked()
                .iter()
                .all(|(_, why)| why.starts_with("Okta manages this member") || why.contains("break-glass"))
        );
        let me = MemberPolicies { is_me: true, ..policies(Role::Admin, 32, false, false) };
        let reasons: Vec<_> = me.blocked().into_iter().map(|(action, why)| (action.name(), why)).collect();
        let you = "You can't deactivate or remove yourself. Ask another Admin or Super Admin.";
        assert_eq!(reasons, ["deactivate", "reactivate", "remove"].map(|name| (name, you.to_owned())));
    }
}
