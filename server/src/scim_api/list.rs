//! Answering a query. What an index answers is one statement; anything else is one [`FilterScan`] over the rows, of which only
//! the page (or, [`sorted_list`], its keys) is kept in memory. A page ends where it is long enough in bytes.

use super::query::{Query, TypeQuery};
use crate::scim_api::{
    error::ApiError,
    prefetch::Prefetched,
    query_plan::{self, QueryPlan},
    resource_reader::{FIRST, ResourceReader, ResourceRow},
    resource_view::{Projected, ResourceView},
};
use crate::scim_api::{
    filter_scan::{self, FilterMatch, FilterScan},
    page_budget::PageBudget,
    sorted_list::{self, SortPosition},
};
use scim::{ListResponse, Paging, ScimError, cursor::CursorPage};
use std::sync::Arc;
use store::{Condition, ScimUser, SearchAttribute};

/// Which resources are wanted.
pub(super) struct PageWindow {
    /// So many are passed over.
    pub(super) skip: u64,
    /// Those after this place only.
    pub(super) after: Option<PageEnd>,
    pub(super) count: u64,
}

/// Where a page ends: in a list without an order, a part's number and an id.
pub(super) enum PageEnd {
    Id(usize, String),
    Key(SortPosition),
}

/// What a query found: the page, and the place where it ends if there is more.
pub(super) struct ListPage {
    pub(super) total: u64,
    /// With the number of their part.
    pub(super) items: Vec<(usize, ResourceView)>,
    pub(super) next: Option<String>,
}

/// The page that the query asks for, and the room that it takes. `ahead`: what was read beside the key, which may be all
/// of it.
pub(super) async fn list(
    reader: &ResourceReader<'_>,
    query: &Query,
    prefetched: Option<Prefetched>,
) -> Result<(ListResponse<ResponseResource>, PageBudget), ApiError> {
    let plans: Vec<QueryPlan> =
        query.parts.iter().map(|part| query_plan::of(part.filter.as_ref(), part.kind)).collect();
    let sorted = query.parts.iter().any(|part| part.sort.is_some());
    let window = window(query, sorted)?;
    let mut room = PageBudget::new(reader.budget());
    let known = match (plans.as_slice(), prefetched) {
        ([QueryPlan { condition: Condition::Is(SearchAttribute::UserName, name), exact: true }], Some(prefetched))
            if !sorted =>
        {
            prefetched.with_user_name(name)
        }
        _ => None,
    };
    let found = if let Some(user) = known.filter(|_| window.after.is_none()) {
        single(reader, &query.parts, user, &window, &mut room).await?
    } else if sorted {
        sorted_list::sort(reader, &query.parts, &plans, &window, &mut room).await?
    } else if plans.iter().all(|plan| plan.exact) {
        read_exact(reader, &query.parts, &plans, &window, &mut room).await?
    } else {
        scan(reader, &query.parts, &plans, &window, &mut room).await?
    };
    let ListPage { total, items, next } = found;
    let resources =
        items.into_iter().filter_map(|(part, item)| Some(ResponseResource(Arc::clone(query.parts.get(part)?), item)));
    let resources = resources.collect();
    let page = match query.page {
        CursorPage::Index(paging) => ListResponse::page(paging, total, resources),
        CursorPage::Cursor { .. } => {
            let next = next.map(|place| query.fingerprint.cursor(&place));
            ListResponse::cursor_page(total, resources, next, None)
        }
    };
    Ok((page, room))
}

/// A resource in an answer: what its part of the query wants of it.
#[derive(Debug)]
pub(super) struct ResponseResource(Arc<TypeQuery>, ResourceView);

impl scim::resource::Write for ResponseResource {
    fn write(&self, json: &mut scim::resource::JsonWriter) {
        let Self(part, item) = self;
        match part.projection.is_usual() {
            true => item.write(json),
            false => Projected::new(item, &part.projection).write(json),
        }
    }
}

/// Are groups of members, or members of groups, part of the answer?
pub(super) fn wants_relations(part: &TypeQuery) -> bool {
    part.projection.wants(relation(part))
}

fn relation(part: &TypeQuery) -> &'static str {
    match part.kind {
        scim::ResourceType::User => "groups",
        scim::ResourceType::Group => "members",
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

/// Where a page without an order ends.
fn place(items: &[(usize, ResourceView)], more: bool) -> Option<String> {
    items.last().filter(|_| more).map(|(part, item)| format!("{part}:{}", item.id()))
}

/// There is one resource at most, and it was read already.
async fn single(
    reader: &ResourceReader<'_>,
    parts: &[Arc<TypeQuery>],
    user: Option<ScimUser>,
    window: &PageWindow,
    room: &mut PageBudget,
) -> Result<ListPage, ApiError> {
    let total = u64::from(user.is_some());
    let resources = user.filter(|_| window.skip == 0 && window.count > 0).map(|user| (0, ResourceRow::User(user)));
    Ok(ListPage { total, items: complete(reader, parts, resources.into_iter().collect(), room).await?, next: None })
}

/// The database answers it all.
async fn read_exact(
    reader: &ResourceReader<'_>,
    parts: &[Arc<TypeQuery>],
    plans: &[QueryPlan],
    window: &PageWindow,
    room: &mut PageBudget,
) -> Result<ListPage, ApiError> {
    let (mut total, mut items) = (0, Vec::new());
    let (mut more, mut is_full) = (false, false);
    for (number, (part, QueryPlan { condition, .. })) in parts.iter().zip(plans).enumerate() {
        let left = if is_full { 0 } else { window.count - items.len() as u64 };
        let rows = match &window.after {
            // By number: one statement says how many there are, and which.
            None => {
                let span = (window.skip.saturating_sub(total), left);
                let (found, rows, is_cut) = reader.page(part.kind, condition, span, room).await?;
                let resources = if window.skip >= total + found { Vec::new() } else { rows };
                total += found;
                is_full |= is_cut;
                resources
            }
            Some(after) => {
                let (at, id) = match after {
                    PageEnd::Id(at, id) => (*at, id.as_str()),
                    PageEnd::Key(_) => (0, FIRST),
                };
                total += reader.page(part.kind, condition, (0, 0), room).await?.0;
                if number < at || left == 0 {
                    more |= left == 0;
                    continue;
                }
                let after = if number == at { id } else { FIRST };
                let limit = usize::try_from(left).unwrap_or(usize::MAX - 1);
                let (rows, has_more) = reader.after(part.kind, condition, after, limit, room).await?;
                more |= has_more;
                is_full |= has_more;
                rows
            }
        };
        let wanted = rows.len();
        let filled = reader.fill(rows, wants_relations(part), room, None).await?;
        let is_short = filled.len() < wanted;
        (more, is_full) = (more || is_short, is_full || is_short);
        items.extend(filled.into_iter().map(|item| (number, item)));
    }
    if window.after.is_none() {
        more = window.count > 0 && window.skip + (items.len() as u64) < total;
    }
    Ok(ListPage { total, next: place(&items, more), items })
}

/// Everything that an index finds is held against the filter.
async fn scan(
    reader: &ResourceReader<'_>,
    parts: &[Arc<TypeQuery>],
    plans: &[QueryPlan],
    window: &PageWindow,
    room: &mut PageBudget,
) -> Result<ListPage, ApiError> {
    let mut page = Gathered::default();
    let mut turn = None;
    for (number, (part, plans)) in parts.iter().zip(plans).enumerate() {
        if let Some(matches) = filter_scan::few(reader, part, plans).await? {
            page.add(matches, number, part, window, room).await?;
            continue;
        }
        if turn.is_none() {
            turn = Some(reader.budget().read().await?);
        }
        let Some(reading) = &turn else { continue };
        let mut pass = FilterScan::new(reader, part, plans, reading);
        while let Some(matches) = pass.next().await? {
            page.add(matches, number, part, window, room).await?;
        }
    }
    // The turn goes back before anything else is read.
    drop(turn);
    let Gathered { total, kept, mut more, .. } = page;
    let wanted = kept.len();
    let items = complete(reader, parts, kept, room).await?;
    more |= items.len() < wanted;
    Ok(ListPage { total, next: place(&items, more), items })
}

/// The page that a pass gathers.
#[derive(Default)]
struct Gathered {
    total: u64,
    /// How many that meet the filter were passed over.
    before: u64,
    kept: Vec<(usize, ResourceRow)>,
    /// Of those that are kept.
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
        room: &mut PageBudget,
    ) -> Result<(), ApiError> {
        for FilterMatch { found, .. } in matches {
            self.total += 1;
            let early = match &window.after {
                Some(PageEnd::Id(at, id)) => (number, &*found.id()?) <= (*at, id.as_str()),
                _ => self.before < window.skip,
            };
            if early {
                self.before += 1;
            } else if self.more || self.kept.len() as u64 >= window.count {
                self.more = window.count > 0;
            } else {
                let row = found.into_row()?;
                // Once more when the page is filled, where it counts for the answer.
                self.bytes += row.weight(wants_relations(part));
                if self.bytes > room.unasked() && !room.is_whole() {
                    room.ask().await?;
                }
                if self.bytes > crate::scim_api::page_budget::PAGE && !self.kept.is_empty() {
                    self.more = true;
                } else {
                    self.kept.push((number, row));
                }
            }
        }
        Ok(())
    }
}

/// Adds the values from other tables to the first rows, as many as there is room for.
pub(super) async fn complete(
    reader: &ResourceReader<'_>,
    parts: &[Arc<TypeQuery>],
    rows: Vec<(usize, ResourceRow)>,
    room: &mut PageBudget,
) -> Result<Vec<(usize, ResourceView)>, ApiError> {
    let mut items = Vec::with_capacity(rows.len());
    let mut run: Vec<ResourceRow> = Vec::new();
    let mut rows = rows.into_iter().peekable();
    while let Some((number, row)) = rows.next() {
        run.push(row);
        // Neighbouring rows of one part are completed together.
        if rows.peek().is_none_or(|(next, _)| *next != number) {
            let relations = parts.get(number).is_some_and(|part| wants_relations(part));
            let wanted = run.len();
            let filled = reader.fill(std::mem::take(&mut run), relations, room, None).await?;
            let is_short = filled.len() < wanted;
            items.extend(filled.into_iter().map(|item| (number, item)));
            if is_short {
                return Ok(items);
            }
        }
    }
    Ok(items)
}
