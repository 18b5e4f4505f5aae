//! Commands on Groups (RFC 7644, sections 3.3, 3.5 and 3.6).

use super::{
    group_members::{check_protected, find_names, write_members},
    membership::MembershipPlan,
};
use crate::{
    scim_sync::{
        command::{Applied, Command, CommandContext},
        error::ProvisioningError,
    },
    team_change::person::nul_in,
};
use async_trait::async_trait;
use domain::activity::Change;
use scim::{
    Normalizations, Precondition, ResourceDocument, ResourceType, Version, patch::Patch,
    precondition::PreconditionOutcome,
};
use serde_json::Map;
use std::sync::Arc;
use store::{GroupWrite, ScimGroup, ScimResource};

/// Upper bound of the members that one transaction removes from a group before it is deleted. See docs/decisions/large-groups.md.
pub(super) const DELETE_BATCH: usize = 10_000;

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

/// Removes a batch of the members of a group that is about to be deleted.
#[derive(Debug)]
pub(super) struct EmptyGroup {
    pub(super) id: String,
    pub(super) precondition: Precondition,
}

#[async_trait]
impl Command for CreateGroup {
    async fn apply(&self, context: &mut CommandContext<'_>) -> Result<Applied, ProvisioningError> {
        let name = name(&self.document)?;
        let names = find_names(context, &self.members).await?;
        let id = context.new_id();
        let group = GroupWrite { display_name: name, external_id: self.document.external_id(), now: context.now };
        context.tx.group_insert(&id, &group).await?;
        let (added, ..) = write_members(context, &id, &self.members, names).await?;
        context.log(Change::GroupCreated { name: name.to_owned(), members: added });
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
        check_protected(context, &group.id, None).await?;
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
        check_protected(context, &group.id, None).await?;
        let members = context.tx.group_member_ids(&group.id, DELETE_BATCH).await?;
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
    if let MembershipPlan::Computed { version, .. } = members
        && *version != group.version
    {
        return Err(ProvisioningError::GroupMoved);
    }
    let names = find_names(context, members).await?;
    check_protected(context, &group.id, Some(members.remove())).await?;
    let renamed = name != group.display_name;
    let edited = renamed || to.external_id() != group.external_id.as_deref();
    if edited {
        let group_write = GroupWrite { display_name: name, external_id: to.external_id(), now: context.now };
        context.tx.group_write(&group.id, &group_write).await?;
        let was = renamed.then(|| group.display_name.clone());
        context.log(Change::GroupUpdated { name: name.to_owned(), was });
    }
    let (added, removed, who) = write_members(context, &group.id, members, names).await?;
    let moved = added + removed > 0;
    if moved {
        context.log(Change::GroupMembersChanged { name: name.to_owned(), added, removed, who });
    }
    applied(context, &group.id, moved || edited).await
}

async fn applied(context: &mut CommandContext<'_>, id: &str, changed: bool) -> Result<Applied, ProvisioningError> {
    let group = context.tx.group(id).await?.ok_or_else(|| scim::ScimError::resource_not_found(id))?;
    Ok(Applied::new(ScimResource::Group(group), changed))
}
