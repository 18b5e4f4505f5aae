//! Creation of Users (RFC 7644, section 3.3).

use super::{
    matching::{self, is_managed},
    sign_in::{self, ProtectedSignIn},
    users::{allow, end_sessions, free_user_name, updated_user},
};
use crate::{
    scim_sync::{
        command::{Applied, Command, CommandContext},
        error::{ProvisioningError, user_name_taken},
    },
    team_change::person::MemberColumns,
};
use async_trait::async_trait;
use domain::{
    activity::Change,
    id::MemberId,
    member::{AdoptionMatch, MemberEffect, REMOVED, review_adoption},
    role::{Role, Roles},
    user_name::Renames,
};
use scim::ResourceDocument;
use store::{MemberRecord, MemberSource, MemberStatus, ScimResource, ScimUser};

/// `POST /Users`.
#[derive(Debug)]
pub(crate) struct CreateUser(pub(crate) ResourceDocument);

#[async_trait]
impl Command for CreateUser {
    /// Creates a member, or reuses a matching one with its id: a deactivated or deleted member is restored, and a member of
    /// another source is adopted.
    async fn apply(&self, context: &mut CommandContext<'_>) -> Result<Applied, ProvisioningError> {
        let columns = MemberColumns::of(self.0.clone())?;
        let candidates = context
            .tx
            .members_like(&columns.user_name, columns.external_id.as_deref(), columns.email.as_deref())
            .await?;
        match matching::find_match(&candidates, &columns) {
            Some((member, _)) if is_managed(member) => Err(user_name_taken().into()),
            Some((member, matched_by)) => restore_or_adopt(context, member, matched_by, &candidates, columns).await,
            None => create(context, columns).await,
        }
    }
}

/// Checks that a member of the team has allowed the adoption. An Admin is not adopted because of an email address alone.
fn check_consent(
    context: &CommandContext<'_>,
    member: &MemberRecord,
    matched_by: AdoptionMatch,
) -> Result<(), ProvisioningError> {
    let has_consent = member.adoption_allowed_until.is_some_and(|until| until > context.now);
    review_adoption(matched_by, member.roles, has_consent).map_err(|needs| {
        let (name, why) = (member.display_name.clone(), needs.to_string());
        ProvisioningError::Protected { error: scim::ScimError::uniqueness(format!("emails: {why}")), name, why }
    })
}

async fn create(context: &mut CommandContext<'_>, columns: MemberColumns) -> Result<Applied, ProvisioningError> {
    let id = MemberId::new(context.new_id());
    let document = columns.document();
    let status = if columns.active == Some(false) { MemberStatus::Deactivated } else { MemberStatus::Active };
    let write = columns.write(&document, (status, true), MemberSource::Directory, Renames::default(), context.now);
    context.tx.member_provision(&id, &write).await?;
    context.log_member(&id, Change::MemberProvisioned { name: columns.display_name.clone() });
    let user = ScimUser {
        id,
        document,
        display_name: columns.display_name,
        active: status.active(true),
        roles: Roles::from(Role::Developer),
        version: 1,
        created_at: context.now,
        updated_at: context.now,
    };
    Ok(Applied::new(ScimResource::User(user), true))
}

async fn restore_or_adopt(
    context: &mut CommandContext<'_>,
    member: &MemberRecord,
    matched_by: AdoptionMatch,
    candidates: &[MemberRecord],
    columns: MemberColumns,
) -> Result<Applied, ProvisioningError> {
    let was_gone = member.is_gone();
    let was = member.roles_before_removal().filter(|_| member.status == MemberStatus::Deleted);
    let member = &as_restored(member);
    let status = if columns.active == Some(false) { MemberStatus::Deactivated } else { MemberStatus::Active };
    let deactivates = status == MemberStatus::Deactivated && !was_gone;
    let allowed =
        allow(context, member, if deactivates { MemberEffect::Deactivate } else { MemberEffect::Edit }).await?;
    check_consent(context, member, matched_by)?;
    let ProtectedSignIn { columns, notes, log } = sign_in::keep_protected(context, member, columns).await?;
    free_user_name(context, member, candidates, &columns).await?;
    let document = columns.document();
    // A restored member has no history of names. For an adopted member, a new userName is a rename.
    let renames = match was_gone {
        true => Renames::default(),
        false => member.renames_after(&columns.user_name, status, context.now),
    };
    let write = columns.write(&document, (status, true), MemberSource::Directory, renames, context.now);
    context.tx.member_write(member, &write, allowed).await?;
    let name = columns.display_name.clone();
    let change = if was_gone { Change::MemberRestored { name, was } } else { Change::MemberTakenOver { name } };
    context.log_member(&member.id, change);
    if let Some(change) = log {
        context.log_member(&member.id, change);
    }
    if deactivates {
        end_sessions(context, member, &columns.display_name).await?;
    }
    let user = updated_user(member, columns.display_name, document, (status, true), context.now);
    Ok(Applied { notes, ..Applied::new(ScimResource::User(user), true) })
}

/// The member that the policy reviews. A deleted member is restored as a Developer, without its former roles.
fn as_restored(member: &MemberRecord) -> MemberRecord {
    match member.status {
        MemberStatus::Deleted => {
            MemberRecord { roles: REMOVED, own_roles: REMOVED, group_roles: None, break_glass: false, ..member.clone() }
        }
        MemberStatus::Active | MemberStatus::Invited | MemberStatus::Deactivated => member.clone(),
    }
}
