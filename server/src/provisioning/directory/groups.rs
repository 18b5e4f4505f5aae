//! Groups, as identity providers change them.
//!
//! Whom the policy protects ([`domain::member::review`]) stays in a group that gives them a role they would lose with it: then
//! the request is refused as a whole (RFC 7644, section 3.5.2: a PATCH that fails leaves everything as it was), and the 403
//! names who stands in the way, why, and what helps.

use super::{
    person::nul_in,
    refused::{No, Refused},
    wish::{Granted, Wish, Work},
};
use crate::store::{GroupWrite, MarkedMember, ScimGroup};
use domain::{
    activity::Change,
    member::{Effect, review},
    role::Role,
    text,
};
use scim::{
    Document, Kind, Notes, Precondition, Version,
    patch::{MemberChange, Patch},
    precondition::Outcome,
    resource::{About, Group, Member},
};
use serde_json::Map;
use std::collections::HashSet;

/// `POST /Groups`.
#[derive(Debug)]
pub(crate) struct CreateGroup(pub(crate) Document);

/// `PUT /Groups/{id}`.
#[derive(Debug)]
pub(crate) struct ReplaceGroup {
    pub(crate) id: String,
    pub(crate) document: Document,
    pub(crate) precondition: Precondition,
}

/// `PATCH /Groups/{id}`.
#[derive(Debug)]
pub(crate) struct PatchGroup {
    pub(crate) id: String,
    pub(crate) patch: Patch,
    pub(crate) precondition: Precondition,
}

/// `DELETE /Groups/{id}`.
#[derive(Debug)]
pub(crate) struct DeleteGroup {
    pub(crate) id: String,
    pub(crate) precondition: Precondition,
}

impl Wish for CreateGroup {
    type Made = Granted<ScimGroup>;

    async fn make(&self, work: &mut Work<'_>) -> Result<Granted<ScimGroup>, No> {
        let members = ids(self.0.members().unwrap_or_default());
        all_known(work, &members).await?;
        let id = work.new_id();
        let name = name(&self.0)?;
        let group = GroupWrite { display_name: name, external_id: self.0.external_id(), now: work.now };
        work.claim.group_insert(&id, &group).await?;
        let joined = work.claim.group_members_add(&id, &members, work.now).await?;
        work.log(Change::GroupCreated { name: name.to_owned(), members: joined });
        kept(work, &id, true).await
    }
}

impl Wish for ReplaceGroup {
    type Made = Granted<ScimGroup>;

    /// A difference is applied: who is in the group before and after stays in it all the time. Without `members` nobody
    /// joins or leaves, because clients that leave the list out do not mean an empty group.
    async fn make(&self, work: &mut Work<'_>) -> Result<Granted<ScimGroup>, No> {
        let group = find(work, &self.id, &self.precondition).await?;
        let mut moved = Moved::default();
        if let Some(members) = self.document.members() {
            let change = MemberChange::Replace(members.to_vec());
            moved.apply(work, &group, &change).await?;
        }
        finish(work, &group, &self.document, moved).await
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
        let mut moved = Moved::default();
        for change in self.patch.members() {
            moved.apply(work, &group, change).await?;
        }
        Ok(Granted { notes, ..finish(work, &group, &document, moved).await? })
    }
}

impl Wish for DeleteGroup {
    type Made = ();

    /// The group's members stay members of the team.
    async fn make(&self, work: &mut Work<'_>) -> Result<(), No> {
        let group = find(work, &self.id, &self.precondition).await?;
        let protected = protected(work, &group.id).await?;
        none(&protected)?;
        work.claim.group_delete(&group.id).await?;
        let members = group.member_count.max(0).cast_unsigned();
        work.log(Change::GroupDeleted { name: group.display_name, members });
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

/// Writes what is left to write, and logs what was changed; refused where somebody who is protected was to leave.
async fn finish(work: &mut Work<'_>, group: &ScimGroup, to: &Document, moved: Moved) -> Result<Granted<ScimGroup>, No> {
    let name = name(to)?;
    let renamed = name != group.display_name;
    let edited = renamed || to.external_id() != group.external_id.as_deref();
    if edited {
        let wanted = GroupWrite { display_name: name, external_id: to.external_id(), now: work.now };
        work.claim.group_write(&group.id, &wanted).await?;
        let was = renamed.then(|| group.display_name.clone());
        work.log(Change::GroupUpdated { name: name.to_owned(), was });
    }
    none(&moved.stay)?;
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
    /// Who was to leave, and is protected.
    stay: Vec<Protected>,
}

impl Moved {
    /// So many names stand in the log.
    const NAMED: usize = 5;

    async fn apply(&mut self, work: &mut Work<'_>, group: &ScimGroup, change: &MemberChange) -> Result<(), No> {
        match change {
            MemberChange::Add(members) => self.add(work, group, ids(members)).await,
            MemberChange::Remove(members) => self.remove(work, group, ids(members)).await,
            MemberChange::Clear => {
                let all = work.claim.group_member_ids(&group.id).await?;
                self.remove(work, group, all).await
            }
            MemberChange::Replace(members) => {
                let wanted = ids(members);
                let there: HashSet<String> = work.claim.group_member_ids(&group.id).await?.into_iter().collect();
                let stay: HashSet<&String> = wanted.iter().collect();
                let leave = there.iter().filter(|id| !stay.contains(id)).cloned().collect();
                let join = wanted.iter().filter(|id| !there.contains(*id)).cloned().collect();
                self.add(work, group, join).await?;
                self.remove(work, group, leave).await
            }
            MemberChange::RemoveWhere(filter) => {
                let all = work.claim.group_member_ids(&group.id).await?;
                let named = work.claim.members_named(&all).await?;
                let about = About { base: "", id: "", created: 0, last_modified: 0, version: 0 };
                let view = Group { about, external_id: None, display_name: "", members: &[] };
                let meant = |(id, name): &(domain::id::MemberId, String)| {
                    let member = Member { id: id.to_string(), display: name.clone() };
                    MemberChange::matches(filter, &view.member(&member))
                };
                let leave = named.iter().filter(|member| meant(member)).map(|(id, _)| id.to_string()).collect();
                self.remove(work, group, leave).await
            }
        }
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

    async fn add(&mut self, work: &mut Work<'_>, group: &ScimGroup, members: Vec<String>) -> Result<(), No> {
        // Who is to be in it after all was not refused anything.
        self.stay.retain(|one| !members.iter().any(|id| id == one.member.id.as_str()));
        let names = all_known(work, &members).await?;
        let joined = work.claim.group_members_add(&group.id, &members, work.now).await?;
        self.added += joined;
        if joined > 0 {
            self.name(names);
        }
        Ok(())
    }

    async fn remove(&mut self, work: &mut Work<'_>, group: &ScimGroup, mut members: Vec<String>) -> Result<(), No> {
        members.retain(|id| is_id(id));
        for one in protected(work, &group.id).await? {
            let id = one.member.id.as_str();
            if members.iter().any(|member| member == id) {
                members.retain(|member| member != id);
                self.stay.push(one);
            }
        }
        let left = work.claim.group_members_remove(&group.id, &members, work.now).await?;
        self.removed += left;
        if left > 0 && self.who.len() < Self::NAMED {
            let first = members.get(..Self::NAMED.min(members.len())).unwrap_or_default();
            let names = work.claim.members_named(first).await?;
            self.name(names.into_iter().map(|(_, name)| name));
        }
        Ok(())
    }

    fn name(&mut self, names: impl IntoIterator<Item = String>) {
        let room = Self::NAMED.saturating_sub(self.who.len());
        self.who.extend(names.into_iter().take(room));
    }
}

/// Ids as the database has them: some clients change the case of letters.
fn ids(sent: &[String]) -> Vec<String> {
    sent.iter().map(|id| id.trim().to_ascii_lowercase()).collect()
}

/// Can it be the id of anything? The database cannot even be asked for a NUL character.
fn is_id(id: &str) -> bool {
    !id.contains('\0')
}

/// The members' names; all of them have to be members of the team.
async fn all_known(work: &mut Work<'_>, members: &[String]) -> Result<Vec<String>, No> {
    if members.is_empty() {
        return Ok(Vec::new());
    }
    let possible: Vec<String> = members.iter().filter(|id| is_id(id)).cloned().collect();
    let named = work.claim.members_named(&possible).await?;
    let known: HashSet<&str> = named.iter().map(|(id, _)| id.as_str()).collect();
    let mut unknown = members.iter().filter(|id| !known.contains(id.as_str()));
    let first: Vec<&str> = unknown.by_ref().take(5).map(String::as_str).collect();
    if first.is_empty() {
        return Ok(named.into_iter().map(|(_, name)| name).collect());
    }
    let more = match unknown.count() {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    let detail = format!("members: there is no User with the id {}{more}", first.join(", "));
    Err(scim::Error::invalid_value(detail).into())
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
    let protect = |member: MarkedMember| match review(Role::SuperAdmin, member.subject, Effect::Roles(member.without)) {
        Ok(_) => None,
        Err(why) => Some(Protected { member, role, why: why.to_string() }),
    };
    Ok(marked.into_iter().filter_map(protect).collect())
}

/// Refuses the request if somebody was to leave who is protected: who, why, and what helps. The first of them is in the log.
fn none(stay: &[Protected]) -> Result<(), No> {
    /// So many are named to the client.
    const NAMED: usize = 5;
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
