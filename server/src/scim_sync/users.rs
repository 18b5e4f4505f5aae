//! Members, as identity providers change them.

use super::{
    difference,
    matching::{self, is_managed},
    sign_in::{self, ProtectedSignIn},
};
use crate::scim_sync::{
    command::{Applied, Command, CommandContext},
    error::{CommandError, ProvisioningError, user_name_taken},
};
use crate::team_change::person::{MemberColumns, differences, stored};
use crate::team_change::policy;
use domain::{
    activity::Change,
    id::MemberId,
    member::{AdoptionMatch, MemberAllowed, MemberEffect, REMOVED, review_adoption},
    role::{Role, Roles},
    user_name::Renames,
    validation::text::fold,
};
use scim::{Normalizations, Precondition, ResourceDocument, Version, patch::Patch, precondition::PreconditionOutcome};
use store::{MemberRecord, ScimUser, Source, Status, StoreError};

/// `POST /Users`.
#[derive(Debug)]
pub(crate) struct CreateUser(pub(crate) ResourceDocument);

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

impl Command for CreateUser {
    type Output = Applied<ScimUser>;

    /// A new member; or one who was there before, with the same id: restored, if deactivated or deleted, and taken over, if
    /// not from the directory.
    async fn apply(&self, context: &mut CommandContext<'_>) -> Result<Applied<ScimUser>, CommandError> {
        let person = MemberColumns::of(self.0.clone())?;
        let alike =
            context.tx.members_like(&person.user_name, person.external_id.as_deref(), person.email.as_deref()).await?;
        match matching::find(&alike, &person) {
            Some((member, _)) if is_managed(member) => Err(user_name_taken().into()),
            Some((member, by)) => bring_back(context, member, by, &alike, person).await,
            None => create(context, person).await,
        }
    }
}

/// An address alone does not make an Admin the directory's: somebody of the team has to say yes.
fn check_consent(context: &CommandContext<'_>, member: &MemberRecord, by: AdoptionMatch) -> Result<(), CommandError> {
    let has_consent = member.adoption_allowed_until.is_some_and(|until| until > context.now);
    review_adoption(by, member.roles, has_consent).map_err(|needs| {
        let (name, why) = (member.display_name.clone(), needs.to_string());
        CommandError {
            error: ProvisioningError::Scim(scim::ScimError::uniqueness(format!("emails: {why}"))),
            log: Some(Change::MemberProtected { name, why }),
        }
    })
}

async fn create(context: &mut CommandContext<'_>, person: MemberColumns) -> Result<Applied<ScimUser>, CommandError> {
    let id = MemberId::new(context.new_id());
    let document = person.document();
    let status = if person.active == Some(false) { Status::Deactivated } else { Status::Active };
    let write = person.write(&document, (status, true), Source::Directory, Renames::default(), context.now);
    context.tx.member_provision(&id, &write).await?;
    context.log((&id, Change::MemberProvisioned { name: person.display_name.clone() }));
    let user = ScimUser {
        id,
        document,
        display_name: person.display_name,
        active: status.active(true),
        roles: Roles::from(Role::Developer),
        version: 1,
        created_at: context.now,
        updated_at: context.now,
    };
    Ok(Applied { resource: user, changed: true, notes: Normalizations::new() })
}

async fn bring_back(
    context: &mut CommandContext<'_>,
    member: &MemberRecord,
    by: AdoptionMatch,
    alike: &[MemberRecord],
    person: MemberColumns,
) -> Result<Applied<ScimUser>, CommandError> {
    let was_gone = member.is_gone();
    let was = member.roles_before_removal().filter(|_| member.status == Status::Deleted);
    let member = &as_brought_back(member);
    let status = if person.active == Some(false) { Status::Deactivated } else { Status::Active };
    let ends = status == Status::Deactivated && !was_gone;
    let allowed = allow(context, member, if ends { MemberEffect::Deactivate } else { MemberEffect::Edit }).await?;
    check_consent(context, member, by)?;
    let ProtectedSignIn { person, notes, log } = sign_in::keep(context, member, person).await?;
    free_user_name(context, member, alike, &person).await?;
    let document = person.document();
    // Whoever is brought back starts anew; of an adopted member it is a rename like any other.
    let renames = match was_gone {
        true => Renames::default(),
        false => member.renames_after(&person.user_name, status, context.now),
    };
    let write = person.write(&document, (status, true), Source::Directory, renames, context.now);
    context.tx.member_write(member, &write, allowed).await?;
    let name = person.display_name.clone();
    let change = if was_gone { Change::MemberRestored { name, was } } else { Change::MemberTakenOver { name } };
    context.log((&member.id, change));
    if let Some(kept) = log {
        context.log((&member.id, kept));
    }
    if ends {
        end(context, member, &person.display_name).await?;
    }
    let resource = after(member, person.display_name, document, (status, true), context.now);
    Ok(Applied { resource, changed: true, notes })
}

/// A member as the policy sees them when they come back: of those who were removed, only a Developer does.
fn as_brought_back(member: &MemberRecord) -> MemberRecord {
    match member.status {
        Status::Deleted => {
            MemberRecord { roles: REMOVED, own_roles: REMOVED, group_roles: None, break_glass: false, ..member.clone() }
        }
        Status::Active | Status::Invited | Status::Deactivated => member.clone(),
    }
}

impl Command for ReplaceUser {
    type Output = Applied<ScimUser>;

    async fn apply(&self, context: &mut CommandContext<'_>) -> Result<Applied<ScimUser>, CommandError> {
        let member = find(context, &self.id, &self.precondition).await?;
        // Clients that leave `active` out do not mean it to be removed.
        let said = member.active_present;
        change(context, member, self.document.clone(), said).await
    }

    fn member(&self) -> Option<&MemberId> {
        Some(&self.id)
    }
}

impl Command for PatchUser {
    type Output = Applied<ScimUser>;

    async fn apply(&self, context: &mut CommandContext<'_>) -> Result<Applied<ScimUser>, CommandError> {
        let member = find(context, &self.id, &self.precondition).await?;
        let document = stored(&member.document, member.status.active(member.active_present))?;
        let mut notes = Normalizations::new();
        let document = self.patch.apply(&document, &mut notes)?;
        let granted = change(context, member, document, false).await?;
        granted.notes.iter().for_each(|note| notes.add(note.to_owned()));
        Ok(Applied { notes, ..granted })
    }

    fn member(&self) -> Option<&MemberId> {
        Some(&self.id)
    }
}

impl Command for DeleteUser {
    type Output = ();

    /// Leaves a tombstone, so that the id can come back.
    async fn apply(&self, context: &mut CommandContext<'_>) -> Result<(), CommandError> {
        let member = find(context, &self.id, &self.precondition).await?;
        let allowed = allow(context, &member, MemberEffect::Delete).await?;
        if member.source != Source::Directory {
            // Whom the directory removes, only the directory brings back.
            context.tx.member_take_over(&member.id).await?;
        }
        let sessions = context.tx.member_remove(&member, context.now, allowed).await?;
        let was = member.roles_before_removal();
        context.log((member.id, Change::MemberDeleted { name: member.display_name, sessions, was }));
        Ok(())
    }

    fn member(&self) -> Option<&MemberId> {
        Some(&self.id)
    }
}

async fn find(
    context: &mut CommandContext<'_>,
    id: &MemberId,
    precondition: &Precondition,
) -> Result<MemberRecord, CommandError> {
    let member = context.tx.member(id).await?;
    let member = member.ok_or_else(|| scim::ScimError::resource_not_found(id.as_str()))?;
    let version = Some(Version(member.version));
    match precondition.check(version, false) {
        PreconditionOutcome::Proceed => Ok(member),
        PreconditionOutcome::Failed | PreconditionOutcome::NotModified => Err(precondition.error(version).into()),
    }
}

/// Makes a member what the document says. Whoever no directory managed until now is taken over. `said`: whether `active`
/// is given back if the document does not say it.
async fn change(
    context: &mut CommandContext<'_>,
    member: MemberRecord,
    to: ResourceDocument,
    said: bool,
) -> Result<Applied<ScimUser>, CommandError> {
    let ProtectedSignIn { person, notes, log } = sign_in::keep(context, &member, MemberColumns::of(to)?).await?;
    let said = person.active.is_some() || said;
    let status = match (person.active, member.status) {
        (Some(false), _) => Status::Deactivated,
        // Whoever was invited is the directory's from now on, and signs in as its other members do.
        (Some(true), Status::Deactivated) | (_, Status::Invited) => Status::Active,
        (_, as_it_is) => as_it_is,
    };
    let before = stored(&member.document, None)?.into_map();
    let mut changed = differences(&before, &person.attributes);
    if said != member.active_present {
        changed.push("active".to_owned());
    }
    let taken_over = member.source != Source::Directory;
    let ends = status == Status::Deactivated && member.status != Status::Deactivated;
    if changed.is_empty() && status == member.status && !taken_over {
        let document = member.document.clone();
        let user = ScimUser {
            version: member.version,
            updated_at: member.updated_at,
            ..after(&member, member.display_name.clone(), document, (status, said), context.now)
        };
        if let Some(kept) = log {
            // Whoever may not change the member at all is told so.
            allow(context, &member, MemberEffect::Edit).await?;
            context.log((&member.id, kept));
        }
        return Ok(Applied { resource: user, changed: false, notes });
    }
    let allowed = allow(context, &member, if ends { MemberEffect::Deactivate } else { MemberEffect::Edit }).await?;
    if fold(&person.user_name) != member.user_name_key {
        let alike = context.tx.members_like(&person.user_name, None, None).await?;
        free_user_name(context, &member, &alike, &person).await?;
    }
    let document = person.document();
    let renames = member.renames_after(&person.user_name, status, context.now);
    let write = person.write(&document, (status, said), Source::Directory, renames, context.now);
    context.tx.member_write(&member, &write, allowed).await?;
    let name = person.display_name.clone();
    if let Some(kept) = log {
        context.log((&member.id, kept));
    }
    if taken_over {
        context.log((&member.id, Change::MemberTakenOver { name: name.clone() }));
    }
    if !changed.is_empty() {
        let differences = difference::between(&before, &person.attributes);
        context.log((&member.id, Change::MemberUpdated { name: name.clone(), changed, differences }));
    }
    if ends {
        end(context, &member, &name).await?;
    } else if member.status == Status::Deactivated && status != member.status {
        context.log((&member.id, Change::MemberReactivated { name }));
    }
    let resource = after(&member, person.display_name, document, (status, said), context.now);
    Ok(Applied { resource, changed: true, notes })
}

/// Signs somebody out who may not sign in any more, in the transaction that says so.
async fn end(context: &mut CommandContext<'_>, member: &MemberRecord, name: &str) -> Result<(), CommandError> {
    let sessions = context.tx.sign_ins_end(&member.id).await?;
    context.log((&member.id, Change::MemberDeactivated { name: name.to_owned(), sessions }));
    Ok(())
}

/// Asks the policy. A refusal is logged: an admin has to know that the directory wants what it may not have.
async fn allow(
    context: &mut CommandContext<'_>,
    member: &MemberRecord,
    effect: MemberEffect,
) -> Result<MemberAllowed, CommandError> {
    match policy::allow(context.tx, context.caller.max_role, member, effect).await? {
        Ok(allowed) => Ok(allowed),
        Err(denial) => Err(CommandError {
            error: ProvisioningError::Scim(scim::ScimError::forbidden(denial.to_string())),
            log: Some(Change::MemberProtected { name: member.display_name.clone(), why: denial.to_string() }),
        }),
    }
}

/// Makes sure that the userName is the member's to have. A tombstone gives it up.
async fn free_user_name(
    context: &mut CommandContext<'_>,
    member: &MemberRecord,
    alike: &[MemberRecord],
    person: &MemberColumns,
) -> Result<(), CommandError> {
    let user_name_key = fold(&person.user_name);
    match alike.iter().find(|other| other.id != member.id && other.user_name_key == user_name_key) {
        None => Ok(()),
        Some(other) if other.status == Status::Deleted => Ok(context.tx.user_name_give_up(&other.id).await?),
        Some(_) => Err(user_name_taken().into()),
    }
}

/// The member after a change.
fn after(
    member: &MemberRecord,
    display_name: String,
    document: String,
    (status, said): (Status, bool),
    now: domain::UnixMs,
) -> ScimUser {
    ScimUser {
        id: member.id.clone(),
        document,
        display_name,
        active: status.active(said),
        roles: member.roles,
        version: member.version + 1,
        created_at: member.created_at,
        updated_at: now,
    }
}

impl From<StoreError> for ProvisioningError {
    fn from(error: StoreError) -> Self {
        ProvisioningError::Store(error)
    }
}
