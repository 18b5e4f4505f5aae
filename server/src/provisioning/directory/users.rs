//! Members, as identity providers change them.

use super::{
    difference,
    person::{Person, differences, stored},
    refused::{No, Refused, user_name_taken},
    wish::{Granted, Wish, Work},
};
use crate::provisioning::policy;
use crate::store::{MemberRecord, ScimUser, Source, Status, StoreError};
use domain::{
    activity::Change,
    id::MemberId,
    member::{Allowed, Effect},
    role::{Role, Roles},
    text::fold,
};
use scim::{Document, Notes, Precondition, Version, patch::Patch, precondition::Outcome};

/// `POST /Users`.
#[derive(Debug)]
pub(crate) struct CreateUser(pub(crate) Document);

/// `PUT /Users/{id}`.
#[derive(Debug)]
pub(crate) struct ReplaceUser {
    pub(crate) id: MemberId,
    pub(crate) document: Document,
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

impl Wish for CreateUser {
    type Made = Granted<ScimUser>;

    /// A new member; or one who was there before, with the same id: restored, if deactivated or deleted, and taken over, if
    /// not from the directory.
    async fn make(&self, work: &mut Work<'_>) -> Result<Granted<ScimUser>, No> {
        let person = Person::of(self.0.clone())?;
        let alike =
            work.claim.members_like(&person.user_name, person.external_id.as_deref(), person.email.as_deref()).await?;
        match before(&alike, &person) {
            Some(member) if is_managed(member) => Err(user_name_taken().into()),
            Some(member) => bring_back(work, member, &alike, person).await,
            None => create(work, person).await,
        }
    }
}

/// Who of those alike is meant: the one with the userName; else one who is gone, by `externalId`; else one whom no
/// directory manages, by e-mail address.
fn before<'a>(alike: &'a [MemberRecord], person: &Person) -> Option<&'a MemberRecord> {
    let user_name_key = fold(&person.user_name);
    let email_key = person.email.as_deref().map(fold);
    let is_gone = |member: &MemberRecord| matches!(member.status, Status::Deactivated | Status::Deleted);
    let same_external = |member: &MemberRecord| {
        person.external_id.is_some() && member.external_id == person.external_id && is_gone(member)
    };
    let same_email = |member: &MemberRecord| {
        email_key.is_some() && member.email_key == email_key && member.source != Source::Directory
    };
    alike
        .iter()
        .find(|member| member.user_name_key == user_name_key)
        .or_else(|| alike.iter().find(|member| same_external(member)))
        .or_else(|| alike.iter().find(|member| same_email(member)))
}

/// Active, and the directory's already.
fn is_managed(member: &MemberRecord) -> bool {
    member.source == Source::Directory && matches!(member.status, Status::Active | Status::Invited)
}

async fn create(work: &mut Work<'_>, person: Person) -> Result<Granted<ScimUser>, No> {
    let id = MemberId::new(work.new_id());
    let document = person.document();
    let status = if person.active == Some(false) { Status::Deactivated } else { Status::Active };
    work.claim.member_provision(&id, &person.write(&document, (status, true), Source::Directory, work.now)).await?;
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
    Ok(Granted { resource: user, changed: true, notes: Notes::new() })
}

async fn bring_back(
    work: &mut Work<'_>,
    member: &MemberRecord,
    alike: &[MemberRecord],
    person: Person,
) -> Result<Granted<ScimUser>, No> {
    let was_gone = matches!(member.status, Status::Deactivated | Status::Deleted);
    let status = if person.active == Some(false) { Status::Deactivated } else { Status::Active };
    let ends = status == Status::Deactivated && !was_gone;
    let allowed = allow(work, member, if ends { Effect::Deactivate } else { Effect::Edit }).await?;
    free_user_name(work, member, alike, &person).await?;
    let document = person.document();
    work.claim
        .member_write(member, &person.write(&document, (status, true), Source::Directory, work.now), allowed)
        .await?;
    let name = person.display_name.clone();
    let change = if was_gone { Change::MemberRestored { name } } else { Change::MemberTakenOver { name } };
    work.log((&member.id, change));
    if ends {
        end(work, member, &person.display_name).await?;
    }
    Ok(Granted {
        resource: after(member, person.display_name, document, (status, true), work.now),
        changed: true,
        notes: Notes::new(),
    })
}

impl Wish for ReplaceUser {
    type Made = Granted<ScimUser>;

    async fn make(&self, work: &mut Work<'_>) -> Result<Granted<ScimUser>, No> {
        let member = find(work, &self.id, &self.precondition).await?;
        // Clients that leave `active` out do not mean it to be removed.
        let said = member.active_said;
        change(work, member, self.document.clone(), said).await
    }

    fn about(&self) -> Option<&MemberId> {
        Some(&self.id)
    }
}

impl Wish for PatchUser {
    type Made = Granted<ScimUser>;

    async fn make(&self, work: &mut Work<'_>) -> Result<Granted<ScimUser>, No> {
        let member = find(work, &self.id, &self.precondition).await?;
        let document = stored(&member.document, member.status.active(member.active_said))?;
        let mut notes = Notes::new();
        let document = self.patch.apply(&document, &mut notes)?;
        Ok(Granted { notes, ..change(work, member, document, false).await? })
    }

    fn about(&self) -> Option<&MemberId> {
        Some(&self.id)
    }
}

impl Wish for DeleteUser {
    type Made = ();

    /// Leaves a tombstone, so that the id can come back.
    async fn make(&self, work: &mut Work<'_>) -> Result<(), No> {
        let member = find(work, &self.id, &self.precondition).await?;
        let allowed = allow(work, &member, Effect::Delete).await?;
        let sessions = work.claim.sign_ins_end(&member.id).await?;
        work.claim.groups_leave(&member.id, work.now).await?;
        if member.source != Source::Directory {
            // Whom the directory removes, only the directory brings back.
            work.claim.member_take_over(&member.id).await?;
        }
        work.claim.member_set_status(&member, Status::Deleted, work.now, allowed).await?;
        work.log((member.id, Change::MemberDeleted { name: member.display_name, sessions }));
        Ok(())
    }

    fn about(&self) -> Option<&MemberId> {
        Some(&self.id)
    }
}

async fn find(work: &mut Work<'_>, id: &MemberId, precondition: &Precondition) -> Result<MemberRecord, No> {
    let member = work.claim.member(id).await?;
    let member = member.ok_or_else(|| scim::Error::resource_not_found(id.as_str()))?;
    let version = Some(Version(member.version));
    match precondition.check(version, false) {
        Outcome::Proceed => Ok(member),
        Outcome::Failed | Outcome::NotModified => Err(precondition.error(version).into()),
    }
}

/// Makes a member what the document says. Whoever no directory managed until now is taken over. `said`: whether `active`
/// is given back if the document does not say it.
async fn change(work: &mut Work<'_>, member: MemberRecord, to: Document, said: bool) -> Result<Granted<ScimUser>, No> {
    let person = Person::of(to)?;
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
        return Ok(Granted { resource: user, changed: false, notes: Notes::new() });
    }
    let allowed = allow(work, &member, if ends { Effect::Deactivate } else { Effect::Edit }).await?;
    if fold(&person.user_name) != member.user_name_key {
        let alike = work.claim.members_like(&person.user_name, None, None).await?;
        free_user_name(work, &member, &alike, &person).await?;
    }
    let document = person.document();
    work.claim
        .member_write(&member, &person.write(&document, (status, said), Source::Directory, work.now), allowed)
        .await?;
    let name = person.display_name.clone();
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
    Ok(Granted {
        resource: after(&member, person.display_name, document, (status, said), work.now),
        changed: true,
        notes: Notes::new(),
    })
}

/// Signs somebody out who may not sign in any more, in the transaction that says so.
async fn end(work: &mut Work<'_>, member: &MemberRecord, name: &str) -> Result<(), No> {
    let sessions = work.claim.sign_ins_end(&member.id).await?;
    work.log((&member.id, Change::MemberDeactivated { name: name.to_owned(), sessions }));
    Ok(())
}

/// Asks the policy. A refusal is logged: an admin has to know that the directory wants what it may not have.
async fn allow(work: &mut Work<'_>, member: &MemberRecord, effect: Effect) -> Result<Allowed, No> {
    match policy::allow(work.claim, work.by.ceiling, member, effect).await? {
        Ok(allowed) => Ok(allowed),
        Err(denial) => Err(No {
            why: Refused::Scim(scim::Error::forbidden(denial.to_string())),
            log: Some(Change::MemberProtected { name: member.display_name.clone(), why: denial.to_string() }),
        }),
    }
}

/// Makes sure that the userName is the member's to have. A tombstone gives it up.
async fn free_user_name(
    work: &mut Work<'_>,
    member: &MemberRecord,
    alike: &[MemberRecord],
    person: &Person,
) -> Result<(), No> {
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

impl From<StoreError> for Refused {
    fn from(error: StoreError) -> Self {
        Refused::Store(error)
    }
}
