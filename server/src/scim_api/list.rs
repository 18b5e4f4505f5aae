//! Lists of resources. A query that an index answers is one statement. Any other is a [`QueryScan`], which keeps only the page
//! in memory, or its keys ([`sorted_list`]). A page ends where it is long enough in bytes.

use super::query::{Query, TypeQuery};
use crate::scim_api::{
    error::ApiError,
    filter_scan::{FilterMatch, QueryScan},
    list_page::{ListPage, PageEnd, PageWindow, complete, wants_relations},
    page_budget::PageBudget,
    prefetch::Prefetch,
    query_plan::{self, QueryPlan},
    resource_reader::{FIRST, ResourceReader, weight},
    resource_view::{Projected, ResourceView},
    sort_position::SortPosition,
    sorted_list,
};
use scim::{ListResponse, Paging, ScimError, cursor::CursorPage};
use std::sync::Arc;
use store::{Condition, ScimResource, ScimUser, SearchAttribute};

/// The page that the query asks for, and the budget that it used. `prefetch` was read together with the key, and may hold
/// the whole result.
pub(super) async fn list(
    reader: &ResourceReader<'_>,
    query: &Query,
    prefetch: Prefetch,
) -> Result<(ListResponse<ResponseResource>, PageBudget), ApiError> {
    let plans: Vec<QueryPlan> =
        query.parts.iter().map(|part| query_plan::of(part.filter.as_ref(), part.kind)).collect();
    let sorted = query.parts.iter().any(|part| part.sort.is_some());
    let window = window(query, sorted)?;
    let mut page_budget = PageBudget::new(reader.budget());
    let user = match plans.as_slice() {
        [QueryPlan { condition: Condition::Is(SearchAttribute::UserName, name), exact: true }] if !sorted => {
            prefetch.with_user_name(name)
        }
        _ => None,
    };
    let page = if let Some(user) = user.filter(|_| window.after.is_none()) {
        single(reader, &query.parts, user, &window, &mut page_budget).await?
    } else if sorted {
        sorted_list::sort(reader, &query.parts, &plans, &window, &mut page_budget).await?
    } else if plans.iter().all(|plan| plan.exact) {
        read_exact(reader, &query.parts, &plans, &window, &mut page_budget).await?
    } else {
        scan(reader, &query.parts, &plans, &window, &mut page_budget).await?
    };
    let ListPage { total, resources, next } = page;
    let resources = resources
        .into_iter()
        .filter_map(|(part, resource)| Some(ResponseResource(Arc::clone(query.parts.get(part)?), resource)));
    let resources = resources.collect();
    let page = match query.page {
        CursorPage::Index(paging) => ListResponse::page(paging, total, resources),
        CursorPage::Cursor { .. } => {
            let next = next.map(|place| query.fingerprint.cursor(&place));
            ListResponse::cursor_page(total, resources, next, None)
        }
    };
    Ok((page, page_budget))
}

/// A resource in a response, projected as its part of the query requires.
#[derive(Debug)]
pub(super) struct ResponseResource(Arc<TypeQuery>, ResourceView);

impl scim::resource::Write for ResponseResource {
    fn write(&self, json: &mut scim::resource::JsonWriter) {
        let Self(part, resource) = self;
        match part.projection.is_usual() {
            true => resource.write(json),
            false => Projected::new(resource, &part.projection).write(json),
        }
    }
}

fn window(query: &Query, sorted: bool) -> Result<PageWindow, ScimError> {
    Ok(match &query.page {
        CursorPage::Index(paging) => PageWindow { skip: Paging::offset(*paging), after: None, count: paging.count },
        CursorPage::Cursor { after: None, count } => PageWindow { skip: 0, after: None, count: *count },
        CursorPage::Cursor { after: Some(place), count } => {
            let after = match sorted {
                true => PageEnd::Key(SortPosition::parse(place, &query.parts)?),
                false => {
                    let (part, id) = place.split_once(':').unwrap_or(("0", place));
                    PageEnd::Id(part.parse().unwrap_or(0), id.to_owned())
                }
            };
            PageWindow { skip: 0, after: Some(after), count: *count }
        }
    })
}

/// The end of a page of an unsorted list.
fn page_end(resources: &[(usize, ResourceView)], more: bool) -> Option<String> {
    resources.last().filter(|_| more).map(|(part, resource)| format!("{part}:{}", resource.id()))
}

/// A list of at most one resource, which was prefetched.
async fn single(
    reader: &ResourceReader<'_>,
    parts: &[Arc<TypeQuery>],
    user: Option<ScimUser>,
    window: &PageWindow,
    page_budget: &mut PageBudget,
) -> Result<ListPage, ApiError> {
    let total = u64::from(user.is_some());
    let resources = user.filter(|_| window.skip == 0 && window.count > 0).map(|user| (0, ScimResource::User(user)));
    Ok(ListPage {
        total,
        resources: complete(reader, parts, resources.into_iter().collect(), page_budget).await?,
        next: None,
    })
}

/// A list that the database filters and cuts by itself.
async fn read_exact(
    reader: &ResourceReader<'_>,
    parts: &[Arc<TypeQuery>],
    plans: &[QueryPlan],
    window: &PageWindow,
    page_budget: &mut PageBudget,
) -> Result<ListPage, ApiError> {
    let (mut total, mut resources) = (0, Vec::new());
    let (mut more, mut is_full) = (false, false);
    for (number, (part, QueryPlan { condition, .. })) in parts.iter().zip(plans).enumerate() {
        let remaining = if is_full { 0 } else { window.count - resources.len() as u64 };
        let rows = match &window.after {
            // One statement returns the count and the rows.
            None => {
                let span = (window.skip.saturating_sub(total), remaining);
                let (count, rows, is_cut) = reader.read_page(part.kind, condition, span, page_budget).await?;
                let resources = if window.skip >= total + count { Vec::new() } else { rows };
                total += count;
                is_full |= is_cut;
                resources
            }
            Some(after) => {
                let (at, id) = match after {
                    PageEnd::Id(at, id) => (*at, id.as_str()),
                    PageEnd::Key(_) => (0, FIRST),
                };
                total += reader.read_page(part.kind, condition, (0, 0), page_budget).await?.0;
                if number < at || remaining == 0 {
                    more |= remaining == 0;
                    continue;
                }
                let after = if number == at { id } else { FIRST };
                let limit = usize::try_from(remaining).unwrap_or(usize::MAX - 1);
                let (rows, has_more) = reader.read_after(part.kind, condition, after, limit, page_budget).await?;
                more |= has_more;
                is_full |= has_more;
                rows
            }
        };
        let row_count = rows.len();
        let filled = reader.add_relations(rows, wants_relations(part), page_budget, None).await?;
        let is_short = filled.len() < row_count;
        (more, is_full) = (more || is_short, is_full || is_short);
        resources.extend(filled.into_iter().map(|resource| (number, resource)));
    }
    if window.after.is_none() {
        more = window.count > 0 && window.skip + (resources.len() as u64) < total;
    }
    Ok(ListPage { total, next: page_end(&resources, more), resources })
}

/// A list whose rows are compared with the filter in memory.
async fn scan(
    reader: &ResourceReader<'_>,
    parts: &[Arc<TypeQuery>],
    plans: &[QueryPlan],
    window: &PageWindow,
    page_budget: &mut PageBudget,
) -> Result<ListPage, ApiError> {
    let mut page = Gathered::default();
    let mut scan = QueryScan::new(reader, parts, plans);
    while let Some((number, matches)) = scan.next().await? {
        if let Some(part) = parts.get(number) {
            page.add(matches, number, part, window, page_budget).await?;
        }
    }
    // The read permit is released before anything else is read.
    drop(scan);
    let Gathered { total, rows, mut more, .. } = page;
    let row_count = rows.len();
    let resources = complete(reader, parts, rows, page_budget).await?;
    more |= resources.len() < row_count;
    Ok(ListPage { total, next: page_end(&resources, more), resources })
}

/// The page that a scan gathers.
#[derive(Default)]
struct Gathered {
    total: u64,
    /// The count of matches before the page.
    before: u64,
    rows: Vec<(usize, ScimResource)>,
    /// The size of these rows.
    bytes: usize,
    more: bool,
}

impl Gathered {
    async fn add(
        &mut self,
        matches: Vec<FilterMatch>,
        number: usize,
        part: &TypeQuery,
        window: &PageWindow,
        page_budget: &mut PageBudget,
    ) -> Result<(), ApiError> {
        for FilterMatch { resource, .. } in matches {
            self.total += 1;
            let early = match &window.after {
                Some(PageEnd::Id(at, id)) => (number, &*resource.id()?) <= (*at, id.as_str()),
                _ => self.before < window.skip,
            };
            if early {
                self.before += 1;
            } else if self.more || self.rows.len() as u64 >= window.count {
                self.more = window.count > 0;
            } else {
                let row = resource.into_row()?;
                // The budget takes the size when the page is filled. Here it only bounds the memory.
                self.bytes += weight(&row, wants_relations(part));
                if self.bytes > page_budget.remaining() && !page_budget.is_whole() {
                    page_budget.acquire().await?;
                }
                if self.bytes > crate::scim_api::page_budget::PAGE && !self.rows.is_empty() {
                    self.more = true;
                } else {
                    self.rows.push((number, row));
                }
            }
        }
        Ok(())
    }
}
