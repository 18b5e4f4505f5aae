//! The resources of a team: one, a page of them, or all, a portion at a time. Everything is read against the request's
//! budget.

use crate::scim_api::page_budget::PageBudget;
use crate::scim_api::{error::ApiError, resource_view::ResourceView};
use crate::{
    budget::{Budget, SMALL},
    state::AppState,
};
use domain::id::MemberId;
use scim::{
    ResourceType,
    resource::{GroupOfUser, MemberReference},
};
use std::{
    collections::{HashMap, VecDeque},
    sync::Arc,
};
use store::{
    Condition, GroupMember, LongReadPermit, Membership, ResultBatch, ResultPage, ScimGroup, ScimUser, Store,
    StoreError, TeamRow, UserRow,
};

/// Comes before every id.
pub(super) const FIRST: &str = "";

/// So many members of a group are read at once.
const MEMBERS: i64 = 2_000;
/// So many are read without waiting for the team's turn to read.
const FEW_MEMBERS: i64 = 200;
/// Of so many members at a time the groups are read.
const USERS_AT_ONCE: usize = 200;
/// So many memberships are read without waiting for the team's turn to read.
const FEW_MEMBERSHIPS: usize = 2_000;
/// So many memberships are read at once.
const MEMBERSHIPS: usize = 20_000;

/// What a resource takes in an answer beside its document, in bytes; a member of a group; a group of a member.
const RESOURCE: usize = 500;
const MEMBER: usize = 170;
const MEMBERSHIP: usize = 200;

/// A row, without values from other tables.
#[derive(Clone, Debug)]
pub(super) enum ResourceRow {
    User(ScimUser),
    Group(ScimGroup),
}

impl From<ScimUser> for ResourceRow {
    fn from(user: ScimUser) -> Self {
        ResourceRow::User(user)
    }
}

impl From<ScimGroup> for ResourceRow {
    fn from(group: ScimGroup) -> Self {
        ResourceRow::Group(group)
    }
}

impl ResourceRow {
    pub(super) fn id(&self) -> &str {
        match self {
            ResourceRow::User(user) => user.id.as_str(),
            ResourceRow::Group(group) => &group.id,
        }
    }

    /// About how many bytes it has in an answer, without its groups; with its members, if those are part of it.
    pub(super) fn weight(&self, relations: bool) -> usize {
        RESOURCE
            + match self {
                ResourceRow::User(user) => user.document.len(),
                ResourceRow::Group(group) if relations => {
                    group.display_name.len() + usize::try_from(group.member_count).unwrap_or(0) * MEMBER
                }
                ResourceRow::Group(group) => group.display_name.len(),
            }
    }
}

/// The resources of one team, as one request may read them.
#[derive(Debug)]
pub(super) struct ResourceReader<'a> {
    store: &'a Store,
    team: &'a TeamRow,
    budget: &'a Budget,
    base: Arc<str>,
}

impl<'a> ResourceReader<'a> {
    pub(super) fn new(state: &'a AppState, team: &'a TeamRow, budget: &'a Budget) -> Self {
        Self { store: &state.store, team, budget, base: state.config.scim_base_url().into() }
    }

    pub(super) fn budget(&self) -> &'a Budget {
        self.budget
    }

    /// How many meet the condition, and up to `limit` of them from `offset` on, the oldest first, as far as there is
    /// room for them; and whether the room ended them.
    pub(super) async fn page(
        &self,
        kind: ResourceType,
        condition: &Condition,
        (offset, limit): (u64, u64),
        room: &mut PageBudget,
    ) -> Result<(u64, Vec<ResourceRow>, bool), ApiError> {
        let span = (offset.cast_signed(), limit.cast_signed());
        loop {
            // Given back before memory is asked for: a request that has memory may wait for its turn to read.
            let reading = if condition.is_brief(span.0, span.1) { None } else { Some(self.budget.read().await?) };
            let (bytes, is_whole) = (room.unasked(), room.is_whole());
            let (total, rows, is_cut) = match kind {
                ResourceType::User => {
                    let page = self.store.users_page(&self.team.id, condition, span, bytes, reading.as_ref()).await?;
                    parts(page, ResourceRow::User)
                }
                ResourceType::Group => {
                    let page = self.store.groups_page(&self.team.id, condition, span, bytes, reading.as_ref()).await?;
                    parts(page, ResourceRow::Group)
                }
            };
            if !is_cut || is_whole {
                return Ok((total, rows, is_cut));
            }
            drop((reading, rows));
            room.ask().await?;
        }
    }

    /// Up to `limit` that meet the condition and come after the one with the id `after`, as far as there is room for
    /// them; and whether there are more.
    pub(super) async fn after(
        &self,
        kind: ResourceType,
        condition: &Condition,
        after: &str,
        limit: usize,
        room: &mut PageBudget,
    ) -> Result<(Vec<ResourceRow>, bool), ApiError> {
        loop {
            let reading = self.budget.read().await?;
            let (bytes, is_whole) = (room.unasked(), room.is_whole());
            // One more than is wanted, to see whether there are more.
            let (mut rows, is_last) = match kind {
                ResourceType::User => {
                    let portion = self.users(condition, after, (limit + 1, bytes), &reading).await?;
                    let rows: Result<Vec<_>, _> =
                        portion.rows.iter().map(|row| row.read().map(ResourceRow::User)).collect();
                    (rows?, portion.is_last)
                }
                ResourceType::Group => {
                    let portion = self.groups(condition, after, (limit + 1, bytes), &reading).await?;
                    (portion.rows.into_iter().map(ResourceRow::Group).collect(), portion.is_last)
                }
            };
            if is_last || rows.len() > limit || is_whole {
                rows.truncate(limit);
                return Ok((rows, !is_last));
            }
            drop((reading, rows));
            room.ask().await?;
        }
    }

    /// All members that meet a narrow condition. `None`: there are more than so many, or they are large.
    pub(super) async fn few(&self, condition: &Condition, most: u64) -> Result<Option<Vec<ScimUser>>, ApiError> {
        let span = (0, most.cast_signed());
        let page = self.store.users_page(&self.team.id, condition, span, SMALL, None).await?;
        self.budget.rows(page.rows.len())?;
        let is_all = !page.is_cut && page.rows.len() as u64 == page.total.max(0).cast_unsigned();
        Ok(is_all.then_some(page.rows))
    }

    /// A portion of the members that meet the condition.
    pub(super) async fn users(
        &self,
        condition: &Condition,
        after: &str,
        amount: (usize, usize),
        reading: &LongReadPermit,
    ) -> Result<ResultBatch<UserRow>, ApiError> {
        let portion = self.store.users_after(&self.team.id, condition, after, amount, reading).await?;
        self.budget.rows(portion.rows.len())?;
        Ok(portion)
    }

    /// A portion of the groups that meet the condition.
    pub(super) async fn groups(
        &self,
        condition: &Condition,
        after: &str,
        amount: (usize, usize),
        reading: &LongReadPermit,
    ) -> Result<ResultBatch<ScimGroup>, ApiError> {
        let portion = self.store.groups_after(&self.team.id, condition, after, amount, reading).await?;
        self.budget.rows(portion.rows.len())?;
        Ok(portion)
    }

    /// One, by id.
    pub(super) async fn one(&self, kind: ResourceType, id: &str) -> Result<Option<ResourceRow>, StoreError> {
        Ok(match kind {
            ResourceType::User => self.store.scim_user(&self.team.id, &MemberId::new(id)).await?.map(ResourceRow::User),
            ResourceType::Group => self.store.scim_group(&self.team.id, id).await?.map(ResourceRow::Group),
        })
    }

    /// The first of these rows, as many as there is room for, with the values from other tables (groups of members,
    /// members of groups) if `relations` asks for them.
    pub(super) async fn fill(
        &self,
        rows: Vec<ResourceRow>,
        relations: bool,
        room: &mut PageBudget,
        reading: Option<&LongReadPermit>,
    ) -> Result<Vec<ResourceView>, ApiError> {
        let mut items = Vec::with_capacity(rows.len());
        let mut rows = VecDeque::from(rows);
        while !rows.is_empty() {
            let (mut groups, known) = match relations {
                true => self.groups_of(rows.make_contiguous(), reading).await?,
                false => (HashMap::new(), rows.len()),
            };
            for row in rows.drain(..known) {
                let of_row = match &row {
                    ResourceRow::User(user) => groups.remove(&user.id).unwrap_or_default(),
                    ResourceRow::Group(_) => Vec::new(),
                };
                let weight = of_row.iter().map(|group| MEMBERSHIP + group.display.len()).sum::<usize>();
                if !room.take(weight + row.weight(relations)).await? {
                    return Ok(items);
                }
                items.push(match row {
                    ResourceRow::User(user) => ResourceView::user(self.base.clone(), user, of_row),
                    ResourceRow::Group(group) => {
                        let members = if relations { self.members_of(&group, reading).await? } else { Vec::new() };
                        ResourceView::group(self.base.clone(), group, members)
                    }
                });
            }
        }
        Ok(items)
    }

    /// The resource as it is, without values from other tables.
    pub(super) fn bare(&self, row: ResourceRow) -> ResourceView {
        match row {
            ResourceRow::User(user) => ResourceView::user(self.base.clone(), user, Vec::new()),
            ResourceRow::Group(group) => ResourceView::group(self.base.clone(), group, Vec::new()),
        }
    }

    /// A group with all its members, for a filter.
    pub(super) async fn group(&self, group: ScimGroup, reading: &LongReadPermit) -> Result<ResourceView, ApiError> {
        let members = self.members_of(&group, Some(reading)).await?;
        Ok(ResourceView::group(self.base.clone(), group, members))
    }

    /// A member with these groups.
    pub(super) fn user(&self, user: ScimUser, groups: Vec<GroupOfUser>) -> ResourceView {
        ResourceView::user(self.base.clone(), user, groups)
    }

    /// The groups of the first members among these rows, and of how many rows all are known: at least of one.
    pub(super) async fn groups_of(
        &self,
        rows: &[ResourceRow],
        reading: Option<&LongReadPermit>,
    ) -> Result<(HashMap<MemberId, Vec<GroupOfUser>>, usize), ApiError> {
        let user = |row: &'_ ResourceRow| match row {
            ResourceRow::User(user) => Some(user.id.clone()),
            ResourceRow::Group(_) => None,
        };
        let ids: Vec<MemberId> = rows.iter().take(USERS_AT_ONCE).filter_map(user).collect();
        if self.team.group_count == 0 || ids.is_empty() {
            return Ok((HashMap::new(), rows.len()));
        }
        let mut some: Vec<&MemberId> = ids.iter().collect();
        let mut found = self.store.memberships(&self.team.id, &some, FIRST, FEW_MEMBERSHIPS + 1, None).await?;
        self.budget.rows(found.len())?;
        if found.len() > FEW_MEMBERSHIPS {
            let turn = if reading.is_none() { Some(self.budget.read().await?) } else { None };
            let reading = reading.or(turn.as_ref());
            found = loop {
                let found = self.store.memberships(&self.team.id, &some, FIRST, MEMBERSHIPS + 1, reading).await?;
                self.budget.rows(found.len())?;
                match (found.len() <= MEMBERSHIPS, some.len()) {
                    (true, _) => break found,
                    (false, 1) => break self.all_groups_of(&some, found, reading).await?,
                    (false, many) => some.truncate(many.div_ceil(2)),
                }
            };
        }
        let known = some.len();
        let mut groups: HashMap<MemberId, Vec<GroupOfUser>> = HashMap::new();
        for Membership { member, group, display_name } in found {
            groups.entry(member).or_default().push(GroupOfUser { id: group, display: display_name });
        }
        Ok((groups, known))
    }

    /// All groups of one member, of whom some are known.
    async fn all_groups_of(
        &self,
        one: &[&MemberId],
        mut found: Vec<Membership>,
        reading: Option<&LongReadPermit>,
    ) -> Result<Vec<Membership>, ApiError> {
        loop {
            let after = found.last().map_or(FIRST, |last| &last.group).to_owned();
            let more = self.store.memberships(&self.team.id, one, &after, MEMBERSHIPS, reading).await?;
            self.budget.rows(more.len())?;
            let is_last = more.len() < MEMBERSHIPS;
            found.extend(more);
            if is_last {
                return Ok(found);
            }
        }
    }

    async fn members_of(
        &self,
        group: &ScimGroup,
        reading: Option<&LongReadPermit>,
    ) -> Result<Vec<MemberReference>, ApiError> {
        let mut members = Vec::new();
        if group.member_count == 0 {
            return Ok(members);
        }
        let is_small = group.member_count < FEW_MEMBERS;
        let turn = if reading.is_none() && !is_small { Some(self.budget.read().await?) } else { None };
        let reading = reading.or(turn.as_ref());
        let limit = if reading.is_some() { MEMBERS } else { FEW_MEMBERS };
        let mut after = FIRST.to_owned();
        loop {
            let part = self.store.group_members_after(&self.team.id, &group.id, &after, limit, reading).await?;
            let Some(last) = part.last() else { return Ok(members) };
            after.clone_from(&last.id);
            let is_last = (part.len() as u64) < limit.unsigned_abs();
            self.budget.rows(part.len())?;
            members.extend(
                part.into_iter()
                    .map(|GroupMember { id, display_name, .. }| MemberReference { id, display: display_name }),
            );
            if is_last {
                return Ok(members);
            }
        }
    }
}

/// The parts of a page.
fn parts<T>(page: ResultPage<T>, row: impl Fn(T) -> ResourceRow) -> (u64, Vec<ResourceRow>, bool) {
    let ResultPage { total, rows, is_cut } = page;
    (total.max(0).cast_unsigned(), rows.into_iter().map(row).collect(), is_cut)
}
