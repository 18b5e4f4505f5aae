//! Removal of a self-test's data. It does not use HTTP, because a proxy that breaks the test would also break the removal.

use super::names::TestNames;
use crate::{
    caller::Caller,
    clock::Clock,
    scim_sync::{DeleteGroup, DeleteUser, ProvisioningError, WriteQueue},
    secrets::Secrets,
    service::{Actor, Service},
};
use domain::Error;
use domain::{UnixMs, id::TeamId, key::ScimKey, role::Role, scim_client::RequestOrigin, validation::text::fold};
use scim::Precondition;
use std::sync::Arc;
use store::{Condition, SearchAttribute, Store, StoreError, TeamRow};

/// Upper bound of the leftovers of one kind, with a margin.
const MAX_RESOURCES: i64 = 100;

/// The parts of the server that the removal needs.
#[derive(Clone, Copy, Debug)]
pub(crate) struct CleanUp<'a> {
    pub(crate) store: &'a Store,
    pub(crate) secrets: &'a Secrets,
    pub(crate) clock: &'a Clock,
    pub(crate) write_queue: &'a WriteQueue,
}

impl CleanUp<'_> {
    /// Removes the people and groups of a run, then revokes its key as `by`. Returns a text about possible leftovers.
    pub(crate) async fn end(&self, team: &TeamRow, key: &ScimKey, by: Actor) -> Option<String> {
        let names = TestNames::of(key);
        let mut leftovers = Vec::new();
        if let Err(error) = self.people_and_groups(team, &names, key).await {
            let error = error.to_string();
            tracing::error!(team = team.slug, error, "people or groups of a self-test may be left over");
            leftovers.push(format!(
                "People or groups with {} in their names may be left over. The next self-test removes them.",
                names.mark()
            ));
        }
        // Leftover people are found by the key, so it is revoked last. Otherwise it expires.
        if leftovers.is_empty()
            && let Err(failure) = self.revoke_key(team, key, by).await
        {
            tracing::error!(team = team.slug, %failure, "could not revoke the key of a self-test");
            leftovers.push("Its key couldn't be revoked. It expires within minutes.".to_owned());
        }
        (!leftovers.is_empty()).then(|| leftovers.join(" "))
    }

    /// Removes the data of interrupted runs that began before a time, of one team or of all. The next call retries what fails.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub(crate) async fn sweep(&self, team: Option<&TeamId>, before: UnixMs) -> Result<(), StoreError> {
        for (team, key) in self.store.remaining_self_tests(team).await? {
            if key.created_at < before {
                tracing::info!(team = team.slug, key = key.name, "removing the data of an interrupted self-test");
                self.end(&team, &key, Actor::Rollcall).await;
            }
        }
        Ok(())
    }

    async fn people_and_groups(
        &self,
        team: &TeamRow,
        names: &TestNames,
        key: &ScimKey,
    ) -> Result<(), ProvisioningError> {
        let by = Caller {
            team: Arc::new(team.clone()),
            origin: RequestOrigin::SelfTest,
            key_id: key.id.clone(),
            key_name: key.name.clone(),
            max_role: Role::SuperAdmin,
            address: None,
            request: None,
            is_internal: true,
        };
        let any = |attribute: SearchAttribute, names: Vec<String>| {
            Condition::Or(names.iter().map(|name| Condition::Is(attribute, fold(name))).collect())
        };
        let (_, groups) = self
            .store
            .scim_groups(&team.id, &any(SearchAttribute::DisplayName, names.groups()), 0, MAX_RESOURCES)
            .await?;
        for group in groups {
            let command = DeleteGroup { id: group.id, precondition: Precondition::default() };
            self.write_queue.execute(by.clone(), command).await?;
        }
        let (_, people) =
            self.store.scim_users(&team.id, &any(SearchAttribute::UserName, names.people()), 0, MAX_RESOURCES).await?;
        for person in people {
            let command = DeleteUser { id: person.id, precondition: Precondition::default() };
            self.write_queue.execute(by.clone(), command).await?;
        }
        Ok(())
    }

    /// Revokes the key as the member who started the test, or as Rollcall if they have lost their role meanwhile.
    async fn revoke_key(&self, team: &TeamRow, key: &ScimKey, by: Actor) -> Result<(), Error> {
        let end = async |actor| {
            Service::new(self.store, self.secrets, self.clock, actor).self_test_end(&team.slug, &key.id).await
        };
        match end(by).await {
            Ok(()) => Ok(()),
            Err(_) => end(Actor::Rollcall).await,
        }
    }
}
