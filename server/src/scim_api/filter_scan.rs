//! Scans: the resources that an index finds and that match the filter, a batch at a time. Rows are read under the team's long
//! read permit, and compared with the filter on a compute thread.

use super::{excerpt::Excerpt, query::TypeQuery};
use crate::{
    budget::{Budget, MemoryPermit},
    scim_api::{
        error::ApiError,
        query_plan::QueryPlan,
        resource_reader::{FIRST, ResourceReader},
        resource_view::ResourceView,
    },
};
use scim::{ResourceType, filter::ComparisonBudget, sort::SortKey};
use serde_json::{Map, Value};
use std::{borrow::Cow, sync::Arc};
use store::{Condition, LongReadPermit, ResultBatch, ScimGroup, ScimResource, StoreError, UserRow};

/// Upper bound of the rows of one read.
const ROWS: usize = 2_000;
/// Upper bound of the bytes of one read.
const BYTES: usize = 1024 * 1024;
/// Upper bound of the rows of one read that adds values from other tables to each row.
const COMPLETED_ROWS: usize = 200;
/// Upper bound of the group members that are compared at once. A larger group is compared alone.
const MEMBERS: i64 = 5_000;
/// The memory of a group member as a JSON value, in bytes.
const MEMBER_VALUE: u64 = 700;
/// The rows between two checks of the request's budget.
const STEP: usize = 256;
/// The rows that a narrow condition usually finds at most.
const FEW: u64 = 200;

/// A resource that matches the filter, and its sort key.
pub(super) struct FilterMatch {
    pub(super) resource: ScannedResource,
    pub(super) key: Option<SortKey>,
}

/// A resource that was read, in whole or with the columns that the filter needs.
pub(super) enum ScannedResource {
    Lean(UserRow),
    Whole(ScimResource),
}

impl ScannedResource {
    pub(super) fn id(&self) -> Result<Cow<'_, str>, StoreError> {
        match self {
            ScannedResource::Lean(row) => row.id(),
            ScannedResource::Whole(row) => Ok(Cow::Borrowed(row.id())),
        }
    }

    pub(super) fn into_row(self) -> Result<ScimResource, StoreError> {
        match self {
            ScannedResource::Lean(row) => row.read().map(ScimResource::User),
            ScannedResource::Whole(row) => Ok(row),
        }
    }
}

/// A scan of one part of a query.
struct FilterScan<'a> {
    reader: &'a ResourceReader<'a>,
    part: Arc<TypeQuery>,
    excerpt: Arc<Excerpt>,
    condition: &'a Condition,
    after: String,
    /// The next batch, which was read while the one before it was compared.
    prefetched: Option<ResultBatch<UserRow>>,
    is_done: bool,
}

/// All matches of a narrow condition, without the long read permit. `None`: the condition is wide, or finds many rows.
async fn few(
    reader: &ResourceReader<'_>,
    part: &Arc<TypeQuery>,
    plan: &QueryPlan,
) -> Result<Option<Vec<FilterMatch>>, ApiError> {
    let excerpt = Excerpt::of(part.filter.as_ref(), part.sort.as_ref());
    if part.kind != ResourceType::User || !plan.condition.is_narrow() || !excerpt.is_of_document() {
        return Ok(None);
    }
    let Some(users) = reader.read_few(&plan.condition, FEW).await? else { return Ok(None) };
    let mut matches = Vec::new();
    let mut matcher = Matcher::new(part, reader.budget());
    for user in users {
        let map = excerpt.read(&user.document, user.id.as_str(), user.active).unwrap_or_default();
        if let Some(key) = matcher.matches(&map)? {
            matches.push(FilterMatch { resource: ScannedResource::Whole(ScimResource::User(user)), key });
        }
    }
    Ok(Some(matches))
}

/// A scan of all parts of a query.
pub(super) struct QueryScan<'a> {
    reader: &'a ResourceReader<'a>,
    parts: &'a [Arc<TypeQuery>],
    plans: &'a [QueryPlan],
    /// The index of the part that is being read.
    part: usize,
    scan: Option<FilterScan<'a>>,
    /// Acquired for the first part that needs it, and held until the scan is dropped.
    permit: Option<LongReadPermit>,
}

impl<'a> QueryScan<'a> {
    pub(super) fn new(reader: &'a ResourceReader<'a>, parts: &'a [Arc<TypeQuery>], plans: &'a [QueryPlan]) -> Self {
        Self { reader, parts, plans, part: 0, scan: None, permit: None }
    }

    /// The next matches and the index of their part. `None`: the scan is complete.
    pub(super) async fn next(&mut self) -> Result<Option<(usize, Vec<FilterMatch>)>, ApiError> {
        while let (Some(part), Some(plan)) = (self.parts.get(self.part), self.plans.get(self.part)) {
            if self.scan.is_none()
                && let Some(matches) = few(self.reader, part, plan).await?
            {
                self.part += 1;
                return Ok(Some((self.part - 1, matches)));
            }
            if self.permit.is_none() {
                self.permit = Some(self.reader.budget().read().await?);
            }
            let Some(permit) = &self.permit else { break };
            let scan = self.scan.get_or_insert_with(|| FilterScan::new(self.reader, part, plan));
            if let Some(matches) = scan.next(permit).await? {
                return Ok(Some((self.part, matches)));
            }
            self.scan = None;
            self.part += 1;
        }
        Ok(None)
    }
}

impl<'a> FilterScan<'a> {
    fn new(reader: &'a ResourceReader<'a>, part: &Arc<TypeQuery>, plan: &'a QueryPlan) -> Self {
        let excerpt = Arc::new(Excerpt::of(part.filter.as_ref(), part.sort.as_ref()));
        let (part, after) = (Arc::clone(part), FIRST.to_owned());
        Self { reader, part, excerpt, condition: &plan.condition, after, prefetched: None, is_done: false }
    }

    /// The matches of the next batch. `None`: the scan is complete.
    async fn next(&mut self, permit: &LongReadPermit) -> Result<Option<Vec<FilterMatch>>, ApiError> {
        if self.is_done {
            return Ok(None);
        }
        match self.part.kind {
            ResourceType::User if self.excerpt.is_of_document() => self.next_by_document(permit).await,
            ResourceType::User => self.next_users(permit).await,
            ResourceType::Group => self.next_groups(permit).await,
        }
        .map(Some)
    }

    /// Users whose document alone is compared.
    async fn next_by_document(&mut self, permit: &LongReadPermit) -> Result<Vec<FilterMatch>, ApiError> {
        let batch = match self.prefetched.take() {
            Some(batch) => batch,
            None => self.reader.read_users(self.condition, &self.after, (ROWS, BYTES), permit).await?,
        };
        self.is_done = batch.is_last;
        if let Some(last) = batch.rows.last() {
            self.after = last.id()?.into_owned();
        }
        let (part, excerpt) = (Arc::clone(&self.part), Arc::clone(&self.excerpt));
        let needs_active = excerpt.mentions("active");
        let work = move |budget: &Budget| {
            let mut matches = Vec::new();
            let mut matcher = Matcher::new(&part, budget);
            for (at, row) in batch.rows.into_iter().enumerate() {
                if at % STEP == 0 {
                    budget.check()?;
                }
                let active = if needs_active { row.active()? } else { None };
                let map = excerpt.read(&row.document()?, &row.id()?, active).unwrap_or_default();
                if let Some(key) = matcher.matches(&map)? {
                    matches.push(FilterMatch { resource: ScannedResource::Lean(row), key });
                }
            }
            Ok(matches)
        };
        let matches = self.reader.budget().compute(work);
        if self.is_done {
            return matches.await;
        }
        // The next batch is read meanwhile.
        let next = self.reader.read_users(self.condition, &self.after, (ROWS, BYTES), permit);
        let (matches, prefetched) = tokio::join!(matches, next);
        self.prefetched = Some(prefetched?);
        matches
    }

    /// Users with all values of a response.
    async fn next_users(&mut self, permit: &LongReadPermit) -> Result<Vec<FilterMatch>, ApiError> {
        let amount = (COMPLETED_ROWS, BYTES);
        let batch = self.reader.read_users(self.condition, &self.after, amount, permit).await?;
        let users: Result<Vec<ScimResource>, _> =
            batch.rows.iter().map(|row| row.read().map(ScimResource::User)).collect();
        let mut users = users?;
        self.is_done = batch.is_last;
        let mut groups = std::collections::HashMap::new();
        if self.excerpt.mentions("groups") {
            let count;
            (groups, count) = self.reader.read_groups_of(&users, Some(permit)).await?;
            self.is_done &= count >= users.len();
            users.truncate(count);
        }
        if let Some(last) = users.last() {
            last.id().clone_into(&mut self.after);
        }
        let with_groups = |row: ScimResource| match row {
            ScimResource::User(user) => {
                let groups = groups.remove(&user.id).unwrap_or_default();
                (ScimResource::User(user.clone()), self.reader.with_groups(user, groups))
            }
            ScimResource::Group(group) => {
                (ScimResource::Group(group.clone()), self.reader.without_relations(ScimResource::Group(group)))
            }
        };
        let resources = users.into_iter().map(with_groups).collect();
        self.matching(resources, MemoryPermit::default()).await
    }

    async fn next_groups(&mut self, permit: &LongReadPermit) -> Result<Vec<FilterMatch>, ApiError> {
        let with_members = self.excerpt.mentions("members");
        let amount = (if with_members { COMPLETED_ROWS } else { ROWS }, BYTES);
        let batch = self.reader.read_groups(self.condition, &self.after, amount, permit).await?;
        self.is_done = batch.is_last;
        if let Some(last) = batch.rows.last() {
            self.after.clone_from(&last.id);
        }
        if !with_members {
            let bare = |group: ScimGroup| {
                (ScimResource::Group(group.clone()), self.reader.without_relations(ScimResource::Group(group)))
            };
            return self.matching(batch.rows.into_iter().map(bare).collect(), MemoryPermit::default()).await;
        }
        let mut matches = Vec::new();
        let (mut resources, mut members) = (Vec::new(), 0);
        for group in batch.rows {
            // A large group is compared alone.
            if members > 0 && members + group.member_count > MEMBERS {
                matches.extend(self.matching(std::mem::take(&mut resources), MemoryPermit::default()).await?);
                members = 0;
            }
            members += group.member_count;
            let memory = if group.member_count > MEMBERS {
                let values = group.member_count.unsigned_abs().saturating_mul(MEMBER_VALUE);
                Some(self.reader.budget().hold(values).await?)
            } else {
                None
            };
            let resource = self.reader.read_group(group.clone(), permit).await?;
            resources.push((ScimResource::Group(group), resource));
            if let Some(memory) = memory {
                matches.extend(self.matching(std::mem::take(&mut resources), memory).await?);
                members = 0;
            }
        }
        matches.extend(self.matching(resources, MemoryPermit::default()).await?);
        Ok(matches)
    }

    /// The resources that match the filter.
    async fn matching(
        &self,
        resources: Vec<(ScimResource, ResourceView)>,
        memory: MemoryPermit,
    ) -> Result<Vec<FilterMatch>, ApiError> {
        if resources.is_empty() {
            return Ok(Vec::new());
        }
        let part = Arc::clone(&self.part);
        let work = move |budget: &Budget| {
            let _memory = memory;
            let mut matches = Vec::new();
            let mut matcher = Matcher::new(&part, budget);
            for (row, resource) in resources {
                budget.check()?;
                if let Some(key) = matcher.matches(&resource.to_map())? {
                    matches.push(FilterMatch { resource: ScannedResource::Whole(row), key });
                }
            }
            Ok(matches)
        };
        self.reader.budget().compute(work).await
    }
}

/// Compares resources with the filter of a part. Dropping it charges the request's budget.
struct Matcher<'a> {
    part: &'a TypeQuery,
    budget: &'a Budget,
    /// The comparisons that the request has left.
    comparisons: ComparisonBudget,
    /// The comparisons that it had left at the start.
    before: u64,
}

impl<'a> Matcher<'a> {
    fn new(part: &'a TypeQuery, budget: &'a Budget) -> Self {
        let before = budget.comparisons_left();
        Self { part, budget, comparisons: ComparisonBudget::new(before), before }
    }

    /// The sort key, if the resource matches.
    fn matches(&mut self, resource: &Map<String, Value>) -> Result<Option<Option<SortKey>>, ApiError> {
        let holds = match &self.part.filter {
            Some(filter) => {
                filter.matches_within(resource, &mut self.comparisons).map_err(|_| self.budget.too_many())?
            }
            None => true,
        };
        Ok(holds.then(|| self.part.sort.as_ref().map(|sort| sort.key(resource))))
    }
}

impl Drop for Matcher<'_> {
    fn drop(&mut self) {
        self.budget.compared(self.before - self.comparisons.remaining());
    }
}
