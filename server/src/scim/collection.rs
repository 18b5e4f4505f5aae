//! The resources of a team: one, a page of them, or all, a part at a time.

use super::item::Item;
use crate::{
    state::AppState,
    store::{Condition, GroupMember, ScimGroup, ScimUser, Store, StoreError, TeamRow},
};
use domain::id::MemberId;
use scim::{
    Kind,
    resource::{GroupOfUser, Member},
};
use std::{collections::HashMap, sync::Arc};

/// So many members of a group are read at once.
const MEMBERS: i64 = 1_000;

/// A row, without what stands in other tables.
#[derive(Clone, Debug)]
pub(super) enum Row {
    User(ScimUser),
    Group(ScimGroup),
}

impl From<ScimUser> for Row {
    fn from(user: ScimUser) -> Self {
        Row::User(user)
    }
}

impl From<ScimGroup> for Row {
    fn from(group: ScimGroup) -> Self {
        Row::Group(group)
    }
}

impl Row {
    pub(super) fn id(&self) -> &str {
        match self {
            Row::User(user) => user.id.as_str(),
            Row::Group(group) => &group.id,
        }
    }
}

/// The resources of one team.
#[derive(Debug)]
pub(super) struct Collection<'a> {
    store: &'a Store,
    team: &'a TeamRow,
    base: Arc<str>,
}

impl<'a> Collection<'a> {
    pub(super) fn new(state: &'a AppState, team: &'a TeamRow) -> Self {
        Self { store: &state.store, team, base: state.config.scim_base_url().into() }
    }

    /// How many meet the condition, and up to `limit` of them from `offset` on, the oldest first.
    pub(super) async fn page(
        &self,
        kind: Kind,
        condition: &Condition,
        offset: u64,
        limit: u64,
    ) -> Result<(u64, Vec<Row>), StoreError> {
        let (offset, limit) = (offset.cast_signed(), limit.cast_signed());
        let (total, rows): (i64, Vec<Row>) = match kind {
            Kind::User => {
                let (total, users) = self.store.scim_users(&self.team.id, condition, offset, limit).await?;
                (total, users.into_iter().map(Row::User).collect())
            }
            Kind::Group => {
                let (total, groups) = self.store.scim_groups(&self.team.id, condition, offset, limit).await?;
                (total, groups.into_iter().map(Row::Group).collect())
            }
        };
        Ok((total.max(0).cast_unsigned(), rows))
    }

    /// Up to `limit` that meet the condition and come after the one with the id `after`.
    pub(super) async fn after(
        &self,
        kind: Kind,
        condition: &Condition,
        after: &str,
        limit: u64,
    ) -> Result<Vec<Row>, StoreError> {
        let limit = limit.cast_signed();
        Ok(match kind {
            Kind::User => {
                let users = self.store.scim_users_after(&self.team.id, condition, after, limit).await?;
                users.into_iter().map(Row::User).collect()
            }
            Kind::Group => {
                let groups = self.store.scim_groups_after(&self.team.id, condition, after, limit).await?;
                groups.into_iter().map(Row::Group).collect()
            }
        })
    }

    /// One, by id.
    pub(super) async fn one(&self, kind: Kind, id: &str) -> Result<Option<Row>, StoreError> {
        Ok(match kind {
            Kind::User => self.store.scim_user(&self.team.id, &MemberId::new(id)).await?.map(Row::User),
            Kind::Group => self.store.scim_group(&self.team.id, id).await?.map(Row::Group),
        })
    }

    /// Adds what stands in other tables: groups of members, members of groups, unless nobody wants them.
    pub(super) async fn complete(&self, rows: Vec<Row>, relations: bool) -> Result<Vec<Item>, StoreError> {
        let mut groups = if relations { self.groups_of(&rows).await? } else { HashMap::new() };
        let mut items = Vec::with_capacity(rows.len());
        for row in rows {
            items.push(match row {
                Row::User(user) => {
                    let groups = groups.remove(&user.id).unwrap_or_default();
                    Item::user(self.base.clone(), user, groups)
                }
                Row::Group(group) => {
                    let members = if relations { self.members_of(&group).await? } else { Vec::new() };
                    Item::group(self.base.clone(), group, members)
                }
            });
        }
        Ok(items)
    }

    async fn groups_of(&self, rows: &[Row]) -> Result<HashMap<MemberId, Vec<GroupOfUser>>, StoreError> {
        let mut groups: HashMap<MemberId, Vec<GroupOfUser>> = HashMap::new();
        if self.team.group_count == 0 {
            return Ok(groups);
        }
        let users: Vec<&MemberId> = rows
            .iter()
            .filter_map(|row| match row {
                Row::User(user) => Some(&user.id),
                Row::Group(_) => None,
            })
            .collect();
        for part in users.chunks(200) {
            for membership in self.store.memberships(part).await? {
                let group = GroupOfUser { id: membership.group, display: membership.display_name };
                groups.entry(membership.member).or_default().push(group);
            }
        }
        Ok(groups)
    }

    async fn members_of(&self, group: &ScimGroup) -> Result<Vec<Member>, StoreError> {
        let mut members = Vec::new();
        if group.member_count == 0 {
            return Ok(members);
        }
        let mut after = String::new();
        loop {
            let part = self.store.group_members_after(&group.id, &after, MEMBERS).await?;
            let Some(last) = part.last() else { return Ok(members) };
            after.clone_from(&last.id);
            let is_last = part.len() < usize::try_from(MEMBERS).unwrap_or(usize::MAX);
            members.extend(
                part.into_iter().map(|GroupMember { id, display_name, .. }| Member { id, display: display_name }),
            );
            if is_last {
                return Ok(members);
            }
        }
    }
}
