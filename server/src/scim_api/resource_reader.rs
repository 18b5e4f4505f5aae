//! Reads of a team's resources: one, a page, or all in batches. All reads are charged to the request's budget.

use crate::{
    budget::{Budget, SMALL},
    scim_api::{error::ApiError, page_budget::PageBudget, resource_view::ResourceView},
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
    Condition, GroupMember, LongReadPermit, Membership, ResultBatch, ResultPage, ScimGroup, ScimResource, ScimUser,
    Store, StoreError, TeamRow, UserRow,
};

/// Sorts before every id.
pub(super) const FIRST: &str = "";

/// The members of a group that one statement reads.
const MEMBERS: i64 = 2_000;
/// The members of a group that are read without a long read permit.
const FEW_MEMBERS: i64 = 200;
/// The Users whose groups one statement reads.
const USERS_AT_ONCE: usize = 200;
/// The memberships that are read without a long read permit.
const FEW_MEMBERSHIPS: usize = 2_000;
/// The memberships that one statement reads.
const MEMBERSHIPS: usize = 20_000;

/// Bytes of a resource in a response, without its document.
const RESOURCE: usize = 500;
/// Bytes of a member of a group.
const MEMBER: usize = 170;
/// Bytes of a group of a User.
const MEMBERSHIP: usize = 200;

/// The approximate bytes of a response: without the groups of a User, with the members of a Group if `relations`.
pub(super) fn weight(row: &ScimResource, relations: bool) -> usize {
    RESOURCE
        + match row {
            ScimResource::User(user) => user.document.len(),
            ScimResource::Group(group) if relations => {
                group.display_name.len() + usize::try_from(group.member_count).unwrap_or(0) * MEMBER
            }
            ScimResource::Group(group) => group.display_name.len(),
        }
}

/// Reads the resources of one team for one request.
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

    /// The count of matches, up to `limit` of them from `offset` on by id, and whether the page budget cut them.
    pub(super) async fn read_page(
        &self,
        kind: ResourceType,
        condition: &Condition,
        (offset, limit): (u64, u64),
        page_budget: &mut PageBudget,
    ) -> Result<(u64, Vec<ScimResource>, bool), ApiError> {
        let span = (offset.cast_signed(), limit.cast_signed());
        loop {
            // Released before memory is requested, because a request that holds memory may wait for this permit.
            let permit = if condition.is_point_query(span.0, span.1) { None } else { Some(self.budget.read().await?) };
            let (bytes, is_whole) = (page_budget.remaining(), page_budget.is_whole());
            let (total, rows, is_cut) = match kind {
                ResourceType::User => {
                    let page = self.store.users_page(&self.team.id, condition, span, bytes, permit.as_ref()).await?;
                    parts(page, ScimResource::User)
                }
                ResourceType::Group => {
                    let page = self.store.groups_page(&self.team.id, condition, span, bytes, permit.as_ref()).await?;
                    parts(page, ScimResource::Group)
                }
            };
            if !is_cut || is_whole {
                return Ok((total, rows, is_cut));
            }
            drop((permit, rows));
            page_budget.acquire().await?;
        }
    }

    /// Up to `limit` matches after the id `after`, as many as the page budget allows, and whether more follow.
    pub(super) async fn read_after(
        &self,
        kind: ResourceType,
        condition: &Condition,
        after: &str,
        limit: usize,
        page_budget: &mut PageBudget,
    ) -> Result<(Vec<ScimResource>, bool), ApiError> {
        loop {
            let permit = self.budget.read().await?;
            let (bytes, is_whole) = (page_budget.remaining(), page_budget.is_whole());
            // One more than requested, because it shows whether more follow.
            let (mut rows, is_last) = match kind {
                ResourceType::User => {
                    let batch = self.read_users(condition, after, (limit + 1, bytes), &permit).await?;
                    let rows: Result<Vec<_>, _> =
                        batch.rows.iter().map(|row| row.read().map(ScimResource::User)).collect();
                    (rows?, batch.is_last)
                }
                ResourceType::Group => {
                    let batch = self.read_groups(condition, after, (limit + 1, bytes), &permit).await?;
                    (batch.rows.into_iter().map(ScimResource::Group).collect(), batch.is_last)
                }
            };
            if is_last || rows.len() > limit || is_whole {
                rows.truncate(limit);
                return Ok((rows, !is_last));
            }
            drop((permit, rows));
            page_budget.acquire().await?;
        }
    }

    /// All Users that match a narrow condition. `None`: there are more than `max`, or they are large.
    pub(super) async fn read_few(&self, condition: &Condition, max: u64) -> Result<Option<Vec<ScimUser>>, ApiError> {
        let span = (0, max.cast_signed());
        let page = self.store.users_page(&self.team.id, condition, span, SMALL, None).await?;
        self.budget.rows(page.rows.len())?;
        let is_all = !page.is_cut && page.rows.len() as u64 == page.total.max(0).cast_unsigned();
        Ok(is_all.then_some(page.rows))
    }

    /// A batch of the Users that match the condition.
    pub(super) async fn read_users(
        &self,
        condition: &Condition,
        after: &str,
        amount: (usize, usize),
        permit: &LongReadPermit,
    ) -> Result<ResultBatch<UserRow>, ApiError> {
        let batch = self.store.users_after(&self.team.id, condition, after, amount, permit).await?;
        self.budget.rows(batch.rows.len())?;
        Ok(batch)
    }

    /// A batch of the Groups that match the condition.
    pub(super) async fn read_groups(
        &self,
        condition: &Condition,
        after: &str,
        amount: (usize, usize),
        permit: &LongReadPermit,
    ) -> Result<ResultBatch<ScimGroup>, ApiError> {
        let batch = self.store.groups_after(&self.team.id, condition, after, amount, permit).await?;
        self.budget.rows(batch.rows.len())?;
        Ok(batch)
    }

    pub(super) async fn read_one(&self, kind: ResourceType, id: &str) -> Result<Option<ScimResource>, StoreError> {
        Ok(match kind {
            ResourceType::User => {
                self.store.scim_user(&self.team.id, &MemberId::new(id)).await?.map(ScimResource::User)
            }
            ResourceType::Group => self.store.scim_group(&self.team.id, id).await?.map(ScimResource::Group),
        })
    }

    /// The first of these rows, as many as the page budget allows. `relations`: with the groups of Users and the members of
    /// Groups.
    pub(super) async fn add_relations(
        &self,
        rows: Vec<ScimResource>,
        relations: bool,
        page_budget: &mut PageBudget,
        permit: Option<&LongReadPermit>,
    ) -> Result<Vec<ResourceView>, ApiError> {
        let mut resources = Vec::with_capacity(rows.len());
        let mut rows = VecDeque::from(rows);
        while !rows.is_empty() {
            let (mut groups, count) = match relations {
                true => self.read_groups_of(rows.make_contiguous(), permit).await?,
                false => (HashMap::new(), rows.len()),
            };
            for row in rows.drain(..count) {
                let of_row = match &row {
                    ScimResource::User(user) => groups.remove(&user.id).unwrap_or_default(),
                    ScimResource::Group(_) => Vec::new(),
                };
                let groups_weight = of_row.iter().map(|group| MEMBERSHIP + group.display.len()).sum::<usize>();
                if !page_budget.take(groups_weight + weight(&row, relations)).await? {
                    return Ok(resources);
                }
                resources.push(match row {
                    ScimResource::User(user) => ResourceView::user(self.base.clone(), user, of_row),
                    ScimResource::Group(group) => {
                        let members = if relations { self.read_members_of(&group, permit).await? } else { Vec::new() };
                        ResourceView::group(self.base.clone(), group, members)
                    }
                });
            }
        }
        Ok(resources)
    }

    pub(super) fn without_relations(&self, row: ScimResource) -> ResourceView {
        match row {
            ScimResource::User(user) => ResourceView::user(self.base.clone(), user, Vec::new()),
            ScimResource::Group(group) => ResourceView::group(self.base.clone(), group, Vec::new()),
        }
    }

    /// A group with all its members, to compare it with a filter.
    pub(super) async fn read_group(&self, group: ScimGroup, permit: &LongReadPermit) -> Result<ResourceView, ApiError> {
        let members = self.read_members_of(&group, Some(permit)).await?;
        Ok(ResourceView::group(self.base.clone(), group, members))
    }

    pub(super) fn with_groups(&self, user: ScimUser, groups: Vec<GroupOfUser>) -> ResourceView {
        ResourceView::user(self.base.clone(), user, groups)
    }

    /// The groups of the first rows, and the count of these rows: at least one.
    pub(super) async fn read_groups_of(
        &self,
        rows: &[ScimResource],
        permit: Option<&LongReadPermit>,
    ) -> Result<(HashMap<MemberId, Vec<GroupOfUser>>, usize), ApiError> {
        let user = |row: &'_ ScimResource| match row {
            ScimResource::User(user) => Some(user.id.clone()),
            ScimResource::Group(_) => None,
        };
        let ids: Vec<MemberId> = rows.iter().take(USERS_AT_ONCE).filter_map(user).collect();
        if self.team.group_count == 0 || ids.is_empty() {
            return Ok((HashMap::new(), rows.len()));
        }
        let mut ids_at_once: Vec<&MemberId> = ids.iter().collect();
        let mut memberships =
            self.store.memberships(&self.team.id, &ids_at_once, FIRST, FEW_MEMBERSHIPS + 1, None).await?;
        self.budget.rows(memberships.len())?;
        if memberships.len() > FEW_MEMBERSHIPS {
            let own_permit = if permit.is_none() { Some(self.budget.read().await?) } else { None };
            let permit = permit.or(own_permit.as_ref());
            memberships = loop {
                let memberships =
                    self.store.memberships(&self.team.id, &ids_at_once, FIRST, MEMBERSHIPS + 1, permit).await?;
                self.budget.rows(memberships.len())?;
                match (memberships.len() <= MEMBERSHIPS, ids_at_once.len()) {
                    (true, _) => break memberships,
                    (false, 1) => break self.read_all_groups_of(&ids_at_once, memberships, permit).await?,
                    (false, many) => ids_at_once.truncate(many.div_ceil(2)),
                }
            };
        }
        let count = ids_at_once.len();
        let mut groups: HashMap<MemberId, Vec<GroupOfUser>> = HashMap::new();
        for Membership { member, group, display_name } in memberships {
            groups.entry(member).or_default().push(GroupOfUser { id: group, display: display_name });
        }
        Ok((groups, count))
    }

    /// The remaining groups of one member.
    async fn read_all_groups_of(
        &self,
        one: &[&MemberId],
        mut memberships: Vec<Membership>,
        permit: Option<&LongReadPermit>,
    ) -> Result<Vec<Membership>, ApiError> {
        loop {
            let after = memberships.last().map_or(FIRST, |last| &last.group).to_owned();
            let more = self.store.memberships(&self.team.id, one, &after, MEMBERSHIPS, permit).await?;
            self.budget.rows(more.len())?;
            let is_last = more.len() < MEMBERSHIPS;
            memberships.extend(more);
            if is_last {
                return Ok(memberships);
            }
        }
    }

    async fn read_members_of(
        &self,
        group: &ScimGroup,
        permit: Option<&LongReadPermit>,
    ) -> Result<Vec<MemberReference>, ApiError> {
        let mut members = Vec::new();
        if group.member_count == 0 {
            return Ok(members);
        }
        let is_small = group.member_count < FEW_MEMBERS;
        let own_permit = if permit.is_none() && !is_small { Some(self.budget.read().await?) } else { None };
        let permit = permit.or(own_permit.as_ref());
        let limit = if permit.is_some() { MEMBERS } else { FEW_MEMBERS };
        let mut after = FIRST.to_owned();
        loop {
            let part = self.store.group_members_after(&self.team.id, &group.id, &after, limit, permit).await?;
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

fn parts<T>(page: ResultPage<T>, row: impl Fn(T) -> ScimResource) -> (u64, Vec<ScimResource>, bool) {
    let ResultPage { total, rows, is_cut } = page;
    (total.max(0).cast_unsigned(), rows.into_iter().map(row).collect(), is_cut)
}
