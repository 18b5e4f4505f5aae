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
    async fn make(&self, work: &mut CommandContext<'_>) -> Result<Applied<ScimUser>, CommandError> {
        let person = MemberColumns::of(self.0.clone())?;
        let alike =
            work.claim.members_like(&person.user_name, person.external_id.as_deref(), person.email.as_deref()).await?;
        match matching::find(&alike, &person) {
            Some((member, _)) if is_managed(member) => Err(user_name_taken().into()),
            Some((member, by)) => bring_back(work, member, by, &alike, person).await,
            None => create(work, person).await,
        }
    }
}

/// An address alone does not make an Admin the directory's: somebody of the team has to say yes.
fn check_consent(work: &CommandContext<'_>, member: &MemberRecord, by: AdoptionMatch) -> Result<(), CommandError> {
    let has_consent = member.adoption_allowed_until.is_some_and(|until| until > work.now);
    review_adoption(by, member.roles, has_consent).map_err(|needs| {
        let (name, why) = (member.display_name.clone(), needs.to_string());
        CommandError {
            why: ProvisioningError::Scim(scim::ScimError::uniqueness(format!("emails: {why}"))),
            log: Some(Change::MemberProtected { name, why }),
        }
    })
}

async fn create(work: &mut CommandContext<'_>, person: MemberColumns) -> Result<Applied<ScimUser>, CommandError> {
    let id = MemberId::new(work.new_id());
    let document = person.document();
    let status = if person.active == Some(false) { Status::Deactivated } else { Status::Active };
    let write = person.write(&document, (status, true), Source::Directory, Renames::default(), work.now);
    work.claim.member_provision(&id, &write).await?;
    work.log((&id, Change::MemberProvisioned { name: person.display_name.clone() }));
    let user = ScimUser {
        id,
        document,
        display_name: person.display_name,
        active: status.active(true),
        roles: Roles::from(Role::Developer),
        version: 1,
        created_at: work.now,
        updated_at: work.now,
    };
    Ok(Applied { resource: user, changed: true, notes: Normalizations::new() })
}

async fn bring_back(
    work: &mut CommandContext<'_>,
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
    let allowed = allow(work, member, if ends { MemberEffect::Deactivate } else { MemberEffect::Edit }).await?;
    check_consent(work, member, by)?;
    let ProtectedSignIn { person, notes, log } = sign_in::keep(work, member, person).await?;
    free_user_name(work, member, alike, &person).await?;
    let document = person.document();
    // Whoever is brought back starts anew; of an adopted member it is a rename like any other.
    let renames = match was_gone {
        true => Renames::default(),
        false => member.renames_after(&person.user_name, status, work.now),
    };
    let write = person.write(&document, (status, true), Source::Directory, renames, work.now);
    work.claim.member_write(member, &write, allowed).await?;
    let name = person.display_name.clone();
    let change = if was_gone { Change::MemberRestored { name, was } } else { Change::MemberTakenOver { name } };
    work.log((&member.id, change));
    if let Some(kept) = log {
        work.log((&member.id, kept));
    }
    if ends {
        end(work, member, &person.display_name).await?;
    }
    let resource = after(member, person.display_name, document, (status, true), work.now);
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

    async fn make(&self, work: &mut CommandContext<'_>) -> Result<Applied<ScimUser>, CommandError> {
        let member = find(work, &self.id, &self.precondition).await?;
        // Clients that leave `active` out do not mean it to be removed.
        let said = member.active_said;
        change(work, member, self.document.clone(), said).await
    }

    fn about(&self) -> Option<&MemberId> {
        Some(&self.id)
    }
}

impl Command for PatchUser {
    type Output = Applied<ScimUser>;

    async fn make(&self, work: &mut CommandContext<'_>) -> Result<Applied<ScimUser>, CommandError> {
        let member = find(work, &self.id, &self.precondition).await?;
        let document = stored(&member.document, member.status.active(member.active_said))?;
        let mut notes = Normalizations::new();
        let document = self.patch.apply(&document, &mut notes)?;
        let granted = change(work, member, document, false).await?;
        granted.notes.iter().for_each(|note| notes.add(note.to_owned()));
        Ok(Applied { notes, ..granted })
    }

    fn about(&self) -> Option<&MemberId> {
        Some(&self.id)
    }
}

impl Command for DeleteUser {
    type Output = ();

    /// Leaves a tombstone, so that the id can come back.
    async fn make(&self, work: &mut CommandContext<'_>) -> Result<(), CommandError> {
        let member = find(work, &self.id, &self.precondition).await?;
        let allowed = allow(work, &member, MemberEffect::Delete).await?;
        if member.source != Source::Directory {
            // Whom the directory removes, only the directory brings back.
            work.claim.member_take_over(&member.id).await?;
        }
        let sessions = work.claim.member_remove(&member, work.now, allowed).await?;
        let was = member.roles_before_removal();
        work.log((member.id, Change::MemberDeleted { name: member.display_name, sessions, was }));
        Ok(())
    }

    fn about(&self) -> Option<&MemberId> {
        Some(&self.id)
    }
}

async fn find(
    work: &mut CommandContext<'_>,
    id: &MemberId,
    precondition: &Precondition,
) -> Result<MemberRecord, CommandError> {
    let member = work.claim.member(id).await?;
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
    work: &mut CommandContext<'_>,
    member: MemberRecord,
    to: ResourceDocument,
    said: bool,
) -> Result<Applied<ScimUser>, CommandError> {
    let ProtectedSignIn { person, notes, log } = sign_in::keep(work, &member, MemberColumns::of(to)?).await?;
    let said = person.active.is_some() || said;
    let status = match (person.active, member.status) {
        (Some(false), _) => Status::Deactivated,
        // Whoever was invited is the directory's from now on, and signs in as its other members do.
        (Some(true), Status::Deactivated) | (_, Status::Invited) => Status::Active,
        (_, as_it_is) => as_it_is,
    };
    let before = stored(&member.document, None)?.into_map();
    let mut changed = differences(&before, &person.attributes);
    if said != member.active_said {
        changed.push("active".to_owned());
    }
    let taken_over = member.source != Source::Directory;
    let ends = status == Status::Deactivated && member.status != Status::Deactivated;
    if changed.is_empty() && status == member.status && !taken_over {
        let document = member.document.clone();
        let user = ScimUser {
            version: member.version,
            updated_at: member.updated_at,
            ..after(&member, member.display_name.clone(), document, (status, said), work.now)
        };
        if let Some(kept) = log {
            // Whoever may not change the member at all is told so.
            allow(work, &member, MemberEffect::Edit).await?;
            work.log((&member.id, kept));
        }
        return Ok(Applied { resource: user, changed: false, notes });
    }
    let allowed = allow(work, &member, if ends { MemberEffect::Deactivate } else { MemberEffect::Edit }).await?;
    if fold(&person.user_name) != member.user_name_key {
        let alike = work.claim.members_like(&person.user_name, None, None).await?;
        free_user_name(work, &member, &alike, &person).await?;
    }
    let document = person.document();
    let renames = member.renames_after(&person.user_name, status, work.now);
    let write = person.write(&document, (status, said), Source::Directory, renames, work.now);
    work.claim.member_write(&member, &write, allowed).await?;
    let name = person.display_name.clone();
    if let Some(kept) = log {
        work.log((&member.id, kept));
    }
    if taken_over {
        work.log((&member.id, Change::MemberTakenOver { name: name.clone() }));
    }
    if !changed.is_empty() {
        let differences = difference::between(&before, &person.attributes);
        work.log((&member.id, Change::MemberUpdated { name: name.clone(), changed, differences }));
    }
    if ends {
        end(work, &member, &name).await?;
    } else if member.status == Status::Deactivated && status != member.status {
        work.log((&member.id, Change::MemberReactivated { name }));
    }
    let resource = after(&member, person.display_name, document, (status, said), work.now);
    Ok(Applied { resource, changed: true, notes })
}

/// Signs somebody out who may not sign in any more, in the transaction that says so.
async fn end(work: &mut CommandContext<'_>, member: &MemberRecord, name: &str) -> Result<(), CommandError> {
    let sessions = work.claim.sign_ins_end(&member.id).await?;
    work.log((&member.id, Change::MemberDeactivated { name: name.to_owned(), sessions }));
    Ok(())
}

/// Asks the policy. A refusal is logged: an admin has to know that the directory wants what it may not have.
async fn allow(
    work: &mut CommandContext<'_>,
    member: &MemberRecord,
    effect: MemberEffect,
) -> Result<MemberAllowed, CommandError> {
    match policy::allow(work.claim, work.by.ceiling, member, effect).await? {
        Ok(allowed) => Ok(allowed),
        Err(denial) => Err(CommandError {
            why: ProvisioningError::Scim(scim::ScimError::forbidden(denial.to_string())),
            log: Some(Change::MemberProtected { name: member.display_name.clone(), why: denial.to_string() }),
        }),
    }
}

/// Makes sure that the userName is the member's to have. A tombstone gives it up.
async fn free_user_name(
    work: &mut CommandContext<'_>,
    member: &MemberRecord,
    alike: &[MemberRecord],
    person: &MemberColumns,
) -> Result<(), CommandError> {
    let user_name_key = fold(&person.user_name);
    match alike.iter().find(|other| other.id != member.id && other.user_name_key == user_name_key) {
        None => Ok(()),
        Some(other) if other.status == Status::Deleted => Ok(work.claim.user_name_give_up(&other.id).await?),
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
