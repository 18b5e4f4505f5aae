//! Changes of groups as requests ask for them: what a large one comes to is computed before its transaction.

use super::{
    groups::{CreateGroup, DeleteGroup, EmptyGroup, PORTION, PatchGroup, ReplaceGroup},
    line::Directory,
    membership::{self, Membership, PlanBudget},
    refused::Refused,
    wish::{Granted, Provider, Wish},
};
use crate::store::ScimGroup;
use domain::id::TeamId;
use scim::{
    Document, Precondition,
    patch::{MemberChange, Patch},
};
use std::sync::Arc;

/// How often a change is computed because the group moved.
const MAX_COMPUTATIONS: usize = 5;
/// Comparisons that the filters of one PATCH may make.
const COMPARISONS: u64 = 5_000_000;

impl Directory {
    /// `POST /Groups`.
    pub(crate) async fn create_group(
        &self,
        team: &TeamId,
        by: Provider,
        document: Document,
    ) -> Result<Granted<ScimGroup>, Refused> {
        let changes: Vec<_> = document.members().map(|ids| MemberChange::Add(ids.to_vec())).into_iter().collect();
        if let Some(members) = membership::listed(&changes) {
            return self.grant(team, by, CreateGroup { document, members }).await;
        }
        let _turn = self.planning.enter(team).await?;
        for _ in 0..MAX_COMPUTATIONS {
            let members = self.compute(team, None, &changes).await?;
            match self.grant(team, by.clone(), CreateGroup { document: document.clone(), members }).await {
                Err(Refused::GroupMoved) => {}
                done => return done,
            }
        }
        Err(Refused::GroupMoved)
    }

    /// `PUT /Groups/{id}`. A difference is applied: who is in the group before and after stays in it all the time. Without
    /// `members` nobody joins or leaves, because clients that leave the list out do not mean an empty group.
    pub(crate) async fn replace_group(
        &self,
        team: &TeamId,
        by: Provider,
        id: &str,
        document: Document,
        precondition: Precondition,
    ) -> Result<Granted<ScimGroup>, Refused> {
        let changes: Vec<_> = document.members().map(|ids| MemberChange::Replace(ids.to_vec())).into_iter().collect();
        let document = Arc::new(document);
        let replace = |members| ReplaceGroup {
            id: id.to_owned(),
            document: Arc::clone(&document),
            precondition: precondition.clone(),
            members,
        };
        self.change_members(team, by, id, &changes, replace).await
    }

    /// `PATCH /Groups/{id}`.
    pub(crate) async fn patch_group(
        &self,
        team: &TeamId,
        by: Provider,
        id: &str,
        patch: Patch,
        precondition: Precondition,
    ) -> Result<Granted<ScimGroup>, Refused> {
        let changes = patch.members().to_vec();
        let patch = Arc::new(patch);
        let change = |members| PatchGroup {
            id: id.to_owned(),
            patch: Arc::clone(&patch),
            precondition: precondition.clone(),
            members,
        };
        self.change_members(team, by, id, &changes, change).await
    }

    /// `DELETE /Groups/{id}`. Many members leave in portions first, because nobody else can write meanwhile.
    pub(crate) async fn delete_group(
        &self,
        team: &TeamId,
        by: Provider,
        id: &str,
        mut precondition: Precondition,
    ) -> Result<(), Refused> {
        loop {
            let group = self.store.scim_group(team, id).await?;
            let count = group.map_or(0, |group| group.member_count);
            if usize::try_from(count).unwrap_or(0) <= PORTION {
                return self.grant(team, by, DeleteGroup { id: id.to_owned(), precondition }).await;
            }
            self.grant(team, by.clone(), EmptyGroup { id: id.to_owned(), precondition }).await?;
            // The first portion moved the version that the client named.
            precondition = Precondition::default();
        }
    }

    async fn change_members<W: Wish<Made = Granted<ScimGroup>>>(
        &self,
        team: &TeamId,
        by: Provider,
        id: &str,
        changes: &[MemberChange],
        change: impl Fn(Membership) -> W + Send + Sync,
    ) -> Result<Granted<ScimGroup>, Refused> {
        if let Some(members) = membership::listed(changes) {
            return self.grant(team, by, change(members)).await;
        }
        let _turn = self.planning.enter(team).await?;
        for _ in 0..MAX_COMPUTATIONS {
            let members = self.compute(team, Some(id), changes).await?;
            match self.grant(team, by.clone(), change(members)).await {
                Err(Refused::GroupMoved) => {}
                done => return done,
            }
        }
        Err(Refused::GroupMoved)
    }

    async fn compute(&self, team: &TeamId, id: Option<&str>, changes: &[MemberChange]) -> Result<Membership, Refused> {
        let group = match id {
            None => None,
            Some(id) => {
                let group = self.store.scim_group(team, id).await?;
                Some(group.ok_or_else(|| Refused::Scim(scim::Error::resource_not_found(id)))?)
            }
        };
        let mut budget = PlanBudget::new(COMPARISONS);
        let found = membership::compute(&self.store, team, group.as_ref(), changes, &mut budget).await?;
        Ok(Membership::Computed(found))
    }
}
