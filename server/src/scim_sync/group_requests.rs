//! Requests that change groups. Large changes are computed before their transaction.

use super::{
    computation,
    groups::{CreateGroup, DELETE_BATCH, DeleteGroup, EmptyGroup, PatchGroup, ReplaceGroup},
    membership::{self, MembershipPlan},
};
use crate::{
    budget::{Budget, Permit, QueueFull},
    caller::Caller,
    scim_sync::{
        command::{Applied, Command},
        error::ProvisioningError,
        write_queue::WriteQueue,
    },
};
use domain::id::TeamId;
use scim::{
    Precondition, ResourceDocument,
    patch::{MemberChange, Patch},
};
use std::sync::Arc;

/// Upper bound of the computations for one request. A change is computed again if the group has changed meanwhile.
const MAX_COMPUTATIONS: usize = 5;

impl WriteQueue {
    /// `POST /Groups`.
    pub(crate) async fn create_group(
        &self,
        caller: Caller,
        document: ResourceDocument,
        budget: &Budget,
    ) -> Result<Applied, ProvisioningError> {
        let changes: Vec<_> = document.members().map(|ids| MemberChange::Add(ids.to_vec())).into_iter().collect();
        if let Some(members) = membership::plan_listed(&changes) {
            return self.execute(caller, CreateGroup { document, members }).await;
        }
        let _permit = self.computation_permit(&caller.team.id).await?;
        for _ in 0..MAX_COMPUTATIONS {
            let members = self.compute(&caller.team.id, None, &changes, budget).await?;
            match self.execute(caller.clone(), CreateGroup { document: document.clone(), members }).await {
                Err(ProvisioningError::GroupMoved) => {}
                result => return result,
            }
        }
        Err(ProvisioningError::GroupMoved)
    }

    /// `PUT /Groups/{id}`. Only the difference is written, so members that stay are never out of the group. A PUT without
    /// `members` leaves them as they are, because clients that leave the list out do not mean an empty group.
    pub(crate) async fn replace_group(
        &self,
        caller: Caller,
        id: &str,
        document: ResourceDocument,
        precondition: Precondition,
        budget: &Budget,
    ) -> Result<Applied, ProvisioningError> {
        let changes: Vec<_> = document.members().map(|ids| MemberChange::Replace(ids.to_vec())).into_iter().collect();
        let document = Arc::new(document);
        let replace = |members| ReplaceGroup {
            id: id.to_owned(),
            document: Arc::clone(&document),
            precondition: precondition.clone(),
            members,
        };
        self.change_members((caller, id), &changes, replace, budget).await
    }

    /// `PATCH /Groups/{id}`.
    pub(crate) async fn patch_group(
        &self,
        caller: Caller,
        id: &str,
        patch: Patch,
        precondition: Precondition,
        budget: &Budget,
    ) -> Result<Applied, ProvisioningError> {
        let changes = patch.members().to_vec();
        let patch = Arc::new(patch);
        let change = |members| PatchGroup {
            id: id.to_owned(),
            patch: Arc::clone(&patch),
            precondition: precondition.clone(),
            members,
        };
        self.change_members((caller, id), &changes, change, budget).await
    }

    /// `DELETE /Groups/{id}`. A large group is first emptied in batches, because a transaction blocks other writers.
    pub(crate) async fn delete_group(
        &self,
        caller: Caller,
        id: &str,
        mut precondition: Precondition,
    ) -> Result<Applied, ProvisioningError> {
        loop {
            let group = self.store.scim_group(&caller.team.id, id).await?;
            let count = group.map_or(0, |group| group.member_count);
            if usize::try_from(count).unwrap_or(0) <= DELETE_BATCH {
                return self.execute(caller, DeleteGroup { id: id.to_owned(), precondition }).await;
            }
            self.execute(caller.clone(), EmptyGroup { id: id.to_owned(), precondition }).await?;
            // The first batch changed the version that the precondition names.
            precondition = Precondition::default();
        }
    }

    async fn change_members<W: Command>(
        &self,
        (caller, id): (Caller, &str),
        changes: &[MemberChange],
        change: impl Fn(MembershipPlan) -> W + Send + Sync,
        budget: &Budget,
    ) -> Result<Applied, ProvisioningError> {
        if let Some(members) = membership::plan_listed(changes) {
            return self.execute(caller, change(members)).await;
        }
        let _permit = self.computation_permit(&caller.team.id).await?;
        for _ in 0..MAX_COMPUTATIONS {
            let members = self.compute(&caller.team.id, Some(id), changes, budget).await?;
            match self.execute(caller.clone(), change(members)).await {
                Err(ProvisioningError::GroupMoved) => {}
                result => return result,
            }
        }
        Err(ProvisioningError::GroupMoved)
    }

    async fn computation_permit(&self, team: &TeamId) -> Result<Permit, ProvisioningError> {
        self.computations.take(team, 1).await.map_err(|QueueFull| ProvisioningError::QueueFull)
    }

    async fn compute(
        &self,
        team: &TeamId,
        id: Option<&str>,
        changes: &[MemberChange],
        budget: &Budget,
    ) -> Result<MembershipPlan, ProvisioningError> {
        budget.check()?;
        let group = match id {
            None => None,
            Some(id) => {
                let group = self.store.scim_group(team, id).await?;
                Some(group.ok_or_else(|| scim::ScimError::resource_not_found(id))?)
            }
        };
        computation::compute(&self.store, team, group.as_ref(), changes, budget).await
    }
}
