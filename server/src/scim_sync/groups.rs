//! Groups, as identity providers change them.
//!
//! Whom the policy protects ([`domain::member::review`]) stays in a group that gives them a role they would lose with it: then
//! the request is refused as a whole (RFC 7644, section 3.5.2: a PATCH that fails leaves everything as it was), and the 403
//! names who stands in the way, why, and what helps.

use super::membership::{MembershipDifference, MembershipPlan, is_id, unknown};
use crate::scim_sync::{
    command::{Applied, Command, CommandContext},
    error::{CommandError, ProvisioningError},
};
use crate::team_change::person::nul_in;
use domain::{
    activity::Change,
    member::{MemberEffect, review},
    role::Role,
    validation::text,
};
use scim::{
    Normalizations, Precondition, ResourceDocument, ResourceType, Version, patch::Patch,
    precondition::PreconditionOutcome,
};
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
    pub(super) document: ResourceDocument,
    pub(super) members: MembershipPlan,
}

/// `PUT /Groups/{id}`.
#[derive(Debug)]
pub(crate) struct ReplaceGroup {
    pub(super) id: String,
    pub(super) document: Arc<ResourceDocument>,
    pub(super) precondition: Precondition,
    pub(super) members: MembershipPlan,
}

/// `PATCH /Groups/{id}`.
#[derive(Debug)]
pub(crate) struct PatchGroup {
    pub(super) id: String,
    pub(super) patch: Arc<Patch>,
    pub(super) precondition: Precondition,
    pub(super) members: MembershipPlan,
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

impl Command for CreateGroup {
    type Output = Applied<ScimGroup>;

    async fn apply(&self, context: &mut CommandContext<'_>) -> Result<Applied<ScimGroup>, CommandError> {
        let name = name(&self.document)?;
        let mut moved = Moved::look_up(context, &self.members).await?;
        let id = context.new_id();
        let group = GroupWrite { display_name: name, external_id: self.document.external_id(), now: context.now };
        context.tx.group_insert(&id, &group).await?;
        moved.write(context, &id, &self.members).await?;
        context.log(Change::GroupCreated { name: name.to_owned(), members: moved.added });
        kept(context, &id, true).await
    }
}

impl Command for ReplaceGroup {
    type Output = Applied<ScimGroup>;

    async fn apply(&self, context: &mut CommandContext<'_>) -> Result<Applied<ScimGroup>, CommandError> {
        let group = find(context, &self.id, &self.precondition).await?;
        change(context, &group, &self.document, &self.members).await
    }
}

impl Command for PatchGroup {
    type Output = Applied<ScimGroup>;

    async fn apply(&self, context: &mut CommandContext<'_>) -> Result<Applied<ScimGroup>, CommandError> {
        let group = find(context, &self.id, &self.precondition).await?;
        let mut notes = Normalizations::new();
        let document = match self.patch.changes_document() {
            true => self.patch.apply(&document(&group), &mut notes)?,
            false => document(&group),
        };
        Ok(Applied { notes, ..change(context, &group, &document, &self.members).await? })
    }
}

impl Command for DeleteGroup {
    type Output = ();

    /// The group's members stay members of the team.
    async fn apply(&self, context: &mut CommandContext<'_>) -> Result<(), CommandError> {
        let group = find(context, &self.id, &self.precondition).await?;
        let protected = protected(context, &group.id).await?;
        none(&protected)?;
        context.tx.group_delete(&group.id, context.now).await?;
        let members = group.member_count.max(0).cast_unsigned();
        context.log(Change::GroupDeleted { name: group.display_name, members });
        Ok(())
    }
}

impl Command for EmptyGroup {
    type Output = ();

    async fn apply(&self, context: &mut CommandContext<'_>) -> Result<(), CommandError> {
        let group = find(context, &self.id, &self.precondition).await?;
        let protected = protected(context, &group.id).await?;
        none(&protected)?;
        let members = context.tx.group_member_ids(&group.id, PORTION).await?;
        let removed = context.tx.group_members_remove(&group.id, &members, context.now).await?;
        context.log(Change::GroupMembersChanged { name: group.display_name, added: 0, removed, who: Vec::new() });
        Ok(())
    }
}

async fn find(
    context: &mut CommandContext<'_>,
    id: &str,
    precondition: &Precondition,
) -> Result<ScimGroup, CommandError> {
    let group = context.tx.group(id).await?.ok_or_else(|| scim::ScimError::resource_not_found(id))?;
    let version = Some(Version(group.version));
    match precondition.check(version, false) {
        PreconditionOutcome::Proceed => Ok(group),
        PreconditionOutcome::Failed | PreconditionOutcome::NotModified => Err(precondition.error(version).into()),
    }
}

fn name(document: &ResourceDocument) -> Result<&str, scim::ScimError> {
    if document.external_id().is_some_and(|id| id.contains('\0')) {
        return Err(nul_in("externalId"));
    }
    document.display_name().ok_or_else(|| scim::ScimError::invalid_value("displayName is required"))
}

/// The group's attributes as clients write them.
fn document(group: &ScimGroup) -> ResourceDocument {
    let mut attributes = Map::new();
    attributes.insert("displayName".to_owned(), group.display_name.as_str().into());
    if let Some(id) = &group.external_id {
        attributes.insert("externalId".to_owned(), id.as_str().into());
    }
    ResourceDocument::from_stored(ResourceType::Group, attributes)
}

/// Makes a group what it is to be, and logs what was changed; refused where somebody who is protected was to leave.
async fn change(
    context: &mut CommandContext<'_>,
    group: &ScimGroup,
    to: &ResourceDocument,
    members: &MembershipPlan,
) -> Result<Applied<ScimGroup>, CommandError> {
    let name = name(to)?;
    if let MembershipPlan::Computed(difference) = members
        && difference.version != group.version
    {
        return Err(CommandError::without_entry(ProvisioningError::GroupMoved));
    }
    let mut moved = Moved::look_up(context, members).await?;
    stay(context, &group.id, members).await?;
    let renamed = name != group.display_name;
    let edited = renamed || to.external_id() != group.external_id.as_deref();
    if edited {
        let wanted = GroupWrite { display_name: name, external_id: to.external_id(), now: context.now };
        context.tx.group_write(&group.id, &wanted).await?;
        let was = renamed.then(|| group.display_name.clone());
        context.log(Change::GroupUpdated { name: name.to_owned(), was });
    }
    moved.write(context, &group.id, members).await?;
    let changed = moved.log(context, name) || edited;
    kept(context, &group.id, changed).await
}

async fn kept(context: &mut CommandContext<'_>, id: &str, changed: bool) -> Result<Applied<ScimGroup>, CommandError> {
    let group = context.tx.group(id).await?.ok_or_else(|| scim::ScimError::resource_not_found(id))?;
    Ok(Applied { resource: group, changed, notes: Normalizations::new() })
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
    async fn look_up(context: &mut CommandContext<'_>, members: &MembershipPlan) -> Result<Self, CommandError> {
        let names = match members {
            MembershipPlan::Listed { known, .. } => all_known(context, known).await?,
            MembershipPlan::Unchanged | MembershipPlan::Computed(_) => Vec::new(),
        };
        Ok(Self { names, ..Self::default() })
    }

    async fn write(
        &mut self,
        context: &mut CommandContext<'_>,
        group: &str,
        members: &MembershipPlan,
    ) -> Result<(), CommandError> {
        match members {
            MembershipPlan::Unchanged => {}
            MembershipPlan::Listed { add, remove, .. } => {
                self.added = context.tx.group_members_add(group, add, context.now).await?;
                if self.added > 0 {
                    self.who.extend(std::mem::take(&mut self.names).into_iter().take(NAMED));
                }
                let remove: Vec<String> = remove.iter().filter(|id| is_id(id)).cloned().collect();
                self.removed = context.tx.group_members_remove(group, &remove, context.now).await?;
                if self.removed > 0 && self.who.len() < NAMED {
                    let first = remove.get(..NAMED.min(remove.len())).unwrap_or_default();
                    let names = context.tx.members_named(first).await?;
                    let room = NAMED - self.who.len();
                    self.who.extend(names.into_iter().take(room).map(|(_, name)| name));
                }
            }
            MembershipPlan::Computed(MembershipDifference { add, remove, names, .. }) => {
                self.added = context.tx.group_members_add(group, add, context.now).await?;
                self.removed = context.tx.group_members_remove(group, remove, context.now).await?;
                if (self.added, self.removed) != (add.len() as u64, remove.len() as u64) {
                    // Somebody was deleted since.
                    return Err(CommandError::without_entry(ProvisioningError::GroupMoved));
                }
                self.who.clone_from(names);
            }
        }
        Ok(())
    }

    /// Adds the entry of the log; false: nobody joined or left.
    fn log(&self, context: &mut CommandContext<'_>, name: &str) -> bool {
        let Moved { added, removed, who, .. } = self;
        let any = added + removed > 0;
        if any {
            let (added, removed, who) = (*added, *removed, who.clone());
            context.log(Change::GroupMembersChanged { name: name.to_owned(), added, removed, who });
        }
        any
    }
}

/// The members' names; all of them have to be members of the team.
async fn all_known(context: &mut CommandContext<'_>, members: &[String]) -> Result<Vec<String>, CommandError> {
    if members.is_empty() {
        return Ok(Vec::new());
    }
    let possible: Vec<String> = members.iter().filter(|id| is_id(id)).cloned().collect();
    let named = context.tx.members_named(&possible).await?;
    let known: HashSet<&str> = named.iter().map(|(id, _)| id.as_str()).collect();
    unknown(members, |id| known.contains(id))?;
    drop(known);
    Ok(named.into_iter().map(|(_, name)| name).collect())
}

/// Refuses the request if somebody who is protected was to leave.
async fn stay(context: &mut CommandContext<'_>, group: &str, members: &MembershipPlan) -> Result<(), CommandError> {
    let remove = match members {
        MembershipPlan::Listed { remove, .. } | MembershipPlan::Computed(MembershipDifference { remove, .. }) => remove,
        MembershipPlan::Unchanged => return Ok(()),
    };
    if remove.is_empty() {
        return Ok(());
    }
    let mut stay = protected(context, group).await?;
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
async fn protected(context: &mut CommandContext<'_>, group: &str) -> Result<Vec<Protected>, CommandError> {
    let Some((role, marked)) = context.tx.group_marked(group).await? else { return Ok(Vec::new()) };
    // As if a Super Admin did it: who is in a group is the provider's business, whatever its key may do; the guards hold.
    let protect =
        |member: MarkedMember| match review(Role::SuperAdmin, member.subject, MemberEffect::Roles(member.without)) {
            Ok(_) => None,
            Err(why) => Some(Protected { member, role, why: why.to_string() }),
        };
    Ok(marked.into_iter().filter_map(protect).collect())
}

/// Refuses the request if somebody was to leave who is protected: who, why, and what helps. The first of them is in the log.
fn none(stay: &[Protected]) -> Result<(), CommandError> {
    let Some(Protected { member, role, why }) = stay.first() else { return Ok(()) };
    let log = Change::MemberProtected { name: member.display_name.clone(), why: why.clone() };
    let names: Vec<&str> = stay.iter().take(NAMED).map(|one| one.member.user_name.as_str()).collect();
    let who = match stay.len().saturating_sub(NAMED) {
        0 => text::join_names(&names),
        more => format!("{} and {more} more", names.join(", ")),
    };
    let detail = format!(
        "{who} can't be removed from this group because it assigns the {role} role: {why}. Nothing was changed"
    );
    Err(CommandError { error: ProvisioningError::Scim(scim::ScimError::forbidden(detail)), log: Some(log) })
}
