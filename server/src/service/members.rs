//! Changes of Admins and Super Admins to members: roles assigned manually, sign-ins, and the membership itself.
//!
//! Members of an identity provider are deactivated and removed there. The roles that groups give also come from there, and are
//! never changed here.

use super::unit_of_work::{Service, UnitOfWork};
use crate::team_change::policy::allow;
use domain::{
    Conflict, Denial, Error, Unchanged,
    activity::Change,
    id::MemberId,
    member::{MAX_BULK, MemberDenial, MemberEffect},
    role::{Role, Roles},
    validation::field_error::{Field, FieldError, FieldErrors},
};
use store::{MemberRecord, MemberSource, MemberStatus, TransactionAttempt, retry};

/// A change of the roles assigned manually.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RoleEdit {
    /// Exactly these roles.
    Set(Roles),
    /// Adds this role.
    Give(Role),
    /// Removes this role. A member without another role becomes a Developer.
    Take(Role),
}

impl RoleEdit {
    /// The roles after the change.
    pub fn apply(self, roles: Roles) -> Roles {
        match self {
            RoleEdit::Set(to) => to,
            RoleEdit::Give(role) => roles.union(role.into()),
            RoleEdit::Take(role) => Roles::from_bits(roles.bits() & !Roles::from(role).bits()),
        }
    }
}

impl Service<'_> {
    /// Changes the manual roles of members: of all of them, or of none if one of them must not be changed. Returns the count of
    /// changed members.
    ///
    /// # Errors
    /// [`Error::Forbidden`], [`Error::NotFound`], [`Error::Denied`], [`Error::Invalid`], [`Error::Conflict`].
    pub async fn members_change_roles(&self, team: &str, ids: &[MemberId], change: RoleEdit) -> Result<usize, Error> {
        retry!(attempt, async {
            if ids.len() > MAX_BULK {
                return Err(FieldErrors::one(Field::Member, FieldError::TooManyMembers(MAX_BULK)).into());
            }
            let mut work = self.begin_for_members(&attempt, team).await?;
            let mut entries = Vec::new();
            for id in ids {
                let member = find(&mut work, id).await?;
                let to = change.apply(member.own_roles);
                if to == member.own_roles {
                    continue;
                }
                let effective = member.group_roles.map_or(to, |group_roles| to.union(group_roles));
                let allowed =
                    match allow(&mut work.tx, work.actor.role, &member, MemberEffect::Roles(effective)).await? {
                        Ok(allowed) => allowed,
                        Err(denial) => {
                            // The earlier changes are rolled back, because the entry is committed as a change of its own.
                            work.rollback().await?;
                            return Err(self.begin_for_members(&attempt, team).await?.refuse(member, denial).await?);
                        }
                    };
                work.tx.member_set_roles(&member.id, to, work.now, allowed).await?;
                let change = Change::MemberRolesChanged { name: member.display_name, from: member.own_roles, to };
                entries.push((member.id, change));
            }
            let count = entries.len();
            let mut entries = entries.into_iter();
            match entries.next() {
                Some(first) => work.commit_all(first, entries.collect()).await?,
                None => work.rollback().await?,
            }
            Ok(count)
        })
    }

    /// Ends all sessions of a member.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::Denied`], [`Unchanged::NoSession`].
    pub async fn member_sign_out(&self, team: &str, id: &MemberId) -> Result<(), Error> {
        retry!(attempt, async {
            let mut work = self.begin_for_members(&attempt, team).await?;
            let member = find(&mut work, id).await?;
            if let Err(denial) = allow(&mut work.tx, work.actor.role, &member, MemberEffect::Edit).await? {
                return Err(work.refuse(member, denial).await?);
            }
            let sessions = work.tx.sign_ins_end(&member.id).await?;
            if sessions == 0 {
                return Err(Unchanged::NoSession.into());
            }
            work.commit((member.id, Change::MemberSignedOut { name: member.display_name, sessions })).await
        })
    }

    /// Ends a member's sessions, and prevents new sign-ins. Returns the member's name.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::Denied`], [`Error::Conflict`], [`Unchanged::Deactivated`].
    pub async fn member_deactivate(&self, team: &str, id: &MemberId) -> Result<String, Error> {
        retry!(attempt, async {
            let mut work = self.begin_for_members(&attempt, team).await?;
            let member = find(&mut work, id).await?;
            check_decided_here(&work, &member)?;
            let allowed = match allow(&mut work.tx, work.actor.role, &member, MemberEffect::Deactivate).await? {
                Ok(allowed) => allowed,
                Err(denial) => return Err(work.refuse(member, denial).await?),
            };
            match member.status {
                MemberStatus::Active => {}
                MemberStatus::Invited => return Err(Conflict::InvitePending.into()),
                MemberStatus::Deactivated | MemberStatus::Deleted => {
                    return Err(Unchanged::Deactivated.into());
                }
            }
            let sessions = work.tx.sign_ins_end(&member.id).await?;
            work.tx.member_set_active(&member, false, work.now, allowed).await?;
            let name = member.display_name.clone();
            work.commit((member.id, Change::MemberDeactivated { name: member.display_name, sessions })).await?;
            Ok(name)
        })
    }

    /// Lets a deactivated member sign in again. Returns the member's name.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::Denied`], [`Error::Conflict`], [`Unchanged::Active`].
    pub async fn member_reactivate(&self, team: &str, id: &MemberId) -> Result<String, Error> {
        retry!(attempt, async {
            let mut work = self.begin_for_members(&attempt, team).await?;
            let member = find(&mut work, id).await?;
            check_decided_here(&work, &member)?;
            let allowed = match allow(&mut work.tx, work.actor.role, &member, MemberEffect::Edit).await? {
                Ok(allowed) => allowed,
                Err(denial) => return Err(work.refuse(member, denial).await?),
            };
            match member.status {
                MemberStatus::Deactivated => {}
                MemberStatus::Invited => return Err(Conflict::InvitePending.into()),
                MemberStatus::Active | MemberStatus::Deleted => return Err(Unchanged::Active.into()),
            }
            work.tx.member_set_active(&member, true, work.now, allowed).await?;
            let name = member.display_name.clone();
            work.commit((member.id, Change::MemberReactivated { name: member.display_name })).await?;
            Ok(name)
        })
    }

    /// Removes a member. A tombstone stays, so that an identity provider or an invite can bring the same member back, as a
    /// Developer without a password. Returns the member's name.
    ///
    /// # Errors
    /// [`Error::Forbidden`], [`Error::NotFound`], [`Error::Denied`], [`Error::Invalid`], [`Error::Conflict`].
    pub async fn member_remove(&self, team: &str, id: &MemberId) -> Result<String, Error> {
        retry!(attempt, async {
            let mut work = self.begin_for_members(&attempt, team).await?;
            let member = find(&mut work, id).await?;
            check_decided_here(&work, &member)?;
            let allowed = match allow(&mut work.tx, work.actor.role, &member, MemberEffect::Delete).await? {
                Ok(allowed) => allowed,
                Err(denial) => return Err(work.refuse(member, denial).await?),
            };
            let sessions = work.tx.member_remove(&member, work.now, allowed).await?;
            let was = member.roles_before_removal();
            let name = member.display_name.clone();
            work.commit((member.id, Change::MemberDeleted { name: member.display_name, sessions, was })).await?;
            Ok(name)
        })
    }

    pub(super) async fn begin_for_members(
        &self,
        attempt: &TransactionAttempt,
        team: &str,
    ) -> Result<UnitOfWork, Error> {
        let work = self.begin(attempt, team).await?;
        if work.actor.role.manages_authentication() { Ok(work) } else { Err(Error::Forbidden) }
    }
}

impl UnitOfWork {
    /// Rejects the change. The denied attempt is logged.
    pub(super) async fn refuse(self, member: MemberRecord, denial: MemberDenial) -> Result<Error, Error> {
        let name = member.display_name;
        self.commit((member.id, Change::MemberProtected { name: name.clone(), why: denial.to_string() })).await?;
        Ok(Denial::Member { name, denial }.into())
    }
}

pub(super) async fn find(work: &mut UnitOfWork, id: &MemberId) -> Result<MemberRecord, Error> {
    work.tx.member(id).await?.ok_or(Error::NotFound)
}

/// Whether the membership is decided in Rollcall, and not by an identity provider.
fn check_decided_here(work: &UnitOfWork, member: &MemberRecord) -> Result<(), Error> {
    if member.source == MemberSource::Directory && work.tx.team().scim_on {
        return Err(Conflict::ManagedByProvider.into());
    }
    match &work.actor.member {
        Some((me, _)) if *me == member.id => Err(Conflict::OwnMembership.into()),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_member_keeps_at_least_one_role() {
        let [admin, billing, developer] = [Role::Admin, Role::Billing, Role::Developer].map(Roles::of);
        let both = admin.union(developer);
        assert_eq!(RoleEdit::Give(Role::Admin).apply(developer), both);
        assert_eq!(RoleEdit::Give(Role::Admin).apply(both), both);
        assert_eq!(RoleEdit::Take(Role::Admin).apply(both), developer);
        assert_eq!(RoleEdit::Take(Role::Admin).apply(admin), developer);
        assert_eq!(RoleEdit::Set(billing).apply(Roles::of(Role::SuperAdmin)), billing);
    }
}
