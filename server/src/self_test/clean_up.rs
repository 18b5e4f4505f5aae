//! Removes what a self-test made: not over HTTP, because what is in the way of the test would stand in the way of that.

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

/// So many of a kind can be left at most, and more.
const MOST: i64 = 100;

/// What is needed to remove it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct CleanUp<'a> {
    /// The database.
    pub(crate) store: &'a Store,
    /// The server secret.
    pub(crate) secrets: &'a Secrets,
    /// The time.
    pub(crate) clock: &'a Clock,
    /// Where people and groups are removed.
    pub(crate) write_queue: &'a WriteQueue,
}

impl CleanUp<'_> {
    /// Removes the people and groups of a run, then ends its key, for `by`. Says what may still be there.
    pub(crate) async fn end(&self, team: &TeamRow, made: &ScimKey, by: Actor) -> Option<String> {
        let names = TestNames::of(made);
        let mut left = Vec::new();
        if let Err(why) = self.people_and_groups(team, &names, made).await {
            let why = why.to_string();
            tracing::error!(team = team.slug, why, "people or groups of a self-test may be left");
            left.push(format!(
                "People or groups with {} in their names may be left over. The next self-test removes them.",
                names.mark()
            ));
        }
        // Who stays behind is found by the key, so it ends last: by itself, if not now.
        if left.is_empty()
            && let Err(failure) = self.key(team, made, by).await
        {
            tracing::error!(team = team.slug, %failure, "the key of a self-test couldn't be ended");
            left.push("Its key couldn't be revoked. It expires within minutes.".to_owned());
        }
        (!left.is_empty()).then(|| left.join(" "))
    }

    /// Removes what was left behind by runs that were cut off: those of one team, or of all, as far as they began before a
    /// time. What cannot be removed now is tried again next time.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub(crate) async fn sweep(&self, team: Option<&TeamId>, before: UnixMs) -> Result<(), StoreError> {
        for (team, made) in self.store.self_tests_left(team).await? {
            if made.created_at < before {
                tracing::info!(team = team.slug, key = made.name, "removing what a self-test left behind");
                self.end(&team, &made, Actor::Rollcall).await;
            }
        }
        Ok(())
    }

    async fn people_and_groups(
        &self,
        team: &TeamRow,
        names: &TestNames,
        made: &ScimKey,
    ) -> Result<(), ProvisioningError> {
        let by = Caller {
            team: Arc::new(team.clone()),
            origin: RequestOrigin::SelfTest,
            key_id: made.id.clone(),
            key_name: made.name.clone(),
            max_role: Role::SuperAdmin,
            address: None,
            request: None,
            is_internal: true,
        };
        let any = |attribute: SearchAttribute, names: Vec<String>| {
            Condition::Or(names.iter().map(|name| Condition::Is(attribute, fold(name))).collect())
        };
        let (_, groups) =
            self.store.scim_groups(&team.id, &any(SearchAttribute::DisplayName, names.groups()), 0, MOST).await?;
        for group in groups {
            let command = DeleteGroup { id: group.id, precondition: Precondition::default() };
            self.write_queue.execute(by.clone(), command).await?;
        }
        let (_, people) =
            self.store.scim_users(&team.id, &any(SearchAttribute::UserName, names.people()), 0, MOST).await?;
        for person in people {
            let command = DeleteUser { id: person.id, precondition: Precondition::default() };
            self.write_queue.execute(by.clone(), command).await?;
        }
        Ok(())
    }

    /// In the name of who started the test; should they have lost their role meanwhile, the key must go all the same.
    async fn key(&self, team: &TeamRow, made: &ScimKey, by: Actor) -> Result<(), Error> {
        let end = async |actor| {
            Service::new(self.store, self.secrets, self.clock, actor).self_test_end(&team.slug, &made.id).await
        };
        match end(by).await {
            Ok(()) => Ok(()),
            Err(_) => end(Actor::Rollcall).await,
        }
    }
}
