//! Commands on existing Users (RFC 7644, sections 3.5 and 3.6).

use super::{
    difference,
    sign_in::{self, ProtectedSignIn},
};
use crate::{
    scim_sync::{
        command::{Applied, Command, CommandContext},
        error::{ProvisioningError, user_name_taken},
    },
    team_change::{
        person::{MemberColumns, differences, stored},
        policy,
    },
};
use async_trait::async_trait;
use domain::{
    activity::Change,
    id::MemberId,
    member::{MemberAllowed, MemberEffect},
    validation::text::fold,
};
use scim::{Normalizations, Precondition, ResourceDocument, Version, patch::Patch, precondition::PreconditionOutcome};
use store::{MemberRecord, MemberSource, MemberStatus, ScimResource, ScimUser};

/// `PUT /Users/{id}`.
#[derive(Debug)]
pub(crate) struct ReplaceUser {
    pub(crate) id: MemberId,
    pub(crate) document: ResourceDocument,
    pub(crate) precondition: Precondition,
}

/// `PATCH /Users/{id}`.
#[derive(Debug)]
pub(crate) struct PatchUser {
    pub(crate) id: MemberId,
    pub(crate) patch: Patch,
    pub(crate) precondition: Precondition,
}

/// `DELETE /Users/{id}`.
#[derive(Debug)]
pub(crate) struct DeleteUser {
    pub(crate) id: MemberId,
    pub(crate) precondition: Precondition,
}

#[async_trait]
impl Command for ReplaceUser {
    async fn apply(&self, context: &mut CommandContext<'_>) -> Result<Applied, ProvisioningError> {
        let member = load_member(context, &self.id, &self.precondition).await?;
        // A PUT without `active` does not remove it, because clients leave it out.
        let returns_active = member.active_present;
        update(context, member, self.document.clone(), returns_active).await
    }

    fn member(&self) -> Option<&MemberId> {
        Some(&self.id)
    }
}

#[async_trait]
impl Command for PatchUser {
    async fn apply(&self, context: &mut CommandContext<'_>) -> Result<Applied, ProvisioningError> {
        let member = load_member(context, &self.id, &self.precondition).await?;
        let document = stored(&member.document, member.status.active(member.active_present))?;
        let mut notes = Normalizations::new();
        let document = self.patch.apply(&document, &mut notes)?;
        let applied = update(context, member, document, false).await?;
        applied.notes.iter().for_each(|note| notes.add(note.to_owned()));
        Ok(Applied { notes, ..applied })
    }

    fn member(&self) -> Option<&MemberId> {
        Some(&self.id)
    }
}

#[async_trait]
impl Command for DeleteUser {
    /// Leaves a tombstone, so that the id can come back.
    async fn apply(&self, context: &mut CommandContext<'_>) -> Result<Applied, ProvisioningError> {
        let member = load_member(context, &self.id, &self.precondition).await?;
        let allowed = allow(context, &member, MemberEffect::Delete).await?;
        if member.source != MemberSource::Directory {
            // A member that the directory removed can be restored by the directory only.
            context.tx.member_adopt(&member.id).await?;
        }
        let sessions = context.tx.member_remove(&member, context.now, allowed).await?;
        let was = member.roles_before_removal();
        context.log_member(&member.id, Change::MemberDeleted { name: member.display_name, sessions, was });
        Ok(Applied::deleted())
    }

    fn member(&self) -> Option<&MemberId> {
        Some(&self.id)
    }
}

async fn load_member(
    context: &mut CommandContext<'_>,
    id: &MemberId,
    precondition: &Precondition,
) -> Result<MemberRecord, ProvisioningError> {
    let member = context.tx.member(id).await?;
    let member = member.ok_or_else(|| scim::ScimError::resource_not_found(id.as_str()))?;
    let version = Some(Version(member.version));
    match precondition.check(version, false) {
        PreconditionOutcome::Proceed => Ok(member),
        PreconditionOutcome::Failed | PreconditionOutcome::NotModified => Err(precondition.error(version).into()),
    }
}

/// Replaces the attributes of a member. A member that no directory manages is adopted. `returns_active`: whether `active` is
/// part of the resource if the document has none.
async fn update(
    context: &mut CommandContext<'_>,
    member: MemberRecord,
    to: ResourceDocument,
    returns_active: bool,
) -> Result<Applied, ProvisioningError> {
    let ProtectedSignIn { columns, notes, log } =
        sign_in::keep_protected(context, &member, MemberColumns::of(to)?).await?;
    let returns_active = columns.active.is_some() || returns_active;
    let status = match (columns.active, member.status) {
        (Some(false), _) => MemberStatus::Deactivated,
        // An invited member is adopted and signs in as other members of the directory do.
        (Some(true), MemberStatus::Deactivated) | (_, MemberStatus::Invited) => MemberStatus::Active,
        (_, as_it_is) => as_it_is,
    };
    let before = stored(&member.document, None)?.into_map();
    let mut changed = differences(&before, &columns.attributes);
    if returns_active != member.active_present {
        changed.push("active".to_owned());
    }
    let is_adoption = member.source != MemberSource::Directory;
    let deactivates = status == MemberStatus::Deactivated && member.status != MemberStatus::Deactivated;
    if changed.is_empty() && status == member.status && !is_adoption {
        let document = member.document.clone();
        let user = ScimUser {
            version: member.version,
            updated_at: member.updated_at,
            ..updated_user(&member, member.display_name.clone(), document, (status, returns_active), context.now)
        };
        if let Some(change) = log {
            // The policy may forbid any change of this member.
            allow(context, &member, MemberEffect::Edit).await?;
            context.log_member(&member.id, change);
        }
        return Ok(Applied { notes, ..Applied::new(ScimResource::User(user), false) });
    }
    let allowed =
        allow(context, &member, if deactivates { MemberEffect::Deactivate } else { MemberEffect::Edit }).await?;
    if fold(&columns.user_name) != member.user_name_key {
        let candidates = context.tx.members_like(&columns.user_name, None, None).await?;
        free_user_name(context, &member, &candidates, &columns).await?;
    }
    let document = columns.document();
    let renames = member.renames_after(&columns.user_name, status, context.now);
    let write = columns.write(&document, (status, returns_active), MemberSource::Directory, renames, context.now);
    context.tx.member_write(&member, &write, allowed).await?;
    let name = columns.display_name.clone();
    if let Some(change) = log {
        context.log_member(&member.id, change);
    }
    if is_adoption {
        context.log_member(&member.id, Change::MemberTakenOver { name: name.clone() });
    }
    if !changed.is_empty() {
        let differences = difference::between(&before, &columns.attributes);
        context.log_member(&member.id, Change::MemberUpdated { name: name.clone(), changed, differences });
    }
    if deactivates {
        end_sessions(context, &member, &name).await?;
    } else if member.status == MemberStatus::Deactivated && status != member.status {
        context.log_member(&member.id, Change::MemberReactivated { name });
    }
    let user = updated_user(&member, columns.display_name, document, (status, returns_active), context.now);
    Ok(Applied { notes, ..Applied::new(ScimResource::User(user), true) })
}

/// Ends the sessions of a deactivated member, in the transaction of the deactivation.
pub(super) async fn end_sessions(
    context: &mut CommandContext<'_>,
    member: &MemberRecord,
    name: &str,
) -> Result<(), ProvisioningError> {
    let sessions = context.tx.sign_ins_end(&member.id).await?;
    context.log_member(&member.id, Change::MemberDeactivated { name: name.to_owned(), sessions });
    Ok(())
}

/// Reviews the effect. A denial is logged, because an admin has to know about it.
pub(super) async fn allow(
    context: &mut CommandContext<'_>,
    member: &MemberRecord,
    effect: MemberEffect,
) -> Result<MemberAllowed, ProvisioningError> {
    match policy::allow(context.tx, context.caller.max_role, member, effect).await? {
        Ok(allowed) => Ok(allowed),
        Err(denial) => Err(ProvisioningError::Protected {
            error: scim::ScimError::forbidden(denial.to_string()),
            name: member.display_name.clone(),
            why: denial.to_string(),
        }),
    }
}

/// Checks that the userName is free. A deleted member gives its userName up.
pub(super) async fn free_user_name(
    context: &mut CommandContext<'_>,
    member: &MemberRecord,
    candidates: &[MemberRecord],
    columns: &MemberColumns,
) -> Result<(), ProvisioningError> {
    let user_name_key = fold(&columns.user_name);
    match candidates.iter().find(|other| other.id != member.id && other.user_name_key == user_name_key) {
        None => Ok(()),
        Some(other) if other.status == MemberStatus::Deleted => Ok(context.tx.user_name_release(&other.id).await?),
        Some(_) => Err(user_name_taken().into()),
    }
}

/// The User after a change.
pub(super) fn updated_user(
    member: &MemberRecord,
    display_name: String,
    document: String,
    (status, returns_active): (MemberStatus, bool),
    now: domain::UnixMs,
) -> ScimUser {
    ScimUser {
        id: member.id.clone(),
        document,
        display_name,
        active: status.active(returns_active),
        roles: member.roles,
        version: member.version + 1,
        created_at: member.created_at,
        updated_at: now,
    }
}
