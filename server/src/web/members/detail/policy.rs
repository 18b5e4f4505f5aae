//! What the reader may not do about a member: the rules that decide, asked to explain.

use app::model::MemberAction;
use domain::{
    member::{MemberEffect, Subject, review},
    role::{Role, Roles},
    validation::text::capitalized,
};

/// Who reads, and about whom.
#[derive(Clone, Copy, Debug)]
pub(super) struct MemberPolicies<'a> {
    /// The reader's highest role.
    pub(super) reader: Role,
    /// The member, as the policy asks about them.
    pub(super) subject: Subject,
    /// The roles assigned manually.
    pub(super) own_roles: Roles,
    /// Those given by groups.
    pub(super) group_roles: Option<Roles>,
    /// Who decides elsewhere whether the member stays.
    pub(super) managed_by: Option<&'a str>,
    /// Is it the reader?
    pub(super) is_me: bool,
}

impl MemberPolicies<'_> {
    /// What would be refused whatever is chosen, and why.
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
            // Which roles are refused is said beside each.
            MemberAction::Roles
            | MemberAction::SignOut
            | MemberAction::Reactivate
            | MemberAction::AllowAdoption
            | MemberAction::Resend => MemberEffect::Edit,
            MemberAction::Deactivate => MemberEffect::Deactivate,
            MemberAction::Remove | MemberAction::CancelInvite => MemberEffect::Delete,
        };
        self.refused(effect)
    }

    /// The roles whose giving (where the member does not have it manually) or taking would be refused, and why.
    pub(super) fn locked(&self) -> Vec<(Role, String)> {
        let why = |role: Role| {
            let own = Roles::from_bits(self.own_roles.bits() ^ Roles::from(role).bits());
            self.refused(MemberEffect::Roles(self.group_roles.map_or(own, |given| own.union(given))))
        };
        Role::ALL.into_iter().filter_map(|role| Some((role, why(role)?))).collect()
    }

    fn refused(&self, effect: MemberEffect) -> Option<String> {
        review(self.reader, self.subject, effect).err().map(|denial| [&denial.to_string(), "."].concat())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(reader: Role, own: i64, break_glass: bool, last_super_admin: bool) -> MemberPolicies<'static> {
        let roles = Roles::from_bits(own);
        let subject = Subject { roles, active: true, break_glass, last_super_admin };
        MemberPolicies { reader, subject, own_roles: roles, group_roles: None, managed_by: None, is_me: false }
    }

    fn names(asked: MemberPolicies<'_>) -> (Vec<&'static str>, Vec<&'static str>) {
        let blocked = asked.blocked().into_iter().map(|(action, _)| action.name()).collect();
        (blocked, asked.locked().into_iter().map(|(role, _)| role.name()).collect())
    }

    #[test]
    fn what_the_policy_refuses_is_inactive() {
        let all: Vec<&str> = MemberAction::ALL.into_iter().map(MemberAction::name).collect();
        let ends = vec!["deactivate", "remove", "cancel-invite"];
        assert_eq!(names(asked(Role::SuperAdmin, 2, false, false)), (vec![], vec![]));
        assert_eq!(names(asked(Role::Admin, 32, false, false)), (vec![], vec!["super_admin"]));
        assert_eq!(names(asked(Role::Admin, 128, false, false)).0, all);
        assert_eq!(names(asked(Role::SuperAdmin, 32, true, false)), (ends.clone(), vec!["admin"]));
        assert_eq!(names(asked(Role::SuperAdmin, 34, true, false)), (ends.clone(), vec!["admin"]));
        assert_eq!(names(asked(Role::SuperAdmin, 128, false, true)), (ends, vec!["super_admin"]));
    }

    #[test]
    fn whoever_decides_elsewhere_is_said_first() {
        let managed = MemberPolicies { managed_by: Some("Okta"), ..asked(Role::Admin, 2, true, false) };
        assert!(
            managed
                .blocked()
                .iter()
                .all(|(_, why)| why.starts_with("Okta manages this member") || why.contains("break-glass"))
        );
        let me = MemberPolicies { is_me: true, ..asked(Role::Admin, 32, false, false) };
        let said: Vec<_> = me.blocked().into_iter().map(|(action, why)| (action.name(), why)).collect();
        let you = "You can't deactivate or remove yourself. Ask another Admin or Super Admin.";
        assert_eq!(said, ["deactivate", "reactivate", "remove"].map(|name| (name, you.to_owned())));
    }
}
