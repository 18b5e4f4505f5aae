//! Removes what a self-test made: not over HTTP, because what stands in the way of the test would stand in the way of that.

use super::SelfTest;
use crate::{
    provisioning::directory::{DeleteGroup, DeleteUser, Directory, Provider, Refused},
    store::{Attribute, Condition, Store},
};
use domain::{id::TeamId, text::fold};
use scim::Precondition;

/// So many of a kind can be left at most, and more.
const MOST: i64 = 100;

impl SelfTest<'_> {
    /// Removes the people and groups of this run that are there.
    ///
    /// # Errors
    /// What says why something may still be there.
    pub(crate) async fn clean_up(
        &self,
        store: &Store,
        directory: &Directory,
        team: &TeamId,
        by: &Provider,
    ) -> Result<(), Refused> {
        let any = |attribute: Attribute, names: Vec<String>| {
            Condition::Or(names.iter().map(|name| Condition::Is(attribute, fold(name))).collect())
        };
        let (_, groups) = store.scim_groups(team, &any(Attribute::DisplayName, self.groups()), 0, MOST).await?;
        for group in groups {
            let wish = DeleteGroup { id: group.id, precondition: Precondition::default() };
            directory.grant(team, by.clone(), wish).await?.map_err(Refused::Scim)?;
        }
        let (_, people) = store.scim_users(team, &any(Attribute::UserName, self.people()), 0, MOST).await?;
        for person in people {
            let wish = DeleteUser { id: person.id, precondition: Precondition::default() };
            directory.grant(team, by.clone(), wish).await?;
        }
        Ok(())
    }
}
