//! Groups, as identity providers change them.
//!
//! Whom the policy protects ([`domain::member::review`]) stays in a group that gives them a role they would lose with it: then
//! the request is refused as a whole (RFC 7644, section 3.5.2: a PATCH that fails leaves everything as it was), and the 403
//! names who stands in the way, why, and what helps.

use super::membership::{Difference, Membership, is_id, unknown};
use crate::scim_sync::{
    command::{Granted, Wish, Work},
    error::{No, Refused},
};
use crate::team_change::person::nul_in;
use domain::{
    activity::Change,
    member::{MemberEffect, review},
    role::Role,
    validation::text,
};
use scim::{Document, Kind, Notes, Precondition, Version, patch::Patch, precondition::Outcome};
use serde_json::Map;
use std::{collections::HashSet, sync::Arc};
use store::{GroupWrite, MarkedMember, ScimGroup};

/// So many names stand in the log.
pub(super) const NAMED: usize = 5;
/// Members that leave a group in one transaction before it is deleted. See docs/decisions/large-groups.md.
pub(super) const PORTION: usize = 10_000;

/// `POST /Groups`.
#[derive(Debug)]
pub(crate) struct CreateGroup {
    pub(super) document: Document,
    pub(super) members: Membership,
}

/// `PUT /Groups/{id}`.
#[derive(Debug)]
pub(crate) struct ReplaceGroup {
    pub(super) id: String,
    pub(super) document: Arc<Document>,
    pub(super) precondition: Precondition,
    pub(super) members: Membership,
}

/// `PATCH /Groups/{id}`.
#[derive(Debug)]
pub(crate) struct PatchGroup {
    pub(super) id: String,
    pub(super) patch: Arc<Patch>,
    pub(super) precondition: Precondition,
    pub(super) members: Membership,
}

/// `DELETE /Groups/{id}`.
#[derive(Debug)]
pub(crate) struct DeleteGroup {
    pub(crate) id: String,
    pub(crate) precondition: Precondition,
}

/// A part of the members of a group that is about to be deleted leaves it.
#[derive(Debug)]
pub(super) struct EmptyGroup {
    pub(super) id: String,
    pub(super) precondition: Precondition,
}

impl Wish for CreateGroup {
    type Made = Granted<ScimGroup>;

    async fn make(&self, work: &mut Work<'_>) -> Result<Granted<ScimGroup>, No> {
        let name = name(&self.document)?;
        let mut moved = Moved::look_up(work, &self.members).await?;
        let id = work.new_id();
        let group = GroupWrite { display_name: name, external_id: self.document.external_id(), now: work.now };
        work.claim.group_insert(&id, &group).await?;
        moved.write(work, &id, &self.members).await?;
        work.log(Change::GroupCreated { name: name.to_owned(), members: moved.added });
        kept(work, &id, true).await
    }
}

impl Wish for ReplaceGroup {
    type Made = Granted<ScimGroup>;

    async fn make(&self, work: &mut Work<'_>) -> Result<Granted<ScimGroup>, No> {
        let group = find(work, &self.id, &self.precondition).await?;
        change(work, &group, &self.document, &self.members).await
    }
}

impl Wish for PatchGroup {
    type Made = Granted<ScimGroup>;

    async fn make(&self, work: &mut Work<'_>) -> Result<Granted<ScimGroup>, No> {
        let group = find(work, &self.id, &self.precondition).await?;
        let mut notes = Notes::new();
        let document = match self.patch.changes_document() {
            true => self.patch.apply(&document(&group), &mut notes)?,
            false => document(&group),
        };
        Ok(Granted { notes, ..change(work, &group, &document, &self.members).await? })
    }
}

impl Wish for DeleteGroup {
    type Made = ();

    /// The group's members stay members of the team.
    async fn make(&self, work: &mut Work<'_>) -> Result<(), No> {
        let group = find(work, &self.id, &self.precondition).await?;
        let protected = protected(work, &group.id).await?;
        none(&protected)?;
        work.claim.group_delete(&group.id, work.now).await?;
        let members = group.member_count.max(0).cast_unsigned();
        work.log(Change::GroupDeleted { name: group.display_name, members });
        Ok(())
    }
}

impl Wish for EmptyGroup {
    type Made = ();

    async fn make(&self, work: &mut Work<'_>) -> Result<(), No> {
        let group = find(work, &self.id, &self.precondition).await?;
        let protected = protected(work, &group.id).await?;
        none(&protected)?;
        let members = work.claim.group_member_ids(&group.id, PORTION).await?;
        let removed = work.claim.group_members_remove(&group.id, &members, work.now).await?;
        work.log(Change::GroupMembersChanged { name: group.display_name, added: 0, removed, who: Vec::new() });
        Ok(())
    }
}

async fn find(work: &mut Work<'_>, id: &str, precondition: &Precondition) -> Result<ScimGroup, No> {
    let group = work.claim.group(id).await?.ok_or_else(|| scim::Error::resource_not_found(id))?;
    let version = Some(Version(group.version));
    match precondition.check(version, false) {
        Outcome::Proceed => Ok(group),
        Outcome::Failed | Outcome::NotModified => Err(precondition.error(version).into()),
    }
}

fn name(document: &Document) -> Result<&str, scim::Error> {
    if document.external_id().is_some_and(|id| id.contains('\0')) {
        return Err(nul_in("externalId"));
    }
    document.display_name().ok_or_else(|| scim::Error::invalid_value("displayName is required"))
}

/// The group's attributes as clients write them.
fn document(group: &ScimGroup) -> Document {
    let mut attributes = Map::new();
    attributes.insert("displayName".to_owned(), group.display_name.as_str().into());
    if let Some(id) = &group.external_id {
        attributes.insert("externalId".to_owned(), id.as_str().into());
    }
    Document::from_stored(Kind::Group, attributes)
}

/// Makes a group what it is to be, and logs what was changed; refused where somebody who is protected was to leave.
async fn change(
    work: &mut Work<'_>,
    group: &ScimGroup,
    to: &Document,
    members: &Membership,
) -> Result<Granted<ScimGroup>, No> {
    let name = name(to)?;
    if let Membership::Computed(difference) = members
        && difference.version != group.version
    {
        return Err(No::silent(Refused::GroupMoved));
    }
    let mut moved = Moved::look_up(work, members).await?;
    stay(work, &group.id, members).await?;
    let renamed = name != group.display_name;
    let edited = renamed || to.external_id() != group.external_id.as_deref();
    if edited {
        let wanted = GroupWrite { display_name: name, external_id: to.external_id(), now: work.now };
        work.claim.group_write(&group.id, &wanted).await?;
        let was = renamed.then(|| group.display_name.clone());
        work.log(Change::GroupUpdated { name: name.to_owned(), was });
    }
    moved.write(work, &group.id, members).await?;
    let changed = moved.log(work, name) || edited;
    kept(work, &group.id, changed).await
}

async fn kept(work: &mut Work<'_>, id: &str, changed: bool) -> Result<Granted<ScimGroup>, No> {
    let group = work.claim.group(id).await?.ok_or_else(|| scim::Error::resource_not_found(id))?;
    Ok(Granted { resource: group, changed, notes: Notes::new() })
}

/// Who joined and who left.
#[derive(Debug, Default)]
struct Moved {
    added: u64,
    removed: u64,
    /// The names of the first few.
    who: Vec<String>,
    /// The names of those who may join, where the transaction has looked them up.
    names: Vec<String>,
}

impl Moved {
    /// Makes sure that all who are to join are members of the team. Those of a difference were looked up before, and are seen
    /// to have been there when they join.
    async fn look_up(work: &mut Work<'_>, members: &Membership) -> Result<Self, No> {
        let names = match members {
            Membership::Listed { known, .. } => all_known(work, known).await?,
            Membership::Unchanged | Membership::Computed(_) => Vec::new(),
        };
        Ok(Self { names, ..Self::default() })
    }

    async fn write(&mut self, work: &mut Work<'_>, group: &str, members: &Membership) -> Result<(), No> {
        match members {
            Membership::Unchanged => {}
            Membership::Listed { add, remove, .. } => {
                self.added = work.claim.group_members_add(group, add, work.now).await?;
                if self.added > 0 {
                    self.who.extend(std::mem::take(&mut self.names).into_iter().take(NAMED));
                }
                let remove: Vec<String> = remove.iter().filter(|id| is_id(id)).cloned().collect();
                self.removed = work.claim.group_members_remove(group, &remove, work.now).await?;
                if self.removed > 0 && self.who.len() < NAMED {
                    let first = remove.get(..NAMED.min(remove.len())).unwrap_or_default();
                    let names = work.claim.members_named(first).await?;
                    let room = NAMED - self.who.len();
                    self.who.extend(names.into_iter().take(room).map(|(_, name)| name));
                }
            }
            Membership::Computed(Difference { add, remove, names, .. }) => {
                self.added = work.claim.group_members_add(group, add, work.now).await?;
                self.removed = work.claim.group_members_remove(group, remove, work.now).await?;
                if (self.added, self.removed) != (add.len() as u64, remove.len() as u64) {
                    // Somebody was deleted since.
                    return Err(No::silent(Refused::GroupMoved));
                }
                self.who.clone_from(names);
            }
        }
        Ok(())
    }

    /// Adds the entry of the log; false: nobody joined or left.
    fn log(&self, work: &mut Work<'_>, name: &str) -> bool {
        let Moved { added, removed, who, .. } = self;
        let any = added + removed > 0;
        if any {
            let (added, removed, who) = (*added, *removed, who.clone());
            work.log(Change::GroupMembersChanged { name: name.to_owned(), added, removed, who });
        }
        any
    }
}

/// The members' names; all of them have to be members of the team.
async fn all_known(work: &mut Work<'_>, members: &[String]) -> Result<Vec<String>, No> {
    if members.is_empty() {
        return Ok(Vec::new());
    }
    let possible: Vec<String> = members.iter().filter(|id| is_id(id)).cloned().collect();
    let named = work.claim.members_named(&possible).await?;
    let known: HashSet<&str> = named.iter().map(|(id, _)| id.as_str()).collect();
    unknown(members, |id| known.contains(id))?;
    drop(known);
    Ok(named.into_iter().map(|(_, name)| name).collect())
}

/// Refuses the request if somebody who is protected was to leave.
async fn stay(work: &mut Work<'_>, group: &str, members: &Membership) -> Result<(), No> {
    let remove = match members {
        Membership::Listed { remove, .. } | Membership::Computed(Difference { remove, .. }) => remove,
        Membership::Unchanged => return Ok(()),
    };
    if remove.is_empty() {
        return Ok(());
    }
    let mut stay = protected(work, group).await?;
    if !stay.is_empty() {
        let leave: HashSet<&str> = remove.iter().map(String::as_str).collect();
        stay.retain(|one| leave.contains(one.member.id.as_str()));
    }
    none(&stay)
}

/// Somebody who may not lose what a group gives, and why not.
#[derive(Debug)]
struct Protected {
    member: MarkedMember,
    role: Role,
    why: String,
}

/// Who of a group's members would be demoted without it, and must not be.
///
/// The last active Super Admin is none of them: groups never give that role.
async fn protected(work: &mut Work<'_>, group: &str) -> Result<Vec<Protected>, No> {
    let Some((role, marked)) = work.claim.group_marked(group).await? else { return Ok(Vec::new()) };
    // As if a Super Admin did it: who is in a group is the provider's business, whatever its key may do; the guards hold.
    let protect =
        |member: MarkedMember| match review(Role::SuperAdmin, member.subject, MemberEffect::Roles(member.without)) {
            Ok(_) => None,
            Err(why) => Some(Protected { member, role, why: why.to_string() }),
        };
    Ok(marked.into_iter().filter_map(protect).collect())
}

/// Refuses the request if somebody was to leave who is protected: who, why, and what helps. The first of them is in the log.
fn none(stay: &[Protected]) -> Result<(), No> {
    let Some(Protected { member, role, why }) = stay.first() else { return Ok(()) };
    let log = Change::MemberProtected { name: member.display_name.clone(), why: why.clone() };
    let names: Vec<&str> = stay.iter().take(NAMED).map(|one| one.member.user_name.as_str()).collect();
    let who = match stay.len().saturating_sub(NAMED) {
        0 => text::join_names(&names),
        more => format!("{} and {more} more", names.join(", ")),
    };
    let detail = format!("{who} cannot leave this group, which gives the role {role}: {why}. Nothing was changed");
    Err(No { why: Refused::Scim(scim::Error::forbidden(detail)), log: Some(log) })
}
