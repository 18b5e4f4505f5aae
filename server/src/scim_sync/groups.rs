//! Commands on Groups (RFC 7644, sections 3.3, 3.5 and 3.6).
//!
//! A member that the policy protects ([`domain::member::review`]) cannot leave a group that gives it a role. The request is then
//! rejected as a whole, because a PATCH that fails changes nothing (RFC 7644, section 3.5.2). The 403 names the member, the
//! reason and the remedy.

use super::membership::{MAX_NAMES, MembershipDifference, MembershipPlan, check_known, is_id};
use crate::{
    scim_sync::{
        command::{Applied, Command, CommandContext},
        error::ProvisioningError,
    },
    team_change::person::nul_in,
};
use async_trait::async_trait;
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
use store::{GroupWrite, MarkedMember, ScimGroup, ScimResource};

/// Upper bound of the members that one transaction removes from a group before it is deleted. See docs/decisions/large-groups.md.
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

/// Removes a portion of the members of a group that is about to be deleted.
#[derive(Debug)]
pub(super) struct EmptyGroup {
    pub(super) id: String,
    pub(super) precondition: Precondition,
}

#[async_trait]
impl Command for CreateGroup {
    async fn apply(&self, context: &mut CommandContext<'_>) -> Result<Applied, ProvisioningError> {
        let name = name(&self.document)?;
        let mut membership = MembershipChange::prepare(context, &self.members).await?;
        let id = context.new_id();
        let group = GroupWrite { display_name: name, external_id: self.document.external_id(), now: context.now };
        context.tx.group_insert(&id, &group).await?;
        membership.write(context, &id, &self.members).await?;
        context.log(Change::GroupCreated { name: name.to_owned(), members: membership.added });
        applied(context, &id, true).await
    }
}

#[async_trait]
impl Command for ReplaceGroup {
    async fn apply(&self, context: &mut CommandContext<'_>) -> Result<Applied, ProvisioningError> {
        let group = load_group(context, &self.id, &self.precondition).await?;
        update(context, &group, &self.document, &self.members).await
    }
}

#[async_trait]
impl Command for PatchGroup {
    async fn apply(&self, context: &mut CommandContext<'_>) -> Result<Applied, ProvisioningError> {
        let group = load_group(context, &self.id, &self.precondition).await?;
        let mut notes = Normalizations::new();
        let document = match self.patch.changes_document() {
            true => self.patch.apply(&document(&group), &mut notes)?,
            false => document(&group),
        };
        Ok(Applied { notes, ..update(context, &group, &document, &self.members).await? })
    }
}

#[async_trait]
impl Command for DeleteGroup {
    /// The group's members stay members of the team.
    async fn apply(&self, context: &mut CommandContext<'_>) -> Result<Applied, ProvisioningError> {
        let group = load_group(context, &self.id, &self.precondition).await?;
        let protected = protected_members(context, &group.id).await?;
        reject_protected(&protected)?;
        context.tx.group_delete(&group.id, context.now).await?;
        let members = group.member_count.max(0).cast_unsigned();
        context.log(Change::GroupDeleted { name: group.display_name, members });
        Ok(Applied::deleted())
    }
}

#[async_trait]
impl Command for EmptyGroup {
    async fn apply(&self, context: &mut CommandContext<'_>) -> Result<Applied, ProvisioningError> {
        let group = load_group(context, &self.id, &self.precondition).await?;
        let protected = protected_members(context, &group.id).await?;
        reject_protected(&protected)?;
        let members = context.tx.group_member_ids(&group.id, PORTION).await?;
        let removed = context.tx.group_members_remove(&group.id, &members, context.now).await?;
        context.log(Change::GroupMembersChanged { name: group.display_name, added: 0, removed, who: Vec::new() });
        Ok(Applied::deleted())
    }
}

async fn load_group(
    context: &mut CommandContext<'_>,
    id: &str,
    precondition: &Precondition,
) -> Result<ScimGroup, ProvisioningError> {
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

/// Updates a group and logs the changes. Fails if a protected member would leave.
async fn update(
    context: &mut CommandContext<'_>,
    group: &ScimGroup,
    to: &ResourceDocument,
    members: &MembershipPlan,
) -> Result<Applied, ProvisioningError> {
    let name = name(to)?;
    if let MembershipPlan::Computed(difference) = members
        && difference.version != group.version
    {
        return Err(ProvisioningError::GroupMoved);
    }
    let mut membership = MembershipChange::prepare(context, members).await?;
    check_protected(context, &group.id, members).await?;
    let renamed = name != group.display_name;
    let edited = renamed || to.external_id() != group.external_id.as_deref();
    if edited {
        let wanted = GroupWrite { display_name: name, external_id: to.external_id(), now: context.now };
        context.tx.group_write(&group.id, &wanted).await?;
        let was = renamed.then(|| group.display_name.clone());
        context.log(Change::GroupUpdated { name: name.to_owned(), was });
    }
    membership.write(context, &group.id, members).await?;
    let changed = membership.log(context, name) || edited;
    applied(context, &group.id, changed).await
}

async fn applied(context: &mut CommandContext<'_>, id: &str, changed: bool) -> Result<Applied, ProvisioningError> {
    let group = context.tx.group(id).await?.ok_or_else(|| scim::ScimError::resource_not_found(id))?;
    Ok(Applied::new(ScimResource::Group(group), changed))
}

/// The members that joined and left.
#[derive(Debug, Default)]
struct MembershipChange {
    added: u64,
    removed: u64,
    /// The names of the first of them, at most [`MAX_NAMES`].
    who: Vec<String>,
    /// The names of the members to add, where the transaction read them.
    names: Vec<String>,
}

impl MembershipChange {
    /// Checks that the members to add exist. Those of a computed difference were checked before, and [`Self::write`] notices if
    /// one was deleted since.
    async fn prepare(context: &mut CommandContext<'_>, members: &MembershipPlan) -> Result<Self, ProvisioningError> {
        let names = match members {
            MembershipPlan::Listed { must_exist, .. } => names_of(context, must_exist).await?,
            MembershipPlan::Unchanged | MembershipPlan::Computed(_) => Vec::new(),
        };
        Ok(Self { names, ..Self::default() })
    }

    async fn write(
        &mut self,
        context: &mut CommandContext<'_>,
        group: &str,
        members: &MembershipPlan,
    ) -> Result<(), ProvisioningError> {
        match members {
            MembershipPlan::Unchanged => {}
            MembershipPlan::Listed { add, remove, .. } => {
                self.added = context.tx.group_members_add(group, add, context.now).await?;
                if self.added > 0 {
                    self.who.extend(std::mem::take(&mut self.names).into_iter().take(MAX_NAMES));
                }
                let remove: Vec<String> = remove.iter().filter(|id| is_id(id)).cloned().collect();
                self.removed = context.tx.group_members_remove(group, &remove, context.now).await?;
                if self.removed > 0 && self.who.len() < MAX_NAMES {
                    let first = remove.get(..MAX_NAMES.min(remove.len())).unwrap_or_default();
                    let names = context.tx.members_named(first).await?;
                    let left = MAX_NAMES - self.who.len();
                    self.who.extend(names.into_iter().take(left).map(|(_, name)| name));
                }
            }
            MembershipPlan::Computed(MembershipDifference { add, remove, names, .. }) => {
                self.added = context.tx.group_members_add(group, add, context.now).await?;
                self.removed = context.tx.group_members_remove(group, remove, context.now).await?;
                if (self.added, self.removed) != (add.len() as u64, remove.len() as u64) {
                    // A member was deleted since the computation.
                    return Err(ProvisioningError::GroupMoved);
                }
                self.who.clone_from(names);
            }
        }
        Ok(())
    }

    /// Logs the change. Returns whether any member joined or left.
    fn log(&self, context: &mut CommandContext<'_>, name: &str) -> bool {
        let MembershipChange { added, removed, who, .. } = self;
        let any = added + removed > 0;
        if any {
            let (added, removed, who) = (*added, *removed, who.clone());
            context.log(Change::GroupMembersChanged { name: name.to_owned(), added, removed, who });
        }
        any
    }
}

/// The names of the members. Fails if one of them is no member of the team.
async fn names_of(context: &mut CommandContext<'_>, members: &[String]) -> Result<Vec<String>, ProvisioningError> {
    if members.is_empty() {
        return Ok(Vec::new());
    }
    let possible: Vec<String> = members.iter().filter(|id| is_id(id)).cloned().collect();
    let named = context.tx.members_named(&possible).await?;
    let existing: HashSet<&str> = named.iter().map(|(id, _)| id.as_str()).collect();
    check_known(members, |id| existing.contains(id))?;
    drop(existing);
    Ok(named.into_iter().map(|(_, name)| name).collect())
}

/// Fails if a protected member would leave.
async fn check_protected(
    context: &mut CommandContext<'_>,
    group: &str,
    members: &MembershipPlan,
) -> Result<(), ProvisioningError> {
    let remove = match members {
        MembershipPlan::Listed { remove, .. } | MembershipPlan::Computed(MembershipDifference { remove, .. }) => remove,
        MembershipPlan::Unchanged => return Ok(()),
    };
    if remove.is_empty() {
        return Ok(());
    }
    let mut protected = protected_members(context, group).await?;
    if !protected.is_empty() {
        let leave: HashSet<&str> = remove.iter().map(String::as_str).collect();
        protected.retain(|one| leave.contains(one.member.id.as_str()));
    }
    reject_protected(&protected)
}

/// A member that must not leave a group, and the reason.
#[derive(Debug)]
struct Protected {
    member: MarkedMember,
    role: Role,
    why: String,
}

/// The members that must not lose the role of this group.
///
/// The last active Super Admin is not among them, because groups never give that role.
async fn protected_members(context: &mut CommandContext<'_>, group: &str) -> Result<Vec<Protected>, ProvisioningError> {
    let Some((role, marked)) = context.tx.group_marked(group).await? else { return Ok(Vec::new()) };
    // Reviewed with the authority of a Super Admin, because the provider decides about memberships whatever role its key has.
    // The protections still apply.
    let protect =
        |member: MarkedMember| match review(Role::SuperAdmin, member.subject, MemberEffect::Roles(member.without)) {
            Ok(_) => None,
            Err(why) => Some(Protected { member, role, why: why.to_string() }),
        };
    Ok(marked.into_iter().filter_map(protect).collect())
}

/// Fails if the list is not empty. The activity entry names the first member only.
fn reject_protected(protected: &[Protected]) -> Result<(), ProvisioningError> {
    let Some(Protected { member, role, why }) = protected.first() else { return Ok(()) };
    let names: Vec<&str> = protected.iter().take(MAX_NAMES).map(|one| one.member.user_name.as_str()).collect();
    let who = match protected.len().saturating_sub(MAX_NAMES) {
        0 => text::join_names(&names),
        more => format!("{} and {more} more", names.join(", ")),
    };
    let detail = format!(
        "{who} can't be removed from this group because it assigns the {role} role: {why}. Nothing was changed"
    );
    let (name, why) = (member.display_name.clone(), why.clone());
    Err(ProvisioningError::Protected { error: scim::ScimError::forbidden(detail), name, why })
}
