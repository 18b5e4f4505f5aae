//! Groups, as identity providers change them.
//!
//! Whom the policy protects ([`domain::member::review`]) stays in a group that gives them a role they would lose with it. All
//! the rest of the request is done all the same, in the same transaction, and the answer is a 403 that names who stays and says
//! so. RFC 7644, section 3.5.2, has a PATCH fail as a whole; here that would mean that one mark keeps everybody else's role
//! too, also of those whom the provider just took it from, for as long as the provider tries. What may be taken away is taken
//! away; a repeated request has nothing left to do but the protected, and gets the same answer. A group that is deleted
//! stays likewise, with the protected alone. What is wrong with a request for any other reason refuses all of it.

use super::{
    person::nul_in,
    refused::No,
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

/// What became of a group: done, or done but for those who are protected, which the client is told.
pub(crate) type Made<R> = Result<R, scim::Error>;

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
    type Made = Made<Granted<ScimGroup>>;

    /// A difference is applied: who is in the group before and after stays in it all the time. Without `members` nobody
    /// joins or leaves, because clients that leave the list out do not mean an empty group.
    async fn make(&self, work: &mut Work<'_>) -> Result<Made<Granted<ScimGroup>>, No> {
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
    type Made = Made<Granted<ScimGroup>>;

    async fn make(&self, work: &mut Work<'_>) -> Result<Made<Granted<ScimGroup>>, No> {
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
        let made = finish(work, &group, &document, moved).await?;
        Ok(made.map(|granted| Granted { notes, ..granted }))
    }
}

impl Wish for DeleteGroup {
    type Made = Made<()>;

    /// The group's members stay members of the team.
    async fn make(&self, work: &mut Work<'_>) -> Result<Made<()>, No> {
        let group = find(work, &self.id, &self.precondition).await?;
        let protected = protected(work, &group.id).await?;
        if !protected.is_empty() {
            let mut moved = Moved::default();
            moved.apply(work, &group, &MemberChange::Clear).await?;
            let rest = "The group was not deleted: it stays for them alone, and everybody else has left it";
            moved.log(work, &group.display_name);
            return Ok(Err(refusal(work, &group.display_name, &protected, rest)));
        }
        work.claim.group_delete(&group.id).await?;
        let members = group.member_count.max(0).cast_unsigned();
        work.log(Change::GroupDeleted { name: group.display_name, members });
        Ok(Ok(()))
    }
}

async fn find(work: &mut Work<'_>, id: &str, precondition: &Precondition) -> Result<ScimGroup, No> {
    let group = work.claim.group(id).await?.ok_or_else(|| scim::Error::resource_not_found(id))?;
    match precondition.check(Some(Version(group.version)), false) {
        Outcome::Proceed => Ok(group),
        Outcome::Failed | Outcome::NotModified => Err(scim::Error::precondition_failed().into()),
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

/// Writes what is left to write, and logs what was changed, and who was not.
async fn finish(
    work: &mut Work<'_>,
    group: &ScimGroup,
    to: &Document,
    moved: Moved,
) -> Result<Made<Granted<ScimGroup>>, No> {
    let name = name(to)?;
    let renamed = name != group.display_name;
    let edited = renamed || to.external_id() != group.external_id.as_deref();
    if edited {
        let wanted = GroupWrite { display_name: name, external_id: to.external_id(), now: work.now };
        work.claim.group_write(&group.id, &wanted).await?;
        let was = renamed.then(|| group.display_name.clone());
        work.log(Change::GroupUpdated { name: name.to_owned(), was });
    }
    let changed = moved.log(work, name) || edited;
    if !moved.stay.is_empty() {
        let rest = "Everything else that was asked for is done";
        return Ok(Err(refusal(work, name, &moved.stay, rest)));
    }
    Ok(Ok(kept(work, &group.id, changed).await?))
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

/// Logs who stays in a group against what was asked for, each by an entry of their own, and says so to the client: who, why,
/// what helps, and what became of the `rest`.
fn refusal(work: &mut Work<'_>, group: &str, stay: &[Protected], rest: &str) -> scim::Error {
    /// So many are named to the client.
    const NAMED: usize = 5;
    for Protected { member, role, why } in stay {
        let why = format!("{why}. Until then, the member stays in group {group}, which gives {role}");
        work.log((&member.id, Change::MemberProtected { name: member.display_name.clone(), why }));
    }
    let names: Vec<&str> = stay.iter().take(NAMED).map(|one| one.member.user_name.as_str()).collect();
    let who = match stay.len().saturating_sub(NAMED) {
        0 => text::join_names(&names),
        more => format!("{} and {more} more", names.join(", ")),
    };
    let (role, why) = stay.first().map_or((Role::Developer, ""), |first| (first.role, first.why.as_str()));
    let stays = if stay.len() == 1 { "stays" } else { "stay" };
    scim::Error::forbidden(format!("{who} {stays} in this group, which gives the role {role}: {why}. {rest}"))
}
