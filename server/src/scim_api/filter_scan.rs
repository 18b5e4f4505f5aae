//! A pass over the resources that an index finds: those that meet the filter, a portion at a time. Rows are read in the
//! team's turn to read, and held against the filter on a thread for computing.

use super::{excerpt::Excerpt, query::TypeQuery};
use crate::budget::{Budget, MemoryPermit};
use crate::scim_api::{
    error::ApiError,
    query_plan::QueryPlan,
    resource_reader::{FIRST, ResourceReader, ResourceRow},
    resource_view::ResourceView,
};
use scim::{ResourceType, filter::ComparisonBudget, sort::SortKey};
use serde_json::{Map, Value};
use std::{borrow::Cow, sync::Arc};
use store::{Condition, LongReadPermit, ResultBatch, ScimGroup, StoreError, UserRow};

/// So many rows are read at once,
const ROWS: usize = 2_000;
/// unless they take so many bytes before.
const BYTES: usize = 1024 * 1024;
/// So many rows are read at once where values from other tables are added to each.
const COMPLETED_ROWS: usize = 200;
/// So many members of groups are held against the filter at once; of one group, all of them.
const MEMBERS: i64 = 5_000;
/// What a member of a group takes in memory as a value, in bytes.
const MEMBER_VALUE: u64 = 700;
/// So many rows are held against the filter before it is looked whether the request may go on.
const STEP: usize = 256;
/// So many rows are few: a narrow condition finds no more, as a rule.
const FEW: u64 = 200;

/// A resource that meets the filter, and its place in the order.
pub(super) struct FilterMatch {
    pub(super) found: ScannedResource,
    pub(super) key: Option<SortKey>,
}

/// A resource as it was read.
pub(super) enum ScannedResource {
    Lean(UserRow),
    Whole(ResourceRow),
}

impl ScannedResource {
    pub(super) fn id(&self) -> Result<Cow<'_, str>, StoreError> {
        match self {
            ScannedResource::Lean(row) => row.id(),
            ScannedResource::Whole(row) => Ok(Cow::Borrowed(row.id())),
        }
    }

    pub(super) fn into_row(self) -> Result<ResourceRow, StoreError> {
        match self {
            ScannedResource::Lean(row) => row.read().map(ResourceRow::User),
            ScannedResource::Whole(row) => Ok(row),
        }
    }
}

pub(super) struct FilterScan<'a> {
    reader: &'a ResourceReader<'a>,
    part: Arc<TypeQuery>,
    excerpt: Arc<Excerpt>,
    condition: &'a Condition,
    reading: &'a LongReadPermit,
    after: String,
    /// What was read while the portion before it was held against the filter.
    prefetched: Option<ResultBatch<UserRow>>,
    is_done: bool,
}

/// All that meet the filter, where the condition names what few have, so that nobody's turn has to be waited for.
/// `None`: it does not, or many have it.
pub(super) async fn few(
    reader: &ResourceReader<'_>,
    part: &Arc<TypeQuery>,
    asked: &QueryPlan,
) -> Result<Option<Vec<FilterMatch>>, ApiError> {
    let excerpt = Excerpt::of(part.filter.as_ref(), part.sort.as_ref());
    if part.kind != ResourceType::User || !asked.condition.is_narrow() || !excerpt.is_of_document() {
        return Ok(None);
    }
    let Some(users) = reader.few(&asked.condition, FEW).await? else { return Ok(None) };
    let mut matches = Vec::new();
    let mut comparing = Comparing::new(part, reader.budget());
    for user in users {
        let map = excerpt.read(&user.document, user.id.as_str(), user.active).unwrap_or_default();
        if let Some(key) = comparing.meets(&map)? {
            matches.push(FilterMatch { found: ScannedResource::Whole(ResourceRow::User(user)), key });
        }
    }
    Ok(Some(matches))
}

impl<'a> FilterScan<'a> {
    pub(super) fn new(
        reader: &'a ResourceReader<'a>,
        part: &Arc<TypeQuery>,
        asked: &'a QueryPlan,
        reading: &'a LongReadPermit,
    ) -> Self {
        let excerpt = Arc::new(Excerpt::of(part.filter.as_ref(), part.sort.as_ref()));
        let (part, after) = (Arc::clone(part), FIRST.to_owned());
        Self { reader, part, excerpt, condition: &asked.condition, reading, after, prefetched: None, is_done: false }
    }

    /// What meets the filter in the next portion. `None`: there is none.
    pub(super) async fn next(&mut self) -> Result<Option<Vec<FilterMatch>>, ApiError> {
        if self.is_done {
            return Ok(None);
        }
        match self.part.kind {
            ResourceType::User if self.excerpt.is_of_document() => self.next_by_document().await,
            ResourceType::User => self.next_users().await,
            ResourceType::Group => self.next_groups().await,
        }
        .map(Some)
    }

    /// Members, of whom nothing is looked at but their documents.
    async fn next_by_document(&mut self) -> Result<Vec<FilterMatch>, ApiError> {
        let portion = match self.prefetched.take() {
            Some(portion) => portion,
            None => self.reader.users(self.condition, &self.after, (ROWS, BYTES), self.reading).await?,
        };
        self.is_done = portion.is_last;
        if let Some(last) = portion.rows.last() {
            self.after = last.id()?.into_owned();
        }
        let (part, excerpt) = (Arc::clone(&self.part), Arc::clone(&self.excerpt));
        let looks_at_active = excerpt.mentions("active");
        let work = move |budget: &Budget| {
            let mut matches = Vec::new();
            let mut comparing = Comparing::new(&part, budget);
            for (at, row) in portion.rows.into_iter().enumerate() {
                if at % STEP == 0 {
                    budget.check()?;
                }
                let active = if looks_at_active { row.active()? } else { None };
                let map = excerpt.read(&row.document()?, &row.id()?, active).unwrap_or_default();
                if let Some(key) = comparing.meets(&map)? {
                    matches.push(FilterMatch { found: ScannedResource::Lean(row), key });
                }
            }
            Ok(matches)
        };
        let matches = self.reader.budget().compute(work);
        if self.is_done {
            return matches.await;
        }
        // Meanwhile, the next portion is read.
        let next = self.reader.users(self.condition, &self.after, (ROWS, BYTES), self.reading);
        let (matches, prefetched) = tokio::join!(matches, next);
        self.prefetched = Some(prefetched?);
        matches
    }

    /// Members with all that an answer says about them.
    async fn next_users(&mut self) -> Result<Vec<FilterMatch>, ApiError> {
        let amount = (COMPLETED_ROWS, BYTES);
        let portion = self.reader.users(self.condition, &self.after, amount, self.reading).await?;
        let users: Result<Vec<ResourceRow>, _> =
            portion.rows.iter().map(|row| row.read().map(ResourceRow::User)).collect();
        let mut users = users?;
        self.is_done = portion.is_last;
        let mut groups = std::collections::HashMap::new();
        if self.excerpt.mentions("groups") {
            let known;
            (groups, known) = self.reader.groups_of(&users, Some(self.reading)).await?;
            self.is_done &= known >= users.len();
            users.truncate(known);
        }
        if let Some(last) = users.last() {
            last.id().clone_into(&mut self.after);
        }
        let with_groups = |row: ResourceRow| match row {
            ResourceRow::User(user) => {
                let groups = groups.remove(&user.id).unwrap_or_default();
                (ResourceRow::User(user.clone()), self.reader.user(user, groups))
            }
            ResourceRow::Group(group) => {
                (ResourceRow::Group(group.clone()), self.reader.bare(ResourceRow::Group(group)))
            }
        };
        let items = users.into_iter().map(with_groups).collect();
        self.meeting(items, MemoryPermit::default()).await
    }

    async fn next_groups(&mut self) -> Result<Vec<FilterMatch>, ApiError> {
        let with_members = self.excerpt.mentions("members");
        let amount = (if with_members { COMPLETED_ROWS } else { ROWS }, BYTES);
        let portion = self.reader.groups(self.condition, &self.after, amount, self.reading).await?;
        self.is_done = portion.is_last;
        if let Some(last) = portion.rows.last() {
            self.after.clone_from(&last.id);
        }
        if !with_members {
            let bare =
                |group: ScimGroup| (ResourceRow::Group(group.clone()), self.reader.bare(ResourceRow::Group(group)));
            return self.meeting(portion.rows.into_iter().map(bare).collect(), MemoryPermit::default()).await;
        }
        let mut matches = Vec::new();
        let (mut items, mut members) = (Vec::new(), 0);
        for group in portion.rows {
            // A large group is held against the filter alone.
            if members > 0 && members + group.member_count > MEMBERS {
                matches.extend(self.meeting(std::mem::take(&mut items), MemoryPermit::default()).await?);
                members = 0;
            }
            members += group.member_count;
            let memory = if group.member_count > MEMBERS {
                let values = group.member_count.unsigned_abs().saturating_mul(MEMBER_VALUE);
                Some(self.reader.budget().hold(values).await?)
            } else {
                None
            };
            let item = self.reader.group(group.clone(), self.reading).await?;
            items.push((ResourceRow::Group(group), item));
            if let Some(memory) = memory {
                matches.extend(self.meeting(std::mem::take(&mut items), memory).await?);
                members = 0;
            }
        }
        matches.extend(self.meeting(items, MemoryPermit::default()).await?);
        Ok(matches)
    }

    /// Those of the resources that meet the filter.
    async fn meeting(
        &self,
        items: Vec<(ResourceRow, ResourceView)>,
        memory: MemoryPermit,
    ) -> Result<Vec<FilterMatch>, ApiError> {
        if items.is_empty() {
            return Ok(Vec::new());
        }
        let part = Arc::clone(&self.part);
        let work = move |budget: &Budget| {
            let _memory = memory;
            let mut matches = Vec::new();
            let mut comparing = Comparing::new(&part, budget);
            for (row, item) in items {
                budget.check()?;
                if let Some(key) = comparing.meets(&item.to_map())? {
                    matches.push(FilterMatch { found: ScannedResource::Whole(row), key });
                }
            }
            Ok(matches)
        };
        self.reader.budget().compute(work).await
    }
}

/// Holds resources against the filter of a part, and charges the request's budget for it when it is dropped.
struct Comparing<'a> {
    part: &'a TypeQuery,
    budget: &'a Budget,
    /// What the request may still compare.
    left: ComparisonBudget,
    /// What it could when this began.
    before: u64,
}

impl<'a> Comparing<'a> {
    fn new(part: &'a TypeQuery, budget: &'a Budget) -> Self {
        let before = budget.comparisons_left();
        Self { part, budget, left: ComparisonBudget::new(before), before }
    }

    /// Does it meet the filter? If so, where it stands in the order.
    fn meets(&mut self, resource: &Map<String, Value>) -> Result<Option<Option<SortKey>>, ApiError> {
        let holds = match &self.part.filter {
            Some(filter) => filter.matches_within(resource, &mut self.left).map_err(|_| self.budget.too_many())?,
            None => true,
        };
        Ok(holds.then(|| self.part.sort.as_ref().map(|sort| sort.key(resource))))
    }
}

impl Drop for Comparing<'_> {
    fn drop(&mut self) {
        self.budget.compared(self.before - self.left.left());
    }
}
